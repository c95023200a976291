import {expect} from 'vitest';
import {quietMs, type Setting} from '../scenarios.ts';
import type {SimulatedUser, World} from '../world.ts';

/** Texts to everybody. */
export function publicTexts(setting: Setting): void {
  const names = ['alice', 'bob', 'carl', 'dora'] as const;

  setting.scenario('a text reaches everybody else, once and in order', names, (users, world) => {
    const everybody = Object.values(users);
    const said = everybody.flatMap(user =>
      Array.from({length: 5}, (_, index) => {
        const text = `${user.nick} says ${index}`;
        return {author: user, id: user.say(text), text};
      }),
    );
    world.until(() => everybody.every(({engine}) => engine.pending === 0), 'every end');
    world.run(quietMs);
    for (const {author, id} of said) expectDelivered(author, id);
    for (const reader of everybody) {
      for (const author of everybody) {
        const expected = said.filter(one => one.author === author && author !== reader);
        const shown = reader.of('message').filter(({from}) => from === author.nick);
        expect(shown.map(({text}) => text)).toEqual(expected.map(({text}) => text));
        expect(shown.every(({scope}) => scope === 'public')).toBe(true);
      }
    }
  });

  setting.scenario('the longest text arrives whole', ['alice', 'bob'], ({alice, bob}, world) => {
    const text = longestText(setting);
    const id = alice.say(text);
    world.until(() => alice.last('delivered')?.id === id, 'the delivery');
    world.until(() => bob.last('message') !== undefined, 'the text');
    expect(bob.last('message')?.text).toBe(text);
  });

  setting.scenario('marks that have a meaning arrive as text', ['alice', 'bob'], (users, world) => {
    const {alice, bob} = users;
    const texts = [
      '#bob left',
      'bob: Pu&carl: Pr',
      'a,b,c #',
      '##',
      '  ',
      '\u{1F469}\u200D\u{1F680} é',
    ];
    for (const text of texts) alice.say(text);
    world.until(() => bob.texts().length === texts.length, 'the texts');
    expect(bob.of('message').map(({text}) => text)).toEqual(texts);
  });
}

/** A text with the maximum of bytes, in which most characters have several. */
export function longestText({protocol}: Setting): string {
  const bytes = protocol.maximumTextBytes;
  return 'a'.repeat(bytes % 4) + '\u{1F600}'.repeat(Math.floor(bytes / 4));
}

export function expectDelivered(author: SimulatedUser, id: number): void {
  expect(author.of('delivered').map(event => event.id)).toContain(id);
  expect(author.of('failed').map(event => event.id)).not.toContain(id);
}

/** Says something where that user is, and waits until it counts as delivered. */
export function sayAndWait(world: World, author: SimulatedUser, text: string): void {
  const id = author.say(text);
  world.until(() => author.engine.pending === 0, `an end of ${text}`);
  expectDelivered(author, id);
}
