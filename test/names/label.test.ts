import fc from 'fast-check';
import stringWidth from 'string-width';
import {describe, expect, test} from 'vitest';
import {isPresentable} from '../../source/names/admission.ts';
import {markedLabel, nameLabel, needsMark} from '../../source/names/label.ts';

describe('the label of a name', () => {
  test.each([
    ['alice', 'alice'],
    ['jean paul', 'jean paul'],
    ['-bob,"\\', '-bob,"\\'],
    ['zo\u00e9', 'zo\u00e9'],
    ['zoe\u0301', 'zoe\u0301'],
    ['李雷', '李雷'],
    ['🦊', '🦊'],
    ['alice\u200b', 'alice\ufffd'],
    ['ali\u00adce', 'ali\ufffdce'],
    ['\u202eecila', '\ufffdecila'],
    ['a\u0007\u001b[2Jb', 'a\ufffd[2Jb'],
    ['a\nb', 'a\ufffdb'],
    ['a\u00a0b', 'a\ufffdb'],
    [' a  b ', '\ufffda \ufffdb\ufffd'],
    ['\u0301a', '\ufffda'],
    [`a${'\u0301'.repeat(9)}`, `a${'\u0301'.repeat(3)}\ufffd`],
    ['\u3164', '\ufffd'],
    ['\u2800', '\ufffd'],
    ['\ud800', '\ufffd'],
    ['', '\ufffd'],
    ['x'.repeat(64), 'x'.repeat(64)],
    ['x'.repeat(65), `${'x'.repeat(63)}…`],
    ['🦊'.repeat(100_000), `${'🦊'.repeat(63)}…`],
  ])('%j is %j', (name, label) => {
    expect(nameLabel(name)).toBe(label);
  });

  test('is one line of at most 64 characters that are all seen, and its own label', () => {
    fc.assert(
      fc.property(anyName(), name => {
        const label = nameLabel(name);
        expect(isPresentable(label)).toBe(true);
        expect(stringWidth(label)).toBeGreaterThan(0);
        expect([...label].length).toBeLessThanOrEqual(64);
        expect(nameLabel(label)).toBe(label);
      }),
      {numRuns: 2000},
    );
  });

  test('is the name where that is what it looks like', () => {
    fc.assert(
      fc.property(anyName(), name => {
        const isPlain = isPresentable(name) && [...name].length <= 64 && !name.includes('\u2800');
        if (isPlain) expect(nameLabel(name)).toBe(name);
      }),
      {numRuns: 2000},
    );
  });
});

describe('a name that needs a mark', () => {
  test.each([
    'alice#2',
    'alice\uff03\uff12',
    'alice #2',
    'alice\u266f2',
    'a#l',
    'alice#\u0662',
    'alice#2#3',
  ])('%j ends like one', name => {
    expect(needsMark(nameLabel(name))).toBe(true);
  });

  test.each(['✗', '·', '→', '*', '#', '…', '12:00', '\ufffd'])(
    '%j could be taken for what a screen puts before a text',
    name => {
      expect(needsMark(nameLabel(name))).toBe(true);
    },
  );

  test.each(['alice', 'alice2', '#2', 'c#', 'a#!', '42', 'jean paul', '李雷', '🦊'])(
    '%j is no such name',
    name => {
      expect(needsMark(nameLabel(name))).toBe(false);
    },
  );

  test('a marked label is always one', () => {
    fc.assert(
      fc.property(anyName(), fc.integer({min: 2, max: 5000}), (name, number) => {
        expect(needsMark(markedLabel(nameLabel(name), number))).toBe(true);
      }),
    );
  });
});

/** Characters of all planes, and those that are likely to go wrong. */
function anyName(): fc.Arbitrary<string> {
  const odd = fc.constantFrom(
    ...' \u00a0\u200b\u202e\u0301\u2800\ufe0f#2a,"\\-\n\t\ud800\u3164'.split(''),
  );
  return fc.oneof(
    fc.string({unit: 'binary', maxLength: 80}),
    fc
      .array(fc.oneof(odd, fc.string({unit: 'grapheme', minLength: 1, maxLength: 1})), {
        maxLength: 12,
      })
      .map(parts => parts.join('')),
  );
}
