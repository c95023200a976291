import {graphemeAt} from '../text/width.ts';

/** A draft of one or several lines, edited as readline does. */
export type Editor = {
  readonly text: string;
  /** In UTF-16 code units; always between two graphemes. */
  readonly cursor: number;
  /** The texts that were cut, newest last. */
  readonly kills: readonly string[];
  /** The states that undo goes back to, newest last. */
  readonly past: readonly Snapshot[];
  /** The newest change, if the next change of the same kind continues it. */
  readonly run: Run;
};

type Snapshot = {readonly text: string; readonly cursor: number};

type Run =
  | {readonly kind: 'none' | 'typing' | 'killing'}
  /** The text just put back, which yank-pop replaces by an older one. */
  | {readonly kind: 'yanking'; readonly start: number; readonly age: number};

const none: Run = {kind: 'none'};
const maximumKills = 20;
const maximumPast = 200;

export const emptyEditor: Editor = {text: '', cursor: 0, kills: [], past: [], run: none};

export function insert(editor: Editor, text: string): Editor {
  if (text === '') return editor;
  const {cursor} = editor;
  const before = editor.text.slice(0, cursor);
  const changed = {text: before + text + editor.text.slice(cursor), cursor: cursor + text.length};
  // A word is undone as one.
  const isSameWord = editor.run.kind === 'typing' && !/\s/.test(text);
  return isSameWord ? {...editor, ...snapped(changed)} : change(editor, changed, {kind: 'typing'});
}

/** Replaces the whole text and puts the cursor at the end. Undo brings the former text back. */
export function replaceText(editor: Editor, text: string): Editor {
  return change(editor, {text, cursor: text.length}, none);
}

/** Replaces the text between two offsets and puts the cursor behind it. */
export function replaceRange(editor: Editor, start: number, end: number, text: string): Editor {
  const changed = editor.text.slice(0, start) + text + editor.text.slice(end);
  return change(editor, {text: changed, cursor: start + text.length}, none);
}

/** Moves the cursor a line up or down; undefined if there is no such line. */
export function moveByLine(editor: Editor, by: -1 | 1): Editor | undefined {
  const {text, cursor} = editor;
  const start = lineStart(text, cursor);
  const target = by === -1 ? start - 1 : lineEnd(text, cursor) + 1;
  if (target < 0 || target > text.length) return undefined;
  const targetStart = lineStart(text, target);
  return move(editor, Math.min(targetStart + (cursor - start), lineEnd(text, targetStart)));
}

export type EditCommand = keyof typeof editCommands;

export const editCommands = {
  'character-left': editor => move(editor, previous(editor.text, editor.cursor)),
  'character-right': editor => move(editor, next(editor.text, editor.cursor)),
  'word-left': editor => move(editor, wordLeft(editor.text, editor.cursor)),
  'word-right': editor => move(editor, wordRight(editor.text, editor.cursor)),
  'line-start': editor => move(editor, lineStart(editor.text, editor.cursor)),
  'line-end': editor => move(editor, lineEnd(editor.text, editor.cursor)),
  'delete-left': editor => erase(editor, previous(editor.text, editor.cursor), editor.cursor),
  'delete-right': editor => erase(editor, editor.cursor, next(editor.text, editor.cursor)),
  'kill-word-left': editor => kill(editor, wordLeft(editor.text, editor.cursor), editor.cursor),
  'kill-word-right': editor => kill(editor, editor.cursor, wordRight(editor.text, editor.cursor)),
  'kill-argument-left': editor =>
    kill(editor, argumentLeft(editor.text, editor.cursor), editor.cursor),
  'kill-line-left': editor => kill(editor, lineStart(editor.text, editor.cursor), editor.cursor),
  'kill-line-right': killLineRight,
  yank,
  'yank-older': yankOlder,
  transpose,
  undo,
  'new-line': editor => insert(editor, '\n'),
} satisfies Record<string, (editor: Editor) => Editor>;

export function isEditCommand(name: string): name is EditCommand {
  return Object.hasOwn(editCommands, name);
}

