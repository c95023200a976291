/** What a screen says of messages and commands is so: the built program in a real terminal. */
import {expect, onTestFinished, test} from 'vitest';
import {hears} from './conversation.ts';
import {gathering} from './gathering.ts';
import {alt, key} from './keys.ts';
import {chatTui} from './processes.ts';
import type {Terminal} from './terminal.ts';

const people = gathering();

/** Alice in front of a screen. */
async function seated(protocol = 'res302'): Promise<Terminal> {
  const address = people.hub.addressOf(protocol);
  const terminal = chatTui(['--server', address, '--nick', 'alice'], {columns: 120, rows: 40});
  onTestFinished(() => terminal.dispose());
  await terminal.waitFor('●');
  return terminal;
}

function shows(terminal: Terminal, text: string): boolean {
  return terminal.screen().some(row => row.includes(text));
}

test('a text that a frozen hub reads later is not confirmed, then delivered; what is written meanwhile goes out', async () => {
  const alice = await seated();
  const bob = await people.connected('res302', 'bob');
  people.hub.signal('SIGSTOP');
  alice.write(`into the void${key.enter}`);
  await alice.waitFor(/into the void +✗/);
  await alice.waitFor('Not confirmed: the hub does not answer');
  alice.write(`one more${key.enter}`);
  await alice.waitFor(/one more +…/);
  alice.write(`and another${key.enter}`);
  await alice.waitFor(/and another +…/);
  expect(alice.screen().filter(row => row.includes('goes out when the hub is back'))).toHaveLength(
    1,
  );
  people.hub.signal('SIGCONT');
  await alice.waitFor(/into the void +✓/);
  await alice.waitFor(/one more +✓/);
  await alice.waitFor(/and another +✓/);
  expect(shows(alice, 'Not confirmed')).toBe(false);
  expect(shows(alice, 'goes out when')).toBe(false);
  for (const text of ['into the void', 'one more', 'and another']) {
    await hears(bob, 'alice', text, 'public');
  }
});

test('a member who was frozen confirms late: the count is shown, and becomes ✓✓', async () => {
  const alice = await seated();
  const bob = await people.connected('res302', 'bob');
  const carl = await people.connected('res302', 'carl');
  await alice.waitFor('carl');
  alice.write(`/invite bob carl --decentralised${key.enter}`);
  for (const guest of [bob, carl]) {
    await guest.next('invitation');
    guest.write('/accept');
    await guest.next('room-entered');
  }
  await alice.waitFor(/with bob, carl|with carl, bob|(bob|carl) came/);
  await alice.waitFor(/room · peer to peer · .*(bob.*carl|carl.*bob)/);
  carl.signal('SIGSTOP');
  alice.write(`carl is frozen${key.enter}`);
  await alice.waitFor(/carl is frozen +⟳ ?1\/2/);
  // Its journey shows while it is tried what becomes of it.
  alice.write(alt('2') + key.up + key.enter);
  await alice.waitFor('the journey of “carl is frozen”');
  await alice.waitFor(/bob +●.*✓ has it, after/);
  await alice.waitFor(/carl +●╌+⟳.*try, no answer/);
  await alice.waitFor(/carl is frozen +✗ 1\/2/);
  await alice.waitFor(/carl +●.*✗ +✗ tried until/);
  alice.write(key.tab);
  await alice.waitFor(/ACK = 0, to be confirmed {3}1 bit/);
  await alice.waitFor('Not confirmed by carl');
  carl.signal('SIGCONT');
  await alice.waitFor(/carl is frozen +✓✓/);
  await alice.waitFor(/✗ ✓ +✓ has it, late/);
  alice.write(key.escape);
  await alice.waitFor(rows => !rows.some(row => row.includes('the journey of')));
  expect(shows(alice, 'Not confirmed')).toBe(false);
});

test('what has not arrived at the end of the program is said on the way out', async () => {
  const alice = await seated();
  people.hub.signal('SIGSTOP');
  alice.write(`into the void${key.enter}`);
  await alice.waitFor(/into the void +✗/);
  alice.write(`too late${key.enter}`);
  await alice.waitFor(/too late +…/);
  alice.write(`/quit${key.enter}`);
  await alice.exited;
  const rows = alice.screen().map(row => row.trimEnd());
  expect(rows[rows.indexOf('Never sent:') + 1]).toBe('  too late');
  expect(rows[rows.indexOf('Not confirmed:') + 1]).toBe('  into the void');
});

test('a command that failed leaves no trace in the conversation, and Tab takes the one that was meant', async () => {
  const alice = await seated();
  alice.write(`/serach hello${key.enter}`);
  await alice.waitFor('There is no /serach: Tab takes /search');
  alice.write('\t');
  await alice.waitFor(/▸ \/search hello/);
  expect(shows(alice, 'serach')).toBe(false);
  alice.write(key.enter);
  await alice.waitFor('Nobody has written hello here');
  alice.write(`/leave${key.enter}`);
  await alice.waitFor('You are in the public room');
  alice.write(`\u001b/stats${key.enter}`);
  await alice.waitFor('messages sent');
  expect(shows(alice, 'You are in the public room')).toBe(false);
});

// Datagrams have no back-pressure: where everything is slow, the hub's queue for a reader overflows all the same.
test.each(['res302', 'shen', 'messagerie'])(
  'a fast talker does not cost a screen over %s its place',
  {retry: 2, timeout: 60_000},
  async protocol => {
    const alice = await seated(protocol);
    const bob = await people.connected('res302', 'bob');
    const texts = Array.from({length: 1500}, (_, index) => `flood ${index} of a fast talker`);
    for (const text of texts) bob.write(text);
    await alice.waitFor('flood 1499 of', {timeoutMs: 40_000});
    expect(shows(alice, 'does not answer')).toBe(false);
  },
);
