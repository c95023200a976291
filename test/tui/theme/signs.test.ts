import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {widthOf} from '../../../source/tui/text/width.ts';
import {inAscii, standIns} from '../../../source/tui/theme/signs.ts';

const source = path.resolve(import.meta.dirname, '../../../source');

/** Everything that the program may say on the screen. Comments may have any sign. */
function literals(): {readonly file: string; readonly text: string}[] {
  return ['tui', 'client', 'names', 'protocols'].flatMap(folder =>
    readdirSync(path.join(source, folder), {recursive: true, encoding: 'utf8'})
      .filter(name => /\.tsx?$/.test(name) && !name.endsWith('signs.ts'))
      .map(name => {
        const text = readFileSync(path.join(source, folder, name), 'utf8');
        return {
          file: `${folder}/${name}`,
          text: text.replaceAll(/\/\*.*?\*\/|^\s*\/\/.*$/gms, ''),
        };
      }),
  );
}

test('each sign that the program draws has a stand-in in ASCII', () => {
  // Not drawn: a letter in a rule of Unicode's on names.
  const others = new Set(['ς', 'σ']);
  const missing = literals().flatMap(({file, text}) =>
    [...text]
      .filter(character => !/^\p{ASCII}$/u.test(character) && !others.has(character))
      .filter(character => standIns[character] === undefined)
      .map(character => `${file}: ${character}`),
  );
  expect(missing).toEqual([]);
});

test('a stand-in is one character of ASCII, as wide as the sign', () => {
  for (const [sign, standIn] of Object.entries(standIns)) {
    expect(standIn).toMatch(/^[!-~]$/);
    expect(`${sign} ${widthOf(sign)}`).toBe(`${sign} 1`);
  }
});

test('the signs of what became of a message are told apart in ASCII too', () => {
  const marks = ['…', '⟳', '✓', '✗'].map(inAscii);
  expect(marks).toEqual(['.', '~', '+', 'x']);
});
