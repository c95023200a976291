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
