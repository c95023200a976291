import fc from 'fast-check';
import {expect, test} from 'vitest';
import {type Key, KeyReader, type Report} from '../../source/tui/input/keys.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** All keys of what arrives at once, and of the silence after it. */
function keysOf(text: string): Key[] {
  const reader = new KeyReader();
  return [...reader.read(bytes(text), 0), ...reader.onTime(60_000)];
}

const chords = (...names: string[]): Key[] => names.map(chord => ({type: 'chord', chord}));
const texts = (text: string): Key[] => [...text].map(one => ({type: 'text', text: one}));

test.each([
  ['hello\r', [...texts('hello'), ...chords('enter')]],
  ['é日👍', texts('é日👍')],
  [
    '\u0001\u0003\u001a\u001f\n\t\u007f\b',
    chords('ctrl-a', 'ctrl-c', 'ctrl-z', 'ctrl-_', 'ctrl-j', 'tab', 'backspace', 'ctrl-h'),
  ],
  [
    '\u001b[A\u001bOB\u001b[1;5C\u001b[3~\u001b[Z',
    chords('up', 'down', 'ctrl-right', 'delete', 'shift-tab'),
  ],
  ['\u001b[H\u001bOF\u001b[5~\u001b[6;3~', chords('home', 'end', 'pageup', 'alt-pagedown')],
  ['\u001bOP\u001b[11~\u001b[[A\u001b[24~\u001b[1;2R', chords('f1', 'f1', 'f1', 'f12', 'shift-f3')],
  [
    '\u001bb\u001bB\u001b<\u001b1\u001b\r\u001b\u007f',
    chords('alt-b', 'alt-b', 'alt-<', 'alt-1', 'alt-enter', 'alt-backspace'),
  ],
  ['\u001b', chords('escape')],
  ['\u001b\u001b[A', chords('escape', 'up')],
  ['\u001b[', chords('alt-[')],
  ['\u001bO', chords('alt-o')],
  ['\u001b]', chords('alt-]')],
  ['\u001b[13;2u\u001b[13;3u\u001b[27;2;13~', chords('shift-enter', 'alt-enter', 'shift-enter')],
  ['\u001b[97;5u\u001b[27;5;97~\u001b[98;3u', chords('ctrl-a', 'ctrl-a', 'alt-b')],
  ['\u001b[97;2u\u001b[97;1:3u\u001b[233u', texts('Aé')],
] as const)('%j is read as what was pressed', (input, keys) => {
  const escaped = (key: Key): Key =>
    key.type === 'chord' ? {type: 'chord', chord: key.chord} : key;
  expect(keysOf(input).map(escaped)).toEqual(keys);
});

test.each([
  ['\u001b/', {type: 'text', text: '/'}],
  ['\u001bW', {type: 'text', text: 'W'}],
  ['\u001b[', {type: 'text', text: '['}],
  ['\u001b\t', {type: 'chord', chord: 'tab'}],
] as const)('%j says what the key behind Esc is by itself', (input, escaped) => {
  expect(keysOf(input)).toMatchObject([{escaped}]);
});

test.each([
  ['a mouse report', '\u001b[<0;10;20M\u001b[<0;10;20m'],
  ['an old mouse report', '\u001b[M !"'],
  ['a focus report', '\u001b[I\u001b[O'],
  ['where the cursor is', '\u001b[12;40R'],
  ['what the terminal is', '\u001b[?62;4c\u001b[>1;10;0c'],
  ['a mode', '\u001b[?2026;2$y'],
  ['the background colour', '\u001b]11;rgb:1e1e/1e1e/1e1e\u0007'],
  ['the same, ended by ST', '\u001b]11;rgb:1e1e/1e1e/1e1e\u001b\\'],
  ['a version', '\u001bP>|xterm(388)\u001b\\'],
  ['the end of a paste that never began', '\u001b[201~'],
])('%s is nobody’s typing', (_name, input) => {
  expect(keysOf(`a${input}b`)).toEqual(texts('ab'));
});

test('reports are handed out, however they are cut, and nobody’s typing', () => {
  const whole =
    '\u001b[Ia\u001b[O\u001b[<64;12;3M\u001b[<69;1;1M\u001b[<0;1;1M\u001b[<0;1;1m\u001bP>|foot(1.16)\u001b\\b';
  for (let cut = 0; cut < whole.length; cut++) {
    const reports: Report[] = [];
    const reader = new KeyReader(report => reports.push(report));
    const read = [whole.slice(0, cut), whole.slice(cut)].flatMap(part =>
      reader.read(bytes(part), 0),
    );
    expect(read).toEqual(texts('ab'));
    expect(reports).toEqual([
      {type: 'focus', isFocused: true},
      {type: 'focus', isFocused: false},
      {type: 'wheel', by: -1, column: 11},
      {type: 'wheel', by: 1, column: 0},
      {type: 'reply', to: 'dcs', body: '>|foot(1.16)'},
    ]);
  }
});

