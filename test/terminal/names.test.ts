/** Texts reach the right person in the built program, with names that are hard to type and names that look like others. */
import {createServer, type Socket} from 'node:net';
import {expect, onTestFinished, test} from 'vitest';
import {hears} from './conversation.ts';
import {gathering} from './gathering.ts';
import {alt, key} from './keys.ts';
import {chatTui} from './processes.ts';
import type {Terminal} from './terminal.ts';

const people = gathering();

async function enter(server: string, nick = 'alice'): Promise<Terminal> {
  const size = {columns: 120, rows: 30};
  const terminal = chatTui(['--server', server, '--nick', nick], size);
  onTestFinished(() => terminal.dispose());
  await terminal.waitFor('●');
  return terminal;
}

test('Tab, quotes and the list of users reach nicknames with spaces, commas and dashes', async () => {
  const nicks = ['jean', 'jean paul', 'a,b', '-bob'];
  const clients = new Map(
    await Promise.all(
      nicks.map(async nick => {
        const client = people.run('--server', people.hub.addressOf('cosp'), `--nick=${nick}`);
        await client.next('connected');
        return [nick, client] as const;
      }),
    ),
  );
  const alice = await enter(people.hub.addressOf('cosp'));
  await alice.waitFor('Here 5');
  /** Each part is typed when what was typed before is on the screen. */
  const reaches = async (nick: string, text: string, ...parts: (readonly [string, string])[]) => {
    for (const [typed, seen] of parts) {
      alice.write(typed);
      await alice.waitFor(`▸ ${seen}`);
    }
    alice.write(key.enter);
    const client = clients.get(nick);
    if (client === undefined) throw new Error(nick);
    await hears(client, 'alice', text, 'direct');
    await alice.waitFor('▸ type a message');
  };
  const typed = (line: string) => [line, line] as const;
  await reaches('jean paul', 'un', typed('/msg jean paul un'));
  await reaches('jean', 'paul deux', typed('/msg "jean" paul deux'));
  for (const [nick, beginning, completed] of [
    ['jean paul', 'jean p', '"jean paul"'],
    ['a,b', 'a,', '"a,b"'],
    ['-bob', '-b', '"-bob"'],
  ] as const) {
    await reaches(
      nick,
      'trois',
      typed(`/msg ${beginning}`),
      ['\t', `/msg ${completed}`],
      ['trois', `/msg ${completed} trois`],
    );
  }

  // -bob is first in the list; Enter opens the conversation with them.
  alice.write(alt('3'));
  await alice.waitFor('▸-bob');
  alice.write(key.enter);
  await alice.waitFor('-bob ▸');
  alice.write(`quatre${key.enter}`);
  const bob = clients.get('-bob');
  if (bob === undefined) throw new Error('-bob');
  await hears(bob, 'alice', 'quatre', 'direct');
});

/** A hub of whoiam that lets everybody in, with people whom another hub would not let in. */
async function foreignHub(nicks: readonly string[]) {
  const lines: string[] = [];
  let socket: Socket | undefined;
  const server = createServer(accepted => {
    socket = accepted;
    accepted.setEncoding('utf8').on('error', () => {});
    accepted.write('WHO\n');
    let pending = '';
    accepted.on('data', (text: string) => {
      pending += text;
      const read = pending.split('\n');
      pending = read.pop() ?? '';
      for (const line of read) {
        if (line.startsWith('IAM ')) accepted.write(`ARR ${line.slice(4)}\n`);
        else if (line === 'WHO') accepted.write(`WHO alice ${nicks.join(' ')}\n`);
        else lines.push(line);
      }
    });
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    socket?.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    address: `whoiam://127.0.0.1:${address.port}`,
    lines,
    say: (line: string) => socket?.write(`${line}\n`),
  };
}

test('at a hub that lets look-alikes in, each is a row of its own, and an answer goes to the one who wrote', async () => {
  const hub = await foreignHub(['zoe', 'zoe\u200b', 'z\u043ee', '\u202eeoz', '\u3164']);
  const alice = await enter(hub.address);
  const rows = await alice.waitFor('Here 6');
  for (const label of ['zoe ', 'zoe\ufffd', 'z\u043ee#2', '\ufffdeoz']) {
    expect(rows.some(row => row.slice(95).includes(label))).toBe(true);
  }
  expect(rows.join('\n')).toContain('z\u043ee#2 is not zoe,');
  const asked = (line: string) => alice.waitFor(() => hub.lines.includes(line));

  hub.say('PRV z\u043ee psst');
  await alice.waitFor('z\u043ee#2 +1');
  alice.write(`/reply oui${key.enter}`);
  await asked('PRV z\u043ee oui');
  alice.write(`/msg zoe non${key.enter}`);
  await asked('PRV zoe non');
  alice.write(`/msg z\u043ee#2 peut-être${key.enter}`);
  await asked('PRV z\u043ee peut-être');

  alice.write(`/ignore zoe${key.enter}`);
  await alice.waitFor('What zoe writes is not shown');
  hub.say('MSG zoe silence');
  hub.say('MSG zoe\u200b bruit');
  const heard = await alice.waitFor('bruit');
  expect(heard.join('\n')).not.toContain('silence');

  hub.say('ARR ZOE');
  await alice.waitFor('ZOE#3 came');
});
