import xterm from '@xterm/headless';
import {expect, onTestFinished, test} from 'vitest';
import {cast} from '../../scripts/cast.ts';
import {film, type Rows} from '../../scripts/svg.ts';
import {blankCell, type Cell, readCell} from './cell.ts';

function cells(text: string, look: Partial<Cell> = {}): Cell[] {
  return [...text].map(character => ({...blankCell, ...look, text: character}));
}

const first: Rows = [cells('one '), cells('two ', {foreground: '#98c379', isBold: true})];
const second: Rows = [cells('one '), cells('2nd ', {background: '#303030', isInverse: true})];
const frames = [
  {at: 0, rows: first},
  {at: 1500, rows: second},
];

test('a recording, played in a terminal, shows the last frame with its colours', async () => {
  const [header, ...events] = cast(frames, 'A chat', 500)
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  expect(header).toMatchObject({version: 2, width: 4, height: 2, title: 'A chat'});
  expect(events.map(([at, type]) => [at, type])).toEqual([
    [0, 'o'],
    [1.5, 'o'],
    [2, 'o'],
  ]);
  const terminal = new xterm.Terminal({cols: 4, rows: 2, allowProposedApi: true});
  onTestFinished(() => terminal.dispose());
  const output = events.map(([, , data]) => data).join('');
  await new Promise<void>(resolve => terminal.write(output, resolve));
  const shown = [0, 1].map(row =>
    Array.from({length: 4}, (_, column) => {
      const cell = terminal.buffer.active.getLine(row)?.getCell(column);
      if (cell === undefined) throw new RangeError(`no cell ${column}, ${row}`);
      return readCell(cell);
    }),
  );
  expect(shown).toEqual(second);
});

test('only what has changed is written again', () => {
  const [, , event = ''] = cast(frames, '', 0).split('\n');
  expect(event).toContain('2nd');
  expect(event).not.toContain('one');
});

test('a film has each row once, and a moment for each frame', () => {
  const picture = film(frames, 'A chat', 500);
  expect(picture.match(/>one</g)).toHaveLength(1);
  expect(picture.match(/<use /g)).toHaveLength(4);
  expect(picture).toContain('0.000%{transform:translateX(0px)}75.000%{');
  expect(picture).toContain('animation:play 2000ms step-end infinite');
});
