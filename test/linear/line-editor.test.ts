/** The typed line, as a terminal shows it that only appends and goes back over characters. */
import type {Key} from 'node:readline';
import {setImmediate as afterReading} from 'node:timers/promises';
import {expect, test} from 'vitest';
import type {Found} from '../../source/client/completion.ts';
import {HeldLines} from '../../source/linear/held-lines.ts';
import {LineEditor} from '../../source/linear/line-editor.ts';

function start({prompt = '', found}: {prompt?: string; found?: Found} = {}) {
  let written = '';
  const lines: string[] = [];
  const pastes: (readonly string[])[] = [];
  let left = 0;
  const editor = new LineEditor(
    {
      write: text => {
        written += text;
      },
      onLine: line => lines.push(line),
      onPaste: pasted => pastes.push(pasted),
      complete: async () => found,
      tellCandidates: ({candidates}) => {
        written += `${candidates.map(({shown}) => shown).join(', ')}\n`;
      },
      leave: () => left++,
      suspend() {},
    },
    prompt,
  );
  const type = (text: string) => {
    for (const character of text) editor.onKey(character, {sequence: character});
  };
  const press = (name: string, ctrl = false) => editor.onKey(undefined, {name, ctrl} as Key);
  return {editor, lines, pastes, type, press, text: () => written, left: () => left};
}

test('Backspace takes back a whole character with the cells that it has', () => {
  const {type, press, text} = start();
  type('a日👍🏽');
  press('backspace');
  press('backspace');
  expect(text()).toBe('a日👍🏽\b \b\b \b\b \b\b \b');
});

test('a line is given on when all keys that came with Enter are read; several are a paste', async () => {
  const {type, press, lines, pastes} = start();
  type('one');
  press('return');
  await afterReading();
  expect(lines).toEqual(['one']);
  type('two');
  press('return');
  type('three');
  press('return');
  await afterReading();
  expect(lines).toEqual(['one']);
  expect(pastes).toEqual([['two', 'three']]);
});

test('up writes the last line again, and down what was typed', async () => {
  const {editor, type, press, text, lines} = start();
  type('one');
  press('return');
  await afterReading();
  type('o');
  press('up');
  press('down');
  expect(text()).toBe('one\none\b \b\b \b');
  editor.replace('other');
  press('return');
  await afterReading();
  expect(lines).toEqual(['one', 'other']);
});

test('lines that come while one types begin in a row of their own, and the typed text follows them', () => {
  const {editor, type, text} = start({prompt: '> '});
  editor.show();
  type('half');
  editor.breakLine();
  editor.show();
  expect(text()).toBe('> half\n> half');
});

test('a prompt alone leaves no row behind', () => {
  const {editor, text} = start({prompt: '> '});
  editor.show();
  editor.breakLine();
  editor.show();
  expect(text()).toBe('> \b \b\b \b> ');
});

test('Tab writes what all candidates have in common, and says them', async () => {
  const candidates = ['bonnie', 'boris'].map(shown => ({shown, write: () => `${shown} `}));
  const {type, press, text} = start({found: {start: 0, candidates}});
  type('b');
  press('tab');
  await afterReading();
  expect(text()).toBe('bo\nbonnie, boris\nbo');
});

test('Ctrl-C drops a line, and leaves from an empty one', () => {
  const {type, press, text, left} = start();
  type('draft');
  press('c', true);
  expect([text(), left()]).toEqual(['draft\n', 0]);
  press('c', true);
  expect(left()).toBe(1);
});

test('control characters are no part of a line', () => {
  const {type, text} = start();
  type('a\x1b\x9b[2Jb');
  expect(text()).toBe('a[2Jb');
});

test('lines wait while somebody types, for five seconds at most', () => {
  const written: string[] = [];
  const held = new HeldLines(lines => written.push(...lines.map(({text}) => text)));
  held.add({text: 'one', hasBell: false}, true, 1000);
  held.add({text: 'two', hasBell: false}, true, 3000);
  expect(written).toEqual([]);
  expect(held.dueAt).toBe(6000);
  held.add({text: 'three', hasBell: false}, false, 3500);
  expect(written).toEqual(['one', 'two', 'three']);
  expect(held.dueAt).toBe(Number.POSITIVE_INFINITY);
});
