/** Conversations with one person, and finding what one has missed, in the built program. */
import {expect, onTestFinished, test} from 'vitest';
import {hears, say} from './conversation.ts';
import {gathering} from './gathering.ts';
import {alt, ctrl, key} from './keys.ts';
import {chatTui} from './processes.ts';

const people = gathering();

test.each([104, 50])(
  'a direct message is found, and answered to that person alone, at %d columns',
  async columns => {
    const bob = await people.connected('shen', 'bob');
    const carol = await people.connected('shen', 'carol');
    const args = ['--server', people.hub.addressOf('shen'), '--nick', 'alice'];
    const alice = chatTui(args, {columns, rows: 20});
    onTestFinished(() => alice.dispose());
    await alice.waitFor('●');

    await say(bob, 'psst', '/msg alice psst');
    await alice.waitFor('+1');
    expect(alice.raw.split('\u0007').length).toBeGreaterThan(1);
    alice.write(alt('a'));
    await alice.waitFor('1 new');
    await alice.waitFor('bob ▸');
    alice.write('entre nous');
    await alice.waitFor('▸ entre nous');
    alice.write(key.enter);
    await hears(bob, 'alice', 'entre nous', 'direct');

    alice.write(ctrl('g'));
    await alice.waitFor('Go to:');
    alice.write('pub');
    await alice.waitFor('Go to: pub');
    alice.write(key.enter);
    await alice.waitFor('public ▸');
    alice.write('to all');
    await alice.waitFor('▸ to all');
    alice.write(key.enter);
    await hears(carol, 'alice', 'to all', 'public');
    await hears(bob, 'alice', 'to all', 'public');

    alice.write(alt('5'));
    await alice.waitFor('bob ▸');
    alice.write('/close');
    await alice.waitFor('▸ /close');
    alice.write(key.enter);
    await alice.waitFor('public ▸');
  },
  60_000,
);

test('what comes while another window has the focus is below a rule, and in the title', async () => {
  const bob = await people.connected('res302', 'bob');
  const args = ['--server', people.hub.addressOf('res302'), '--nick', 'alice'];
  const alice = chatTui(args, {columns: 80, rows: 20});
  onTestFinished(() => alice.dispose());
  await alice.waitFor('●');
  const [focusIn, focusOut] = ['\u001B[I', '\u001B[O'];

  await say(bob, 'before');
  await alice.waitFor('before');
  alice.write(focusOut);
  await say(bob, 'one');
  await say(bob, 'alice, two');
  const rows = await alice.waitFor('2 new');
  const indexOf = (text: string) => rows.findIndex(row => row.includes(text));
  expect(indexOf('before')).toBeLessThan(indexOf('2 new'));
  expect(indexOf('2 new')).toBeLessThan(indexOf('one'));
  await alice.waitFor(() => alice.state().title.includes('2'));
  alice.write(focusIn);
  await alice.waitFor(() => alice.state().title === 'chat-tui');
  await say(bob, 'three');
  await alice.waitFor('three');
  expect((await alice.waitFor('2 new')).join('')).not.toContain('3 new');
}, 60_000);
