import fc from 'fast-check';
import {expect, test} from 'vitest';
import {Bursts} from '../../source/tui/input/bursts.ts';
import {type Key, KeyReader} from '../../source/tui/input/keys.ts';

/** The keys after reads that come at those times, in milliseconds. */
function keysOf(...reads: readonly (readonly [at: number, input: string])[]): Key[] {
  const reader = new KeyReader();
  const bursts = new Bursts();
  return reads.flatMap(([at, input]) =>
    bursts.take(reader.read(new TextEncoder().encode(input), at), at),
  );
}

const chord = (name: string): Key => ({type: 'chord', chord: name});
const texts = (text: string): Key[] => [...text].map(one => ({type: 'text', text: one}));
const pasted = (text: string): Key => ({type: 'paste', text});

test.each([
  ['hello\r', [...texts('hello'), chord('enter')]],
  ['hello\r\r', [...texts('hello'), chord('enter'), chord('enter')]],
  ['\r\r\r', [chord('enter'), chord('enter'), chord('enter')]],
  ['bo\t', [...texts('bo'), chord('tab')]],
  ['\t\t', [chord('tab'), chord('tab')]],
  [
    'one\u001b\rtwo\r',
    [
      ...texts('one'),
      {...chord('alt-enter'), escaped: chord('enter')} as Key,
      ...texts('two'),
      chord('enter'),
    ],
  ],
  ['/quit\r\u001b[A\r', [...texts('/quit'), chord('enter'), chord('up'), chord('enter')]],
])('%j in one read is typed', (input, keys) => {
  expect(keysOf([0, input])).toEqual(keys);
});

test.each([
  ['one\rtwo', [pasted('one\ntwo')]],
  ['one\rtwo\r', [pasted('one\ntwo\n')]],
  ['one\r\ntwo\r\n', [pasted('one\ntwo\n')]],
  ['one\n\ntwo', [pasted('one\n\ntwo')]],
  ['\rtwo', [pasted('\ntwo')]],
  ['a\tb', [pasted('a    b')]],
  ['\ta\tb\r', [pasted('    a    b'), chord('enter')]],
  ['one\rtwo\u001b[A', [pasted('one\ntwo'), chord('up')]],
  ['\u0001one\rtwo', [chord('ctrl-a'), pasted('one\ntwo')]],
  [`${'x'.repeat(256)}\r`, [pasted('x'.repeat(256)), chord('enter')]],
])('%j in one read is pasted', (input, keys) => {
  expect(keysOf([0, input])).toEqual(keys);
});

test('what follows pasted lines within 100 ms goes on with them', () => {
  expect(keysOf([0, 'one\rtw'], [99, 'o\r'], [198, 'x'], [298, 'y'])).toEqual([
    pasted('one\ntw'),
    pasted('o\n'),
    pasted('x'),
    ...texts('y'),
  ]);
});

test('what follows later with several characters in a read goes on with them, on a slow line', () => {
  expect(keysOf([0, 'one\rtwo\r'], [1500, 'three\r'], [3000, 'x'])).toEqual([
    pasted('one\ntwo\n'),
    pasted('three\n'),
    ...texts('x'),
  ]);
  expect(keysOf([0, 'one\rtwo\r'], [2000, 'three\r'])).toEqual([
    pasted('one\ntwo\n'),
    ...texts('three'),
    chord('enter'),
  ]);
});

test('Enter alone answers as soon as the last of the lines has ended, and ends it before', () => {
  expect(keysOf([0, 'one\rtwo\r'], [1, '\r'], [2, 'x'])).toEqual([
    pasted('one\ntwo\n'),
    chord('enter'),
    ...texts('x'),
  ]);
  expect(keysOf([0, 'one\rtwo'], [1, '\r'], [200, '\r'])).toEqual([
    pasted('one\ntwo'),
    pasted('\n'),
    chord('enter'),
  ]);
});

test('whatever comes in one read, no Enter sends a text that has more text behind it', () => {
  const part = fc.constantFrom('a', '\r', '\n', '\t', '/quit', '\u001b[A', '\u001b\r', '\u0003');
  fc.assert(
    fc.property(fc.array(part), parts => {
      const keys = keysOf([0, parts.join('')]);
      for (const [index, key] of keys.entries()) {
        if (key.type !== 'chord' || key.chord !== 'enter') continue;
        expect(keys[index + 1]?.type ?? 'chord').toBe('chord');
      }
    }),
    {numRuns: 1000},
  );
});
