import {closeSync, mkdtempSync, openSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {Writable} from 'node:stream';
import {expect, onTestFinished, test} from 'vitest';
import {CountedLines, FileLines, type LineTarget, StreamLines} from '../../source/output/lines.ts';

/** Takes what is written when the test says so. */
class Reader extends Writable {
  text = '';
  #waiting: (() => void)[] = [];
  #isReading = false;

  constructor() {
    super({decodeStrings: false});
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    if (this.#isReading) done();
    else this.#waiting.push(done);
  }

  /** From now on. Resolves when all that waits is read. */
  async read(): Promise<void> {
    this.#isReading = true;
    for (const done of this.#waiting.splice(0)) done();
    await new Promise<void>(resolve => {
      this.write('', () => resolve());
    });
  }
}

function counted(target: LineTarget) {
  const lines = new CountedLines(target, lost => lines.write(`${lost} lost\n`));
  return lines;
}

test('nobody reads: a mebibyte waits, the rest is counted, and that is said when there is room again', async () => {
  const reader = new Reader();
  const lines = counted(new StreamLines(reader));
  const line = `${'x'.repeat(1023)}\n`;
  for (let index = 0; index < 3000; index++) lines.write(line);
  expect(reader.writableLength).toBeLessThanOrEqual(1024 * 1024);
  await reader.read();
  lines.write('and on\n');
  await reader.read();
  const [first = '', ...others] = reader.text.split(line).join('').split('\n');
  expect(first).toMatch(/^\d+ lost$/);
  expect(others).toEqual(['and on', '']);
  const taken = reader.text.split(line).length - 1;
  expect(taken + Number.parseInt(first, 10)).toBe(3000);
});

test('when the reader of the lines has gone, nothing waits, and nothing is thrown', async () => {
  const reader = new Reader();
  const target = new StreamLines(reader);
  reader.destroy(new Error('broken pipe'));
  await new Promise(resolve => reader.once('close', resolve));
  for (let index = 0; index < 3000; index++) expect(target.write('x'.repeat(1024))).toBe(true);
  expect(reader.writableLength).toBe(0);
});

test('a line that is not taken and the one that says so count once', () => {
  const taken: string[] = [];
  let hasRoom = false;
  const lines = counted({
    write(line) {
      if (hasRoom) taken.push(line);
      return hasRoom;
    },
  });
  for (let index = 0; index < 5; index++) lines.write(`line ${index}\n`);
  hasRoom = true;
  lines.write('line 5\n');
  expect(taken).toEqual(['5 lost\n', 'line 5\n']);
});

function file(): {readonly path: string; readonly fd: number} {
  const folder = mkdtempSync(path.join(tmpdir(), 'chat-tui-lines-'));
  const name = path.join(folder, 'log');
  const fd = openSync(name, 'a');
  onTestFinished(() => {
    closeSync(fd);
    rmSync(folder, {recursive: true});
  });
  return {path: name, fd};
}

test('a file gets every line, in order', () => {
  const log = file();
  const target = new FileLines(log.fd);
  expect(target.write('one\n')).toBe(true);
  expect(target.write('zwö\n')).toBe(true);
  expect(readFileSync(log.path, 'utf8')).toBe('one\nzwö\n');
});

test.skipIf(process.platform !== 'linux')('a full disk loses lines and throws nothing', () => {
  const fd = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(fd));
  const target = new FileLines(fd);
  expect(target.write('one\n')).toBe(false);
  expect(target.write('two\n')).toBe(false);
});
