import fc from 'fast-check';
import stringWidth from 'string-width';
import {describe, expect, test} from 'vitest';
import {isPresentable} from '../../source/names/admission.ts';

describe('a nickname is admitted', () => {
  test.each([
    'alice',
    'jean paul',
    'zo\u00e9',
    'zoe\u0301',
    'नमस्ते',
    'สวัสดี',
    '한국어',
    '🦊',
    '✗',
    '12:00',
    'a\u0301\u0302\u0303',
    '-bob',
    'a,b',
  ])('%s', name => {
    expect(isPresentable(name)).toBe(true);
  });
});

describe('a nickname that is not what it looks like is refused', () => {
  test.each([
    ['nothing', ''],
    ['a zero-width space', 'alice\u200b'],
    ['a soft hyphen', 'ali\u00adce'],
    ['a bidirectional override', '\u202eecila'],
    ['an isolate', 'a\u2066b'],
    ['a Hangul filler', '\u3164'],
    ['a variation selector', 'a\ufe0f'],
    ['a combining grapheme joiner', 'a\u034fb'],
    ['a tag', 'a\u{e0061}'],
    ['a no-break space', 'a\u00a0b'],
    ['an ideographic space', 'a\u3000b'],
    ['a space before it', ' a'],
    ['a space behind it', 'a '],
    ['two spaces', 'a  b'],
    ['a space alone', ' '],
    ['a separator of lines', 'a\u2028b'],
    ['a control', 'a\u0007'],
    ['a private-use character', '\ue000'],
    ['an unassigned character', '\u0378'],
    ['half of a surrogate pair', 'a\ud800'],
    ['four marks on a letter', 'a\u0301\u0301\u0301\u0301'],
    ['a mark on no letter', '\u0301a'],
    ['a mark on a space', 'a \u0301'],
    ['a braille cell without dots', '\u2800'],
  ])('%s', (_what, name) => {
    expect(isPresentable(name)).toBe(false);
  });
});

test('whatever is admitted has a cell to be seen in, and is shown as it is', () => {
  fc.assert(
    fc.property(fc.string({unit: 'binary', maxLength: 8}), name => {
      if (!isPresentable(name)) return;
      expect(stringWidth(name)).toBeGreaterThan(0);
      expect(name.trim()).toBe(name);
    }),
    {numRuns: 5000},
  );
});
