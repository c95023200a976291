import assert from 'node:assert/strict';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {Chat} from '../../source/chat/chat.ts';
import {nameIn} from '../../source/chat/naming.ts';
import type {User} from '../../source/chat/users.ts';
import {ChatView} from '../../source/chat/view.ts';
import {isPresentable} from '../../source/names/admission.ts';
import {nameKeys} from '../../source/names/key.ts';
import {cosp} from '../../source/protocols/cosp/index.ts';
import {protocols} from '../../source/protocols/index.ts';
import {messagerie} from '../../source/protocols/messagerie/index.ts';
import type {Protocol} from '../../source/protocols/protocol.ts';
import {res302} from '../../source/protocols/res302/index.ts';
import {shen} from '../../source/protocols/shen/index.ts';
import {whoiam} from '../../source/protocols/whoiam/index.ts';
import {seeds} from '../network/random.ts';
import {register} from './register.ts';

function createChat(): Chat {
  return new Chat(2000, protocols);
}

/** @returns Why not, or their identifier. */
function connect(chat: Chat, nickname: string, dialect: Protocol) {
  const {user, refusal} = register(chat, nickname, dialect);
  return user ?? refusal;
}

function disconnect(chat: Chat, nickname: string): void {
  chat.apply({type: 'disconnect', user: chat.find(nickname)?.id ?? 0});
}

/** The name of a user in that protocol. */
function called(chat: Chat, nickname: string, {name}: Protocol): string | undefined {
  const user = chat.find(nickname);
  return user && nameIn(name, user);
}

describe('a nickname', () => {
  test.each([
    ['jean-pierre_dupont', shen, res302, 'jeanpierre'],
    ['jean-pierre_dupont', shen, messagerie, 'jean-pierr'],
    ['jean-pierre_dupont', shen, whoiam, 'jean-pierre_dupont'],
    ['Zoë', messagerie, res302, 'Zoe'],
    ['Zoë', messagerie, shen, 'Zoe'],
    ['Zoë', messagerie, cosp, 'Zoë'],
    ['Zoe\u0308', whoiam, res302, 'Zoe'],
    ['李雷', messagerie, res302, 'LiLei'],
    ['Γιάννης', whoiam, shen, 'Giannis'],
    ['Jean Pierre', cosp, whoiam, 'JeanPierre'],
    ['Jean Pierre', cosp, messagerie, 'Jean Pierr'],
    ['Marie Anne Durand', cosp, messagerie, 'Marie Anne'],
    ['Anne Marie Lou', cosp, messagerie, 'Anne Marie'],
    ['Anne-Lise Marie', cosp, messagerie, 'Anne-Lise'],
    ['か\u3099', whoiam, res302, 'ga'],
    ['#1', cosp, messagerie, '1'],
    ['__proto__', shen, res302, 'proto'],
    ['!!!', messagerie, res302, 'user'],
    ['ーーーーーーーーーー', cosp, messagerie, 'ーーー'],
  ])('%s of %o is called in %o as it can be written there', (nickname, own, other, name) => {
    const chat = createChat();
    connect(chat, nickname, own);
    expect(called(chat, nickname, other)).toBe(name);
    expect(new ChatView(chat, other.name).find(name)?.nickname).toBe(name);
  });

  test('that is like another one where it is read has a digit', () => {
    const chat = createChat();
    connect(chat, 'jean-pierre_dupont', shen);
    connect(chat, 'jean-pierre_durand', shen);
    connect(chat, 'JeanPierre', whoiam);
    connect(chat, 'Zoë', whoiam);
    connect(chat, 'zoe', cosp);
    expect(called(chat, 'jean-pierre_dupont', res302)).toBe('jeanpierre');
    expect(called(chat, 'jean-pierre_durand', res302)).toBe('jeanpierr2');
    expect(called(chat, 'jean-pierre_durand', messagerie)).toBe('jean-pier2');
    expect(called(chat, 'JeanPierre', res302)).toBe('JeanPierr3');
    expect(called(chat, 'JeanPierre', messagerie)).toBe('JeanPierre');
    expect(called(chat, 'zoe', shen)).toBe('zoe2');
    expect(called(chat, 'zoe', messagerie)).toBe('zoe');
  });

  test('that is like many others has as many digits as it takes', () => {
    const chat = createChat();
    const crowd = Array.from({length: 101}, (_, number) => `jean-pierre_${number}`);
    for (const nickname of crowd) connect(chat, nickname, shen);
    const names = crowd.map(nickname => called(chat, nickname, res302));
    expect(names.slice(0, 3)).toEqual(['jeanpierre', 'jeanpierr2', 'jeanpierr3']);
    expect([names[8], names[9], names[98], names[99]]).toEqual([
      ...['jeanpierr9', 'jeanpier10', 'jeanpier99', 'jeanpie100'],
    ]);
    expect(new Set(names).size).toBe(crowd.length);
  });

  test('keeps its alias when what it was unlike is gone', () => {
    const chat = createChat();
    connect(chat, 'jean-pierre_dupont', shen);
    connect(chat, 'jean-pierre_durand', shen);
    disconnect(chat, 'jean-pierre_dupont');
    expect(called(chat, 'jean-pierre_durand', res302)).toBe('jeanpierr2');
    connect(chat, 'jean-pierre_dumas', shen);
    expect(called(chat, 'jean-pierre_dumas', res302)).toBe('jeanpierre');
  });

  test('is in use where somebody else is called so, and free elsewhere', () => {
    const chat = createChat();
    connect(chat, 'jean-pierre_dupont', shen);
    expect(connect(chat, 'JEANPIERRE', res302)).toBe('name-in-use');
    expect(connect(chat, 'jeanpierre', whoiam)).toBeTypeOf('number');
    expect(called(chat, 'jeanpierre', res302)).toBe('jeanpierr2');
    disconnect(chat, 'jean-pierre_dupont');
    expect(connect(chat, 'jeanpierre', res302)).toBe('name-in-use');
    disconnect(chat, 'jeanpierre');
    expect(connect(chat, 'jeanpierre', res302)).toBeTypeOf('number');
  });

  test('that its own protocol cannot write is refused', () => {
    expect(connect(createChat(), 'jean-pierre', res302)).toBe('name-invalid');
  });

  test('is understood in the words of the protocol that it is said in', () => {
    const chat = createChat();
    const dupont = connect(chat, 'jean-pierre_dupont', shen);
    connect(chat, 'jeanpierre', whoiam);
    const [inRes302, inWhoiam] = ['res302', 'whoiam'].map(name => new ChatView(chat, name));
    expect(inRes302?.find('JeanPierre')?.id).toBe(dupont);
    expect(inRes302?.find('jean-pierre_dupont')).toBeUndefined();
    expect(inWhoiam?.find('jean-pierre_dupont')?.id).toBe(dupont);
  });
});

