import {PassThrough, Readable} from 'node:stream';
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type Line, LineReader} from '../../source/headless/lines.ts';

/** All lines of those chunks; of one that is too long, its size. */
async function linesOf(chunks: readonly Uint8Array[], maximumBytes?: number) {
  const lines: (string | number)[] = [];
  const input = Readable.from(chunks, {objectMode: false});
  for await (const line of new LineReader(input, maximumBytes)) {
    lines.push('text' in line ? line.text : line.bytes);
  }
  return lines;
}

const bytes = (text: string) => new TextEncoder().encode(text);

test.each([
  ['one\ntwo\n', ['one', 'two']],
  ['one\r\ntwo\r\n', ['one', 'two']],
  ['one\n\ntwo', ['one', '', 'two']],
  ['one\r\r\ntwo\r', ['one\r', 'two\r']],
  ['\n', ['']],
  ['', []],
  ['a\u2028/quit\nb\n', ['a\u2028/quit', 'b']],
  ['a\u2029/quit\nb\n', ['a\u2029/quit', 'b']],
  ['a\r/quit\nb\n', ['a\r/quit', 'b']],
  ['a\v/quit\nb\f/quit\nc\u0085/quit\n', ['a\v/quit', 'b\f/quit', 'c\u0085/quit']],
  ['\ufeffa\nb\u0000c\n', ['\ufeffa', 'b\u0000c']],
])('%j is %j, however it is cut', async (text, lines) => {
  const whole = bytes(text);
  const chunks = Array.from(whole, byte => Uint8Array.of(byte));
  expect(await linesOf([whole])).toEqual(lines);
  expect(await linesOf(chunks)).toEqual(lines);
});

test('a line that is too long is not cut: its size is told, and the next is read', async () => {
  expect(await linesOf([bytes(`${'x'.repeat(10)}\r\n${'x'.repeat(11)}\r\nnext\n`)], 10)).toEqual([
    'x'.repeat(10),
    11,
    'next',
  ]);
  const chunks = Array.from({length: 1000}, () => bytes('é'.repeat(50)));
  expect(await linesOf([...chunks, bytes('\nnext')], 10)).toEqual([100_000, 'next']);
  expect(await linesOf(chunks, 10)).toEqual([100_000]);
});

test('any bytes in any chunks are the lines between line feeds', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({minLength: 1, maxLength: 20}), {maxLength: 10}),
      async chunks => {
        const text = Buffer.concat(chunks).toString('latin1');
        const expected = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
        const decoded = expected.map(line =>
          Buffer.from(line.replace(/\r?\n$/, ''), 'latin1').toString(),
        );
        expect(await linesOf(chunks)).toEqual(decoded);
      },
    ),
    {numRuns: 300},
  );
});

test('no more is read than is asked for', async () => {
  const input = new PassThrough({highWaterMark: 16});
  const reader = new LineReader(input);
  const first = reader.next();
  expect(input.write('one\ntwo\n')).toBe(true);
  expect(await first).toEqual({done: false, value: {text: 'one'}});
  expect(input.isPaused()).toBe(true);
  expect(input.write('x'.repeat(32))).toBe(false);
  expect(await reader.next()).toEqual({done: false, value: {text: 'two'}});
});

test('closed, it answers the caller that waits, and reads nothing more', async () => {
  const input = new PassThrough();
  const reader = new LineReader(input);
  const waiting = reader.next();
  reader.close();
  input.write('one\n');
  expect(await waiting).toEqual({done: true, value: undefined});
  expect(await reader.next()).toEqual({done: true, value: undefined});
  input.destroy(new Error('nobody listens'));
});

test('an input that breaks has no more lines', async () => {
  const input = new PassThrough();
  const waiting: Promise<IteratorResult<Line, undefined>> = new LineReader(input).next();
  input.destroy(new Error('broken'));
  expect(await waiting).toEqual({done: true, value: undefined});
});