test('a sequence torn apart on a slow line is still one key', () => {
  const reader = new KeyReader();
  expect(reader.read(bytes('\u001b['), 0)).toEqual([]);
  expect(reader.read(bytes('1;'), 40)).toEqual([]);
  expect(reader.read(bytes('5C'), 900)).toEqual(chords('ctrl-right'));
});

test('Esc alone is told from a sequence after 50 ms', () => {
  const reader = new KeyReader();
  expect(reader.read(bytes('\u001b'), 1000)).toEqual([]);
  expect(reader.dueAt).toBe(1050);
  expect(reader.onTime(1049)).toEqual([]);
  expect(reader.onTime(1050)).toEqual(chords('escape'));
  expect(reader.read(bytes('b'), 1060)).toEqual(texts('b'));
});

test('a paste is one text, its controls gone and its line breaks kept', () => {
  const pasted = 'one\r\ntwo\rthree\tfour\u001b[31m\u0003';
  expect(keysOf(`a\u001b[200~${pasted}\u001b[201~b`)).toEqual([
    ...texts('a'),
    {type: 'paste', text: 'one\ntwo\nthree    four[31m'},
    ...texts('b'),
  ]);
});

test('a paste that never ends is over after 5 s of silence, and Ctrl-C is a key again', () => {
  const reader = new KeyReader();
  expect(reader.read(bytes('\u001b[200~lost'), 0)).toEqual([]);
  expect(reader.read(bytes('\u0003'), 1000)).toEqual([]);
  expect(reader.dueAt).toBe(6000);
  expect(reader.onTime(6000)).toEqual([{type: 'paste', text: 'lost'}]);
  expect(reader.read(bytes('\u0003'), 6001)).toEqual(chords('ctrl-c'));
});

test('a paste that never falls silent is over after 30 s', () => {
  const reader = new KeyReader();
  reader.read(bytes('\u001b[200~'), 0);
  for (let now = 1000; now < 30_000; now += 1000) expect(reader.read(bytes('x'), now)).toEqual([]);
  expect(reader.read(bytes('\u0003'), 30_000)).toEqual([
    {type: 'paste', text: 'x'.repeat(29)},
    ...chords('ctrl-c'),
  ]);
});

test('a paste that is too long is none, and says how long it is', () => {
  const whole = 'x'.repeat(262_143);
  expect(keysOf(`\u001b[200~${whole}🙂\u001b[201~`)).toEqual([{type: 'paste', text: `${whole}🙂`}]);
  expect(keysOf(`\u001b[200~${whole}🙂🙂\u001b[201~a`)).toEqual([
    {type: 'refused-paste', characters: 262_145},
    ...texts('a'),
  ]);
});

test('a reply that never ends gives way to the next control key', () => {
  expect(keysOf('\u001b]11;rgb\u0003')).toEqual(chords('ctrl-c'));
  expect(keysOf('\u001bPnever ended')).toEqual([]);
});

const terminalInput = fc.array(
  fc.oneof(
    fc.string({unit: 'binary'}),
    fc.constantFrom(
      '\u001b',
      '\u001b[',
      '\u001bO',
      '\u001b[200~',
      '\u001b[201~',
      '\u001b]11;',
      '\u001b\\',
      '\u0007',
      '\u001b[1;5C',
      '\u001b[M',
      '\u001b[<0;1;1M',
      '\r',
      '\u0003',
      '👩‍👩‍👧',
    ),
  ),
);

test('the same keys come however the bytes are cut into chunks', () => {
  fc.assert(
    fc.property(terminalInput, fc.array(fc.nat({max: 12})), (parts, sizes) => {
      const input = bytes(parts.join(''));
      const whole = new KeyReader();
      const cut = new KeyReader();
      const expected = [...whole.read(input, 0), ...whole.onTime(60_000)];
      const keys: Key[] = [];
      let start = 0;
      for (const size of [...sizes, input.length]) {
        keys.push(...cut.read(input.subarray(start, start + size), 0));
        start += size;
      }
      keys.push(...cut.onTime(60_000));
      expect(keys).toEqual(expected);
    }),
    {numRuns: 1000},
  );
});

test('any bytes whatever are read, and nothing but a paste has control characters', () => {
  fc.assert(
    fc.property(fc.uint8Array({maxLength: 200}), input => {
      const reader = new KeyReader();
      for (const key of [...reader.read(input, 0), ...reader.onTime(60_000)]) {
        if (key.type === 'text') expect(key.text).not.toMatch(/\p{Cc}/u);
        if (key.type === 'paste') expect(key.text).not.toMatch(/[^\P{Cc}\n]/u);
      }
    }),
    {numRuns: 1000},
  );
});