test('a room that began with an invitation goes by the name of who sent it, even when they have left', () => {
  const chat = createChat();
  const user = Number(connect(chat, 'jean-pierre_dupont', shen));
  const [rosa, mia] = [res302, messagerie].map((protocol, number) =>
    Number(connect(chat, `user${number}`, protocol)),
  );
  if (rosa === undefined || mia === undefined) throw new Error('who?');
  for (const to of [rosa, mia]) {
    chat.apply({type: 'invite', user, to, mode: 'centralised', now: 0});
    chat.apply({type: 'accept', user: to, invitation: to - 1});
  }
  chat.apply({type: 'disconnect', user});
  const [inMessagerie, inRes302] = ['messagerie', 'res302'].map(name => new ChatView(chat, name));
  const room = chat.roomOf(mia);
  if (room === undefined) throw new Error('no room');
  expect(inMessagerie?.nameOf(room)).toBe('jean-pierr');
  expect(inRes302?.nameOf(room)).toBe('jeanpierre');
  expect(inMessagerie?.findRoom('JEAN-pierr', mia)).toBe(room);
  const outside = Number(connect(chat, 'stranger', messagerie));
  expect(inMessagerie?.findRoom('jean-pierr', outside)).toBeUndefined();
});

const letters = [
  ...'abZ9-_.!аΝо',
  'é',
  'ß',
  'ﬁ',
  '李',
  'ｂ',
  '\u0301',
  ' ',
  '\u200b',
  '👩‍👩‍👧',
  'ー',
];
const nicknames = fc.oneof(
  fc.array(fc.constantFrom(...letters), {minLength: 1, maxLength: 24}).map(units => units.join('')),
  fc.string({unit: 'binary', minLength: 1, maxLength: 12}),
);
const sessions = fc.array(
  fc.record({nickname: nicknames, protocol: fc.constantFrom(...protocols), leaves: fc.nat(3)}),
  {maxLength: 40, size: 'max'},
);

describe.each(seeds(1, 2))('users come and go, seed %i', seed => {
  test('everybody has one name in each protocol that can be written there, and keeps it', () => {
    let aliases = 0;
    const run = (
      session: typeof sessions extends fc.Arbitrary<infer Session> ? Session : never,
    ) => {
      const chat = createChat();
      const known = new Map<string, string>();
      for (const {nickname, protocol, leaves} of session) {
        const outcome = connect(chat, nickname, protocol);
        const isPossible = protocol.isNickname(nickname) && isPresentable(nickname);
        assert.equal(outcome === 'name-invalid', !isPossible);
        const users = [...chat.users()];
        for (const {name, isNickname} of protocols) {
          const names = users.map(user => nameIn(name, user));
          for (const [index, given] of names.entries()) {
            const user = users[index] as User;
            assert.ok(isNickname(given) && isPresentable(given), `${given} in ${name}`);
            assert.equal(chat.findIn(name, given), user);
            if (name === user.dialect.name) assert.equal(given, user.nickname);
            const key = `${user.id} ${name}`;
            assert.equal(known.get(key) ?? given, given, 'a name is for a stay');
            known.set(key, given);
            if (given !== user.nickname) aliases++;
          }
          const keys = names.flatMap(nameKeys);
          assert.equal(new Set(keys).size, keys.length, `nobody is like another in ${name}`);
        }
        const [oldest] = users;
        if (leaves === 0 && oldest !== undefined) {
          const names = protocols.map(({name}) => [name, nameIn(name, oldest)] as const);
          disconnect(chat, oldest.nickname);
          for (const [name, given] of names) assert.equal(chat.findIn(name, given), undefined);
        }
      }
    };
    fc.assert(fc.property(sessions, run), {seed, numRuns: 150});
    expect(aliases).toBeGreaterThan(100);
  });
});
