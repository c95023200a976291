import {PassThrough} from 'node:stream';
import type {ReadStream} from 'node:tty';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import type {Key} from '../../source/tui/input/keys.ts';
import {TerminalInput} from '../../source/tui/input/terminal-input.ts';

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']});
});
afterEach(() => {
  vi.useRealTimers();
});

/** A terminal that is read; what was read as one, in letters and `⏎`. */
function open() {
  const reads: string[] = [];
  const replies: string[] = [];
  const terminal = Object.assign(new PassThrough(), {
    setRawMode() {},
    ref() {},
    unref() {},
  });
  const input = new TerminalInput(terminal as unknown as ReadStream, {
    onKeys: keys => reads.push(keys.map(nameOf).join('')),
    onReport: report => replies.push(report.type === 'reply' ? report.body : report.type),
    onEnd() {},
  });
  input.start();
  return {
    reads,
    replies,
    input,
    write: (chunk: string) => terminal.emit('data', Buffer.from(chunk)),
  };
}

function nameOf(key: Key): string {
  if (key.type === 'chord') return key.chord === 'enter' ? '⏎' : `<${key.chord}>`;
  return key.type === 'text' ? key.text : '';
}

test('keys that are pressed one after the other are read at once', () => {
  const {reads, write} = open();
  for (const key of ['h', 'i', '\r', '\t', '\t']) {
    vi.advanceTimersByTime(80);
    write(key);
  }
  expect(reads).toEqual(['h', 'i', '⏎', '<tab>', '<tab>']);
});

test('a line that came at once waits for more of them, and not for long', () => {
  const {reads, write} = open();
  write('one\r');
  vi.advanceTimersByTime(29);
  write('two\r');
  vi.advanceTimersByTime(29);
  expect(reads).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(reads).toEqual(['one⏎two⏎']);
  write('three\r');
  vi.advanceTimersByTime(30);
  expect(reads).toEqual(['one⏎two⏎', 'three⏎']);
});

test('an Enter that comes as fast as a program types waits for more, too', () => {
  const {reads, write} = open();
  for (const key of 'one\rtwo') write(key);
  expect(reads).toEqual(['o', 'n', 'e', '⏎t', 'w', 'o']);
});

test('keys that repeat do not wait, however fast', () => {
  const {reads, write} = open();
  vi.advanceTimersByTime(80);
  for (let count = 0; count < 3; count++) {
    write('\r');
    vi.advanceTimersByTime(20);
  }
  expect(reads).toEqual(['⏎', '⏎', '⏎']);
});

test('what waits does not make a key of a sequence that goes on in it', () => {
  const {reads, write} = open();
  write('\u001b');
  vi.advanceTimersByTime(45);
  write('[A\r');
  vi.advanceTimersByTime(100);
  expect(reads).toEqual(['<up>⏎']);
});

test('what waits when reading is stopped is read when it goes on', () => {
  const {reads, input, write} = open();
  write('one\r');
  input.stop();
  vi.advanceTimersByTime(100);
  expect(reads).toEqual([]);
  input.start();
  expect(reads).toEqual(['one⏎']);
});

test('what waits is read when it is very much', () => {
  const {reads, write} = open();
  for (let count = 0; count < 70; count++) write(`${'x'.repeat(1023)}\r`);
  expect(reads).toHaveLength(1);
});

test('an answer of the terminal is passed on by itself, and keys around it are read', () => {
  const {reads, replies, write} = open();
  write('a\u001b]11;rgb:ffff/ffff');
  write('/ffff\u001b\\b');
  expect(replies).toEqual(['11;rgb:ffff/ffff/ffff']);
  expect(reads).toEqual(['a', 'b']);
});