function change(editor: Editor, changed: Snapshot, run: Run): Editor {
  if (changed.text === editor.text) return {...editor, ...snapped(changed), run};
  const {text, cursor} = editor;
  const past = [...editor.past, {text, cursor}].slice(-maximumPast);
  return {...editor, ...snapped(changed), past, run};
}

function move(editor: Editor, cursor: number): Editor {
  return {...editor, ...snapped({text: editor.text, cursor}), run: none};
}

/** Moves the cursor to the end of its grapheme: two graphemes may have become one around it. */
function snapped({text, cursor}: Snapshot): Snapshot {
  if (cursor <= 0 || cursor >= text.length) {
    return {text, cursor: Math.max(0, Math.min(cursor, text.length))};
  }
  const [start, end] = graphemeAt(text, cursor);
  return {text, cursor: start === cursor ? cursor : end};
}

function erase(editor: Editor, start: number, end: number): Editor {
  const text = editor.text.slice(0, start) + editor.text.slice(end);
  return change(editor, {text, cursor: start}, none);
}

/** Cuts. Texts that are cut in a row are put back as one. */
function kill(editor: Editor, start: number, end: number): Editor {
  const killed = editor.text.slice(start, end);
  if (killed === '') return {...editor, run: none};
  const newest = editor.run.kind === 'killing' ? (editor.kills.at(-1) ?? '') : undefined;
  const joined = end === editor.cursor ? killed + (newest ?? '') : (newest ?? '') + killed;
  const older = newest === undefined ? editor.kills : editor.kills.slice(0, -1);
  const kills = [...older, joined].slice(-maximumKills);
  return {...erase(editor, start, end), kills, run: {kind: 'killing'}};
}

function killLineRight(editor: Editor): Editor {
  const {text, cursor} = editor;
  const end = lineEnd(text, cursor);
  return kill(editor, cursor, end === cursor ? next(text, cursor) : end);
}

function yank(editor: Editor): Editor {
  return yankAt(editor, editor.cursor, 0);
}

function yankOlder(editor: Editor): Editor {
  const {run, kills} = editor;
  if (run.kind !== 'yanking') return editor;
  return yankAt(editor, run.start, (run.age + 1) % kills.length);
}

function yankAt(editor: Editor, start: number, age: number): Editor {
  const killed = editor.kills.at(-1 - age);
  if (killed === undefined) return editor;
  const yanked = replaceRange(editor, start, editor.cursor, killed);
  return {...yanked, run: {kind: 'yanking', start, age}};
}

/** Swaps the two graphemes around the cursor, or the last two at the end of a line. */
function transpose(editor: Editor): Editor {
  const {text, cursor} = editor;
  const middle = cursor === lineEnd(text, cursor) ? previous(text, cursor) : cursor;
  const start = previous(text, middle);
  const end = next(text, middle);
  if (start < lineStart(text, cursor) || start === middle) return editor;
  return replaceRange(editor, start, end, text.slice(middle, end) + text.slice(start, middle));
}

function undo(editor: Editor): Editor {
  const snapshot = editor.past.at(-1);
  if (snapshot === undefined) return editor;
  return {...editor, ...snapshot, past: editor.past.slice(0, -1), run: none};
}

function previous(text: string, offset: number): number {
  return offset <= 0 ? 0 : graphemeAt(text, offset - 1)[0];
}

function next(text: string, offset: number): number {
  return offset >= text.length ? text.length : graphemeAt(text, offset)[1];
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}

function wordLeft(text: string, offset: number): number {
  const before = text.slice(0, offset);
  return /[\p{L}\p{N}\p{M}_]+[^\p{L}\p{N}\p{M}_]*$/u.exec(before)?.index ?? 0;
}

function wordRight(text: string, offset: number): number {
  const after = text.slice(offset);
  const skipped = /^[^\p{L}\p{N}\p{M}_]*[\p{L}\p{N}\p{M}_]*/u.exec(after)?.[0] ?? '';
  return offset + skipped.length;
}

/** Back to the last space, as Ctrl-W does, over any other characters. */
function argumentLeft(text: string, offset: number): number {
  return /\S+\s*$/.exec(text.slice(0, offset))?.index ?? 0;
}
