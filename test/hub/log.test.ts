import {describe, expect, test} from 'vitest';
import {Hub} from '../../source/hub/hub.ts';
import {createLog, type Log} from '../../source/hub/log.ts';
import {res302} from '../../source/protocols/res302/index.ts';
import {Random} from '../network/random.ts';
import {SimulatedNetwork} from '../network/simulated-network.ts';
import {hubEndpoint, SimulatedUser} from '../network/world.ts';

const from = {host: '192.0.2.7', port: 4711};

/** What a log writes, piece by piece. */
function written(isJson: boolean, story: (log: Log) => void): string[] {
  const pieces: string[] = [];
  story(createLog({isJson, write: piece => pieces.push(piece)}));
  return pieces;
}

const listener = {protocol: 'res302', transport: 'udp', host: '0.0.0.0', port: 30_200};

function session(log: Log): void {
  log.listening(listener);
  const sessions = log.of('res302');
  sessions.connected('alice', from);
  sessions.refused('alice', from, 'name-in-use');
  sessions.cut('alice', 'users', 255, 300);
  sessions.left('alice', from, 'silent');
  log.stopping('SIGTERM');
  log.stopped(3, new Map([['malformed', 2]]));
}

describe('as JSON', () => {
  test('each line is an object with what happened and when', () => {
    const lines = written(true, session);
    for (const line of lines) expect(line).toMatch(/^\{.*\}\n$/);
    const [, ...events] = lines.map(line => JSON.parse(line));
    expect(events).toMatchObject([
      {level: 'info', type: 'connected', protocol: 'res302', nick: 'alice', ...from},
      {type: 'refused', protocol: 'res302', nick: 'alice', ...from, reason: 'name-in-use'},
      {type: 'cut', protocol: 'res302', nick: 'alice', list: 'users', told: 255, of: 300},
      {type: 'left', protocol: 'res302', nick: 'alice', ...from, reason: 'silent'},
      {level: 'info', type: 'stopping', signal: 'SIGTERM'},
      {level: 'info', type: 'stopped', users: 3},
    ]);
    for (const {at} of events) expect(new Date(at).toISOString()).toBe(at);
  });

  test('the line for a listener is exactly what programs wait for', () => {
    expect(written(true, log => log.listening(listener))).toEqual([
      '{"type":"listening","protocol":"res302","transport":"udp","host":"0.0.0.0","port":30200}\n',
    ]);
  });
});

describe('as text', () => {
  test('tells the story, one line for each thing', () => {
    const [first, ...lines] = written(false, session);
    expect(first).toBe('res302 udp 0.0.0.0:30200\n');
    expect(lines).toHaveLength(6);
    for (const line of lines) {
      expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d info \S.*\n$/);
    }
    expect(lines[0]).toContain('alice connected from 192.0.2.7:4711 (res302)');
    expect(lines[1]).toContain('name-in-use');
    expect(lines[2]).toContain('alice was told 255 of 300 users');
    expect(lines[3]).toContain('alice left: silent');
    expect(lines[4]).toContain('SIGTERM');
    expect(lines[5]).toContain('3');
  });

  test('says what somebody is called by others', () => {
    const aliases = new Map([
      ['res302', 'Zoe'],
      ['shen', 'Zoe2'],
    ]);
    const connect = (log: Log) => log.of('whoiam').connected('Zoë', from, aliases);
    expect(written(false, connect)[0]).toContain(
      'Zoë connected from 192.0.2.7:4711 (whoiam), Zoe in res302, Zoe2 in shen',
    );
    expect(JSON.parse(written(true, connect)[0] ?? '')).toMatchObject({
      nick: 'Zoë',
      aliases: {res302: 'Zoe', shen: 'Zoe2'},
    });
  });
});

const hostile = 'eve\u001b[2J\u001b]0;owned\u0007\r\nalice left: silent\u009b31m\u007f\u202e\u2028';

test('a log of JSON tells a nickname exactly', () => {
  const [line = ''] = written(true, log => log.of('whoiam').connected(hostile, from));
  expect(JSON.parse(line)).toMatchObject({nick: hostile});
});

describe.each([
  ['JSON', true],
  ['text', false],
] as const)('a hostile nickname in a log of %s', (_form, isJson) => {
  test.each<[string, (log: Log) => void]>([
    ['connects', log => log.of('whoiam').connected(hostile, from)],
    ['is refused', log => log.of('whoiam').refused(hostile, from, 'name-invalid')],
    ['leaves', log => log.of('whoiam').left(hostile, from, 'disconnected')],
  ])('that %s is one line that acts on no terminal', (_what, story) => {
    const text = written(isJson, story).join('');
    expect(text.trimEnd()).not.toContain('\n');
    expect(text).toContain('eve');
    expect(text.slice(0, -1)).not.toMatch(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: this is what must not be written
      /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/,
    );
  });
});

describe('what somebody wrote', () => {
  const alice = {host: '198.51.100.1', port: 4711};
  const bob = {host: '198.51.100.2', port: 4711};

  /** Two clients and a hub, with a log of that form, on a network that loses nothing. */
  function chat(isJson: boolean) {
    const pieces: string[] = [];
    const network = new SimulatedNetwork(new Random(1));
    const send = network.sender(hubEndpoint);
    const hub = new Hub({
      protocols: [res302],
      log: createLog({isJson, write: piece => pieces.push(piece)}).of,
      send: (_protocol, datagram, to) => send(datagram, to),
    });
    network.attach(hubEndpoint, {
      get dueAt() {
        return hub.dueAt;
      },
      receive: (datagram, sender, now) => hub.receive(res302, datagram, sender, now),
      onTime: now => hub.onTime(now),
    });
    return {pieces, network};
  }

  test.each([true, false])('is in no log (as JSON: %s)', isJson => {
    const {pieces, network} = chat(isJson);
    const [one, other] = [
      new SimulatedUser('alice', alice, res302, network, new Random(2)),
      new SimulatedUser('bob', bob, res302, network, new Random(3)),
    ];
    for (const user of [one, other]) user.start();
    network.run(1000);
    one.say('sesame');
    one.invite(['bob']);
    network.run(1000);
    other.answer('alice', true);
    network.run(1000);
    other.say('sesame in the room', 'room');
    network.run(1000);
    expect(other.texts()).toEqual(['alice: sesame']);
    expect(one.texts('room')).toEqual(['bob: sesame in the room']);
    other.close();
    network.run(1000);
    const text = pieces.join('');
    expect(text).toContain('alice');
    expect(text).toContain('disconnected');
    expect(text).not.toContain('sesame');
  });
});
