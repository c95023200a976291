/** Where a text goes, in the built program. */
import {expect, onTestFinished, test} from 'vitest';
import {hears, say} from './conversation.ts';
import {gathering} from './gathering.ts';
import {alt, key, paste} from './keys.ts';
import {chatTui} from './processes.ts';
import type {Terminal} from './terminal.ts';

const people = gathering();

/** A full-screen client that has arrived. */
async function enter(protocol: string, nick: string): Promise<Terminal> {
  const size = {columns: 104, rows: 30};
  const args = ['--server', people.hub.addressOf(protocol), '--nick', nick];
  const terminal = chatTui(args, size);
  onTestFinished(() => terminal.dispose());
  await terminal.waitFor('●');
  return terminal;
}

const asked = /Enter sends \d+ messages to /;

/** Texts that somebody has heard by the time they hear that one. */
async function heardBefore(reader: Awaited<ReturnType<typeof people.connected>>, last: string) {
  const texts: string[] = [];
  for (;;) {
    const {text} = await reader.next('message');
    if (text === last) return texts;
    texts.push(text);
  }
}

test('lines that are pasted behind /msg are read by that person alone', async () => {
  const bob = await people.connected('shen', 'bob');
  const carol = await people.connected('shen', 'carol');
  const alice = await enter('shen', 'alice');

  alice.write('/msg bob ');
  await alice.waitFor('▸ /msg bob');
  alice.write(paste('secret one\nsecret two'));
  await alice.waitFor('Enter sends 2 messages to bob alone');
  alice.write(key.enter);
  await hears(bob, 'alice', 'secret one', 'direct');
  await hears(bob, 'alice', 'secret two', 'direct');

  alice.write('/reply ');
  await say(bob, 'psst', '/msg alice psst');
  await alice.waitFor('5 bob +1');
  alice.write('secret three\rsecret four\r');
  await alice.waitFor('Enter sends 2 messages to bob alone');
  alice.write(key.enter);
  await hears(bob, 'alice', 'secret three', 'direct');
  await hears(bob, 'alice', 'secret four', 'direct');

  alice.write('/nick ');
  await alice.waitFor('▸ /nick');
  alice.write(paste('secret five\nsecret six'));
  await alice.waitFor('▸ /nick secret five');
  alice.write(key.enter);
  await alice.waitFor('/nick takes one line');
  alice.write(`\u0003that is all${key.enter}`);
  expect(await heardBefore(carol, 'that is all')).toEqual([]);
});

test('several lines in one read are asked about, a tab and a slash in them are characters', async () => {
  const bob = await people.connected('res302', 'bob');
  const alice = await enter('res302', 'alice');

  alice.write('b\tx\rhello\r/quit\r');
  await alice.waitFor('Enter sends 3 messages to everybody');
  alice.write(key.enter);
  for (const text of ['b    x', 'hello', '/quit']) await hears(bob, 'alice', text, 'public');

  alice.write(`b${key.tab}`);
  await alice.waitFor('▸ bob:');
  alice.write(`salut${key.enter}`);
  await hears(bob, 'alice', 'bob: salut', 'public');
});

test('after /quit nothing is sent, on the screen and without one', async () => {
  const bob = await people.connected('res302', 'bob');
  const alice = await enter('res302', 'alice');
  alice.write(`/quit${key.enter}after${key.enter}`);
  alice.write(`after${key.enter}`);
  expect((await alice.exited).code).toBe(0);

  const carol = await people.connected('res302', 'carol');
  carol.write('a\u2028/quit\nb\r/quit\n/quit\nafter');
  await carol.exited;
  const dave = await people.connected('res302', 'dave');
  dave.write('the end');
  expect(await heardBefore(bob, 'the end')).toEqual(['a\u2028/quit', 'b\r/quit']);
});

test('what was said in a private room is not offered in public', async () => {
  const bob = await people.connected('messagerie', 'bob');
  const alice = await enter('messagerie', 'alice');
  alice.write(`for all${key.enter}`);
  await hears(bob, 'alice', 'for all', 'public');
  alice.write(`/create den${key.enter}`);
  await alice.waitFor('den · by hub');
  alice.write(`pw is 1234${key.enter}`);
  await alice.waitFor(/alice[ │|]+pw is 1234 +✓/);
  alice.write(`/leave${key.enter}`);
  await alice.waitFor('You left the private room');
  alice.write(key.up);
  await alice.waitFor('public ▸ /leave');
  alice.write(key.up);
  await alice.waitFor('public ▸ /create den');
  alice.write(key.up);
  await alice.waitFor('public ▸ for all');
});

test('a draft is there again after a walk through what was sent, and pasted lines are in it', async () => {
  const bob = await people.connected('res302', 'bob');
  const alice = await enter('res302', 'alice');
  alice.write(paste('first\nsecond'));
  await alice.waitFor(asked);
  alice.write(key.enter);
  await hears(bob, 'alice', 'second', 'public');
  alice.write('my draft');
  await alice.waitFor('▸ my draft');
  alice.write(key.up);
  await alice.waitFor(
    rows => rows.some(row => /▸ first$/.test(row)) && rows.some(row => /^ +second$/.test(row)),
  );
  alice.write(key.backspace);
  await alice.waitFor(rows => rows.some(row => /^ +secon$/.test(row)));
  alice.write(key.down);
  await alice.waitFor('▸ my draft');
});

test('a paste of 20,003 characters is whole, and its size is said', async () => {
  const alice = await enter('res302', 'alice');
  alice.write(paste('w'.repeat(20_003)));
  await alice.waitFor('wwww');
  alice.write(key.enter);
  await alice.waitFor('it has 20003 bytes');
  alice.write('\u0003');
  alice.write(paste('w'.repeat(300_000)));
  await alice.waitFor('it has 300000 characters');
});

test('a text of two lines is two rows for those who read it, and in what is found', async () => {
  const alice = await enter('res302', 'alice');
  const bob = await enter('res302', 'bob');
  alice.write(`first${alt(key.enter)}second${key.enter}`);
  const hasBoth = (rows: readonly string[]) =>
    rows.some(
      (row, index) => /alice[ │|]+first/.test(row) && /^ +│ second/.test(rows[index + 1] ?? ''),
    );
  await bob.waitFor(hasBoth);
  await alice.waitFor(hasBoth);
  bob.write(`/search second${key.enter}`);
  await bob.waitFor(rows => rows.filter(row => /│ +second/.test(row)).length === 2);
});

test('where a text is one line, each line of a draft is one, and its author sees that', async () => {
  const bob = await people.connected('whoiam', 'bob');
  const alice = await enter('whoiam', 'alice');
  alice.write(`if x:${alt(key.enter)}  y${key.enter}`);
  await hears(bob, 'alice', 'if x:', 'public');
  await hears(bob, 'alice', '  y', 'public');
  await alice.waitFor(/alice[ │|]+if x: +✓/);
  await alice.waitFor(/│ +y +✓/);
});
