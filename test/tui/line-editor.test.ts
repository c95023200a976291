import fc from 'fast-check';
import {expect, test} from 'vitest';
import {
  type EditCommand,
  type Editor,
  editCommands,
  emptyEditor,
  insert,
  moveByLine,
} from '../../source/tui/composer/line-editor.ts';

/** A draft with the cursor where the bar is. */
function at(marked: string): Editor {
  const cursor = marked.indexOf('|');
  return {...emptyEditor, text: marked.replace('|', ''), cursor};
}

function marked({text, cursor}: Editor): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

function run(editor: Editor, ...commands: readonly EditCommand[]): Editor {
  return commands.reduce((edited, command) => editCommands[command](edited), editor);
}

test.each<[EditCommand, string, string]>([
  ['character-left', 'a👩‍👩‍👧|b', 'a|👩‍👩‍👧b'],
  ['character-right', '|e\u0301b', 'e\u0301|b'],
  ['character-left', '|a', '|a'],
  ['word-left', 'one two-three|', 'one two-|three'],
  ['word-left', 'one  |', '|one  '],
  ['word-right', '|one two', 'one| two'],
  ['word-right', 'one| été', 'one été|'],
  ['line-start', 'one\ntw|o', 'one\n|two'],
  ['line-start', '|one', '|one'],
  ['line-end', 'o|ne\ntwo', 'one|\ntwo'],
  ['delete-left', 'a🇫🇷|b', 'a|b'],
  ['delete-right', 'a|👍🏽b', 'a|b'],
  ['delete-right', 'a|', 'a|'],
  ['kill-word-left', 'one two-three|', 'one two-|'],
  ['kill-argument-left', 'one two-three |x', 'one |x'],
  ['kill-word-right', 'one| two three', 'one| three'],
  ['kill-line-left', 'one\ntwo| three', 'one\n| three'],
  ['kill-line-right', 'on|e\ntwo', 'on|\ntwo'],
  ['kill-line-right', 'one|\ntwo', 'one|two'],
  ['transpose', 'ab|', 'ba|'],
  ['transpose', 'a|b', 'ba|'],
  ['transpose', '|ab', '|ab'],
  ['transpose', 'a|', 'a|'],
  ['new-line', 'a|b', 'a\n|b'],
])('%s turns %j into %j', (command, before, after) => {
  expect(marked(run(at(before), command))).toBe(after);
});

test('what is cut in a row is put back as one', () => {
  const cut = run(at('one two three|'), 'kill-word-left', 'kill-word-left');
  expect(marked(cut)).toBe('one |');
  expect(marked(run(cut, 'line-start', 'yank'))).toBe('two three|one ');
});

test('after putting back, older cuts take its place in turn', () => {
  const cut = run(at('one two|'), 'kill-word-left', 'line-start', 'kill-line-right', 'yank');
  expect(marked(cut)).toBe('one |');
  expect(marked(run(cut, 'yank-older'))).toBe('two|');
  expect(marked(run(cut, 'yank-older', 'yank-older'))).toBe('one |');
});

test('a word typed is undone as one, a cut too', () => {
  let editor = emptyEditor;
  for (const character of 'one two') editor = insert(editor, character);
  editor = run(editor, 'kill-line-left', 'undo');
  expect(marked(editor)).toBe('one two|');
  expect(marked(run(editor, 'undo'))).toBe('one|');
  expect(marked(run(editor, 'undo', 'undo', 'undo'))).toBe('|');
});

test('a mark typed after a letter joins it', () => {
  const editor = insert(insert(emptyEditor, 'e'), '\u0301');
  expect(marked(run(editor, 'delete-left'))).toBe('|');
});

test('the cursor moves between lines, and says where there are none', () => {
  const editor = at('first\nse|cond\nx');
  expect(moveByLine(editor, -1)).toMatchObject({cursor: 2});
  expect(moveByLine(editor, 1)).toMatchObject({cursor: 14});
  expect(moveByLine(at('fi|rst\nsecond'), -1)).toBeUndefined();
  expect(moveByLine(at('first\nsec|ond'), 1)).toBeUndefined();
});

const commandNames = Object.keys(editCommands) as EditCommand[];
const pieces = fc.oneof(
  fc.constantFrom('a', ' ', '\n', 'é', 'e\u0301', '👩‍👩‍👧', '🇫🇷', '日本', '\u0301', '\u200d', '-'),
  fc.string({unit: 'grapheme', maxLength: 4}),
);
const edits = fc.array(
  fc.oneof(fc.record({insert: pieces}), fc.record({command: fc.constantFrom(...commandNames)})),
  {maxLength: 60},
);

test('whatever is done, the cursor stands between two graphemes', () => {
  const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
  fc.assert(
    fc.property(edits, steps => {
      let editor = emptyEditor;
      for (const step of steps) {
        editor =
          'insert' in step ? insert(editor, step.insert) : editCommands[step.command](editor);
        const starts = [...segmenter.segment(editor.text)].map(({index}) => index);
        expect([...starts, editor.text.length]).toContain(editor.cursor);
      }
    }),
    {numRuns: 500},
  );
});

test('undoing everything leaves nothing', () => {
  fc.assert(
    fc.property(edits, steps => {
      let editor = emptyEditor;
      for (const step of steps) {
        editor =
          'insert' in step ? insert(editor, step.insert) : editCommands[step.command](editor);
      }
      while (editor.past.length > 0) editor = editCommands.undo(editor);
      expect(editor.text).toBe('');
    }),
  );
});

test('inserting, moving and deleting do what they do to a list of characters', () => {
  const steps = fc.array(fc.constantFrom('a', '日', '👍', 'left', 'right', 'backspace', 'delete'), {
    maxLength: 50,
  });
  fc.assert(
    fc.property(steps, names => {
      let editor = emptyEditor;
      const before: string[] = [];
      const after: string[] = [];
      for (const name of names) {
        if (name === 'left') {
          editor = editCommands['character-left'](editor);
          after.push(...before.splice(-1));
        } else if (name === 'right') {
          editor = editCommands['character-right'](editor);
          before.push(...after.splice(-1));
        } else if (name === 'backspace') {
          editor = editCommands['delete-left'](editor);
          before.pop();
        } else if (name === 'delete') {
          editor = editCommands['delete-right'](editor);
          after.pop();
        } else {
          editor = insert(editor, name);
          before.push(name);
        }
        expect(marked(editor)).toBe(`${before.join('')}|${after.toReversed().join('')}`);
      }
    }),
  );
});
