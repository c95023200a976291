import {expect} from 'vitest';
import {quietMs, type Setting, seesTruth, untilQuiet} from '../scenarios.ts';
import {hubEndpoint, type SimulatedUser, type World} from '../world.ts';
import {expectDelivered, longestText, sayAndWait} from './public-texts.ts';

const names = ['alice', 'bob', 'carl'] as const;

/** Time after which an unanswered request is over. */
const pendingMs = 5 * 60_000;

/** After this time a client that is cut off is gone. */
const noticedMs = 200_000;

/** Private connections between two users. */
export function links(setting: Setting): void {
  setting.scenario('accepting opens a link', names, ({alice, bob, carl}, world) => {
    ask(world, alice, bob);
    expect(bob.last('invitation')).toEqual({
      type: 'invitation',
      from: 'alice',
      mode: 'link',
      // Five seconds before it is over at the hub.
      lifetimeMs: 5 * 60_000 - 5000,
    });
    bob.answer('alice', true);
    untilLinked(world, alice, bob);
    world.run(quietMs);
    expect(alice.of('invitation-answer')).toMatchObject([{nick: 'bob', accepted: true}]);
    expectEnds(bob, 'alice', ['accepted']);
    expect(alice.of('link-opened')).toEqual([{type: 'link-opened', nick: 'bob'}]);
    expect(bob.of('link-opened')).toEqual([{type: 'link-opened', nick: 'alice'}]);
    expect([...carl.of('invitation'), ...carl.of('link-opened')]).toEqual([]);
  });

  setting.scenario('refusing opens none, and is no refusal for ever', names, (users, world) => {
    const {alice, bob} = users;
    ask(world, alice, bob);
    bob.answer('alice', false);
    world.until(() => alice.last('invitation-answer') !== undefined, 'the answer');
    expect(alice.of('invitation-answer')).toMatchObject([{nick: 'bob', accepted: false}]);
    world.run(quietMs);
    expectEnds(bob, 'alice', ['declined']);
    for (const user of [alice, bob]) expect(user.of('link-opened')).toEqual([]);
    link(world, bob, alice);
  });

  setting.scenario('nobody can be asked who is not there', names, ({alice}, world) => {
    expectRefusal(world, alice, () => alice.link('nobody'), 'no-such-user', 'nobody');
  });

  setting.scenario('nobody answers: the request is over', names, ({alice, bob}, world) => {
    ask(world, alice, bob);
    world.run(pendingMs + quietMs);
    expectEnds(bob, 'alice', ['expired']);
    expect(alice.of('invitation-answer')).toMatchObject([{nick: 'bob', accepted: false}]);
    expectRefusal(world, bob, () => bob.answer('alice', true), 'invitation-over', 'alice');
    link(world, alice, bob);
  });

  setting.scenario('a request ends with who asked', names, ({alice, bob, carl}, world) => {
    ask(world, alice, bob);
    ask(world, carl, bob);
    alice.close();
    world.kill(carl);
    for (const asker of ['alice', 'carl']) {
      world.until(() => !bob.isInvitedBy(asker), `the end of the request of ${asker}`);
      expectEnds(bob, asker, ['expired']);
    }
    expect(bob.of('link-opened')).toEqual([]);
  });

  setting.scenario('two who ask each other are linked', names, ({alice, bob}, world) => {
    alice.link('bob');
    bob.link('alice');
    untilLinked(world, alice, bob);
    const id = alice.tellOverLink('bob', 'at the same time');
    world.until(() => bob.texts('link').length === 1, 'the text');
    world.until(() => alice.engine.pending === 0, 'its end');
    expectDelivered(alice, id);
  });

  setting.scenario('two have one link, and one of them is told so', names, (users, world) => {
    const {alice, bob} = users;
    link(world, alice, bob);
    for (const [one, other] of pairs(alice, bob)) {
      expectRefusal(world, one, () => one.link(other.nick), 'link-exists', other.nick);
    }
    world.run(quietMs);
    expect(alice.isLinkedWith('bob') && bob.isLinkedWith('alice')).toBe(true);
    expect(alice.of('invitation')).toEqual([]);
  });

  setting.scenario('texts go both ways, and to nobody else', names, (users, world) => {
    const {alice, bob, carl} = users;
    link(world, alice, bob);
    const said = pairs(alice, bob).flatMap(([author, reader]) =>
      [1, 2, 3, 4, 5].map(number => {
        const text = `${author.nick} says ${number}`;
        return {author, reader, text, id: author.tellOverLink(reader.nick, text)};
      }),
    );
    const everybody = [alice, bob, carl];
    for (const author of everybody) author.say(`${author.nick} says it to all`);
    world.until(() => everybody.every(({engine}) => engine.pending === 0), 'every end');
    world.run(quietMs);
    for (const {author, id} of said) expectDelivered(author, id);
    for (const [author, reader] of pairs(alice, bob)) {
      const texts = said.filter(one => one.author === author).map(({text}) => text);
      expect(reader.texts('link')).toEqual(texts.map(text => `${author.nick}: ${text}`));
      expect(reader.texts()).toContain(`${author.nick}: ${author.nick} says it to all`);
    }
    expect(alice.of('sent')[0]).toMatchObject({scope: 'link', to: 'bob', text: 'alice says 1'});
    expect(carl.texts('link')).toEqual([]);
    expect(carl.texts()).toHaveLength(2);
  });

  setting.scenario('the longest text arrives whole', names, ({alice, bob}, world) => {
    link(world, alice, bob);
    const text = longestText(setting);
    alice.tellOverLink('bob', text);
    world.until(() => bob.last('message') !== undefined, 'the text');
    expect(bob.last('message')).toMatchObject({scope: 'link', from: 'alice', text});
  });

  setting.scenario('links with several are apart', names, ({alice, bob, carl}, world) => {
    link(world, alice, bob);
    link(world, carl, alice);
    alice.tellOverLink('bob', 'for bob');
    alice.tellOverLink('carl', 'for carl');
    world.until(() => bob.texts('link').length + carl.texts('link').length === 2, 'the texts');
    expect(bob.texts('link')).toEqual(['alice: for bob']);
    expect(carl.texts('link')).toEqual(['alice: for carl']);
    alice.unlink('bob');
    untilUnlinked(world, alice, bob);
    carl.tellOverLink('alice', 'still there');
    world.until(() => alice.texts('link').length === 1, 'the text');
    expect(alice.isLinkedWith('carl')).toBe(true);
  });

  setting.scenario('without a link its texts fail', names, ({alice, bob}, world) => {
    const id = alice.tellOverLink('bob', 'which link?');
    world.until(() => alice.engine.pending === 0, 'its end');
    expect(alice.last('failed')).toMatchObject({id, reason: 'link-closed'});
    world.run(quietMs);
    expect(bob.of('message')).toEqual([]);
  });

  for (const closer of ['asker', 'asked'] as const) {
    setting.scenario(`the ${closer} can close it`, names, ({alice, bob}, world) => {
      link(world, alice, bob);
      const [one, other] = closer === 'asker' ? [alice, bob] : [bob, alice];
      const last = one.tellOverLink(other.nick, 'that is all');
      one.unlink(other.nick);
      untilUnlinked(world, alice, bob);
      world.until(() => one.engine.pending === 0, 'an end of the last text');
      expectDelivered(one, last);
      expect(other.texts('link')).toEqual([`${one.nick}: that is all`]);
      const late = other.tellOverLink(one.nick, 'and yet');
      world.until(() => other.engine.pending === 0, 'an end of the late text');
      expect(other.last('failed')).toMatchObject({id: late, reason: 'link-closed'});
      for (const user of [alice, bob]) expect(user.of('link-closed')).toHaveLength(1);
      expect(other.retry(late)).toBe('link-closed');
      link(world, bob, alice);
      expect(other.retry(late)).toBeUndefined();
      world.until(() => other.last('delivered')?.id === late, 'the delivery over the new link');
      world.until(() => one.texts('link').length > 0, 'the text');
      expect(one.texts('link')).toEqual([`${other.nick}: and yet`]);
    });
  }

  setting.scenario('a link ends with who leaves', names, ({alice, bob, carl}, world) => {
    link(world, alice, bob);
    bob.tellOverLink('alice', 'goodbye');
    bob.close();
    world.until(() => !alice.isLinkedWith('bob'), 'the end of the link');
    world.until(() => bob.engine.isClosed, 'the goodbye');
    expect(alice.texts('link')).toEqual(['bob: goodbye']);
    sayAndWait(world, alice, 'he is gone');
    world.until(() => carl.texts().includes('alice: he is gone'), 'the text');
  });

  setting.scenario('a link ends with who dies', names, ({alice, bob, carl}, world) => {
    link(world, alice, bob);
    world.kill(bob);
    alice.tellOverLink('bob', 'are you there?');
    world.until(() => !alice.isLinkedWith('bob'), 'the end of the link');
    world.until(() => alice.engine.pending === 0, 'an end of the text');
    expect(alice.ends()).toHaveLength(1);
    const late = alice.tellOverLink('bob', 'you were');
    world.until(() => alice.engine.pending === 0, 'its end');
    expect(alice.last('failed')).toMatchObject({id: late, reason: 'link-closed'});
    link(world, carl, alice);
  });

  setting.scenario('a link ends with who is silent', names, ({alice, bob, carl}, world) => {
    link(world, alice, bob);
    untilQuiet(world);
    world.silence(bob.endpoint);
    world.until(() => !alice.isLinkedWith('bob'), 'the end of the link', noticedMs);
    world.until(() => !carl.present.includes('bob'), 'his end at the hub', noticedMs);
    world.restore(bob.endpoint);
    world.until(() => !bob.isLinkedWith('alice'), 'word of it');
    untilBack(world, bob);
    link(world, bob, alice);
  });

  setting.scenario('a link ends with a hub that is silent', names, ({alice, bob}, world) => {
    link(world, alice, bob);
    world.silence(hubEndpoint);
    const id = alice.tellOverLink('bob', 'over the hub');
    world.until(() => !alice.isLinkedWith('bob') && !bob.isLinkedWith('alice'), 'word of it');
    world.until(() => alice.engine.pending === 0, 'an end of the text');
    expect(alice.last('failed')).toMatchObject({id, reason: 'link-closed'});
    world.restore(hubEndpoint);
    untilBack(world, alice, bob);
    link(world, bob, alice);
  });
}

