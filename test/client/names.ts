import fc from 'fast-check';
import {isNickname as isCospNickname} from '../../source/protocols/cosp/wire.ts';
import {isName as isMessagerieName} from '../../source/protocols/messagerie/wire/text.ts';
import {isNickname as isWhoiamNickname} from '../../source/protocols/whoiam/wire.ts';

/** Names that are made to be taken for others, or to be read wrongly. */
const tricky = [
  'alice',
  'Alice',
  'alice\u200b',
  'ali\u00adce',
  '\u202eecila',
  '\u0430lice',
  '\uff41lice',
  'alice ',
  'alice\u00a0',
  'alice#2',
  'alice#3',
  'alice #2',
  'ali\ufffdce',
  '\u039dina',
  'nina',
  'n\u0456na',
  'jean',
  'jean paul',
  'jean  paul',
  'jean paul marie',
  'jeanpaul',
  'Jean',
  'JEAN PAUL',
  'a,b',
  'a',
  'b',
  'a, b',
  '"',
  '"jean"',
  'je"an',
  '\\',
  'a\\',
  '\\u{61}',
  '-bob',
  '--',
  '--decentralised',
  '--d',
  '-',
  '/quit',
  '#',
  '#2',
  '\u3164',
  '\u2800',
  '✗',
  '·',
  '12:00',
  'x'.repeat(70),
  `${'x'.repeat(70)}y`,
  '\ud800',
  '\n',
  ',',
  ' ',
] as const;

const parts = fc.constantFrom(...'ab#2,"\\ -/\u0430\u200b\u0301\u00a0:é李'.split(''));

/** A name that a hub can send: what the protocols allow, and what they do not. */
export const anyName: fc.Arbitrary<string> = fc.oneof(
  {weight: 3, arbitrary: fc.constantFrom(...tricky)},
  {weight: 3, arbitrary: fc.array(parts, {minLength: 1, maxLength: 6}).map(some => some.join(''))},
  fc.string({unit: 'binary', minLength: 1, maxLength: 12}),
  fc.string({unit: 'grapheme', minLength: 1, maxLength: 8}).filter(isCospNickname),
  fc.string({unit: 'grapheme', minLength: 1, maxLength: 8}).filter(isWhoiamNickname),
  fc.string({unit: 'grapheme', minLength: 1, maxLength: 4}).filter(isMessagerieName),
  fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/),
);

export const anyCrowd: fc.Arbitrary<readonly string[]> = fc.uniqueArray(anyName, {
  minLength: 1,
  maxLength: 25,
});