/** Asks for a link, and waits until the other one knows. */
function ask(world: World, asker: SimulatedUser, asked: SimulatedUser): void {
  asker.link(asked.nick);
  world.until(() => asked.isInvitedBy(asker.nick), `the request of ${asker.nick}`);
}

function link(world: World, asker: SimulatedUser, asked: SimulatedUser): void {
  ask(world, asker, asked);
  asked.answer(asker.nick, true);
  untilLinked(world, asker, asked);
}

function untilLinked(world: World, one: SimulatedUser, other: SimulatedUser): void {
  const areLinked = () => one.isLinkedWith(other.nick) && other.isLinkedWith(one.nick);
  world.until(areLinked, `a link between ${one.nick} and ${other.nick}`);
}

function untilUnlinked(world: World, one: SimulatedUser, other: SimulatedUser): void {
  const areApart = () => !one.isLinkedWith(other.nick) && !other.isLinkedWith(one.nick);
  world.until(areApart, `no link between ${one.nick} and ${other.nick}`);
}

/** Those users are connected once more, and everybody knows it. */
function untilBack(world: World, ...users: readonly SimulatedUser[]): void {
  const areBack = () =>
    users.every(user => user.isConnected && user.of('connected').length === 2) &&
    world.users.every(user => seesTruth(world, user));
  world.until(areBack, `${users.map(({nick}) => nick).join(' and ')} back`);
}

/** Each of the two before the other. */
function pairs(one: SimulatedUser, other: SimulatedUser) {
  return [
    [one, other],
    [other, one],
  ] as const;
}

/** That user does something that is refused, and is told why. */
function expectRefusal(
  world: World,
  user: SimulatedUser,
  act: () => void,
  code: string,
  about: string,
): void {
  const errors = user.of('error').length;
  act();
  world.until(() => user.of('error').length > errors, 'the refusal');
  expect(user.last('error')?.code).toBe(code);
  expect(user.last('error')?.message).toContain(about);
}

function expectEnds(user: SimulatedUser, from: string, reasons: readonly string[]): void {
  const ends = user.of('invitation-ended').filter(event => event.from === from);
  expect(ends.map(({reason}) => reason)).toEqual(reasons);
}
