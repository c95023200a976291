import {isDirect, personOf} from '../../client/conversations.ts';
import {isCommand, type Letter} from '../../client/draft.ts';
import {canSpeakIn, type State} from '../../client/state.ts';
import {nameLabel} from '../../names/label.ts';
import {fillersBehind, type Grapheme, graphemes, widthOf} from '../text/width.ts';
import {type Composer, draftOf, edited, isForOthers} from './composer.ts';
import type {Editor} from './line-editor.ts';

export type Prompt = {
  readonly text: string;
  /** Enter would do something else than a moment ago. */
  readonly isWarning: boolean;
};

export type ComposerRows = {
  readonly rows: readonly string[];
  /** Position of the cursor among the rows, in cells and rows. */
  readonly cursor: {readonly x: number; readonly y: number};
};

/** Says where the draft would go. */
export function promptOf(composer: Composer, state: State, columns: number): Prompt {
  const {conversation, question, search} = composer;
  if (search !== undefined) return {text: ' search ▸ ', isWarning: false};
  const name = isDirect(conversation)
    ? state.people.labelOf(personOf(conversation))
    : conversation === 'room'
      ? privateName(state)
      : conversation;
  const closed = conversation === 'public' ? 'you are in a room' : 'closed';
  const obstacle = !canSpeakIn(state, conversation)
    ? closed
    : isForOthers(composer) && !isCommand(draftOf(composer).text)
      ? 'typed for others'
      : undefined;
  const where =
    question?.about === 'readers'
      ? `to ${readersOf(question.to, state)}? Enter sends`
      : obstacle === undefined
        ? name
        : `${name} (${obstacle})`;
  const isWarning = obstacle !== undefined || question?.about === 'readers';
  const text = ` ${where} ▸ `;
  if (widthOf(text) <= columns / 2) return {text, isWarning};
  return {text: isWarning ? ' ! ▸ ' : ' ▸ ', isWarning};
}

/** The readers of a text that is sent there, in words. */
export function readersOf(to: Letter['to'], state: State): string {
  const {people, room, link} = state;
  if (to === 'public') return 'everybody';
  if (to !== 'room') return `${people.labelOf(to.nick)} alone`;
  if (room === undefined && link !== undefined) return `${people.labelOf(link.nick)} alone`;
  return `the room${room?.name === undefined ? '' : ` ${nameLabel(room.name)}`}`;
}

/** Names the room, or the person if the text is for one person. */
function privateName({room, link, features, people}: State): string {
  if (room?.name !== undefined) return nameLabel(room.name);
  if (room === undefined && link !== undefined) return people.labelOf(link.nick);
  return features.has('links') ? 'private connection' : 'room';
}

/** The rows for the draft and what is above it. A long draft is shown in part. */
export function rowsWanted(composer: Composer, state: State, columns: number): number {
  const rows = composerRows(edited(composer), draftColumns(composer, state, columns)).rows.length;
  return Math.min(rows, maximumDraftRows) + composer.outlook.rows.length;
}

const maximumDraftRows = 8;

/** What is said at the right end of the first row: only its beginning if there is little room. */
export function budgetText({outlook}: Composer, columns: number): string {
  const {text = ''} = outlook.budget ?? {};
  const [first = ''] = text.split(' · ', 1);
  return [text, first].find(words => widthOf(words) <= columns / 3) ?? '';
}

/** Cells for the draft, between the prompt and the budget. */
export function draftColumns(composer: Composer, state: State, columns: number): number {
  const budget = budgetText(composer, columns);
  const right = budget === '' ? 0 : widthOf(` ${budget} `);
  return columns - widthOf(promptOf(composer, state, columns).text) - right;
}

/**
 * The draft behind the prompt, broken between words where a row ends; a word that is longer than a row is broken between
 * graphemes. Spaces at the end of a row stay there, as far as there is room. The rows are remembered until the draft or
 * the width changes, because they are needed several times for one key.
 *
 * @param columns Cells of a row, including the one for a cursor at its end.
 */
export function composerRows(draft: Editor, columns: number): ComposerRows {
  const cached = cache.get(draft);
  if (cached?.columns === columns) return cached;
  const set = {columns, ...setRows(draft, columns)};
  cache.set(draft, set);
  return set;
}

const cache = new WeakMap<Editor, ComposerRows & {readonly columns: number}>();

function setRows({text, cursor}: Editor, columns: number): ComposerRows {
  const most = Math.max(1, columns - 1);
  const rows: string[] = [];
  let row: Grapheme[] = [];
  let place = {x: 0, y: 0};
  const widthOfRow = () => row.reduce((sum, {width}) => sum + width, 0);
  const endRow = () => {
    let x = 0;
    for (const {index, text, width} of row) {
      if (index === cursor) place = {x: Math.min(x, most), y: rows.length};
      if (text !== '\n') x += width;
    }
    rows.push(row.map(grapheme => (isShown(grapheme) ? grapheme.text : '')).join(''));
    row = [];
  };
  for (const found of graphemes(text)) {
    const fillers = fillersBehind(found);
    const {index, width} = found;
    const grapheme = {text: found.text + fillers, index, width: width + fillers.length};
    if (isShown(grapheme) && widthOfRow() + grapheme.width > most) {
      const wordStart = row.findLastIndex(({text}) => text === ' ') + 1;
      // A space at the end of a row needs no cell.
      if (grapheme.text === ' ') {
        row.push({...grapheme, width: 0});
        continue;
      }
      const word = wordStart > 0 ? row.slice(wordStart) : [];
      if (wordStart > 0) row = row.slice(0, wordStart);
      endRow();
      row = word;
    }
    row.push(grapheme);
    if (grapheme.text === '\n') endRow();
  }
  row.push({text: '', index: text.length, width: 0});
  endRow();
  return {rows, cursor: place};
}

function isShown({text, width}: Grapheme): boolean {
  return width > 0 && text !== '\n';
}

/** The rows around the cursor, if there is no room for all of them. */
export function rowsAround({rows, cursor}: ComposerRows, height: number): ComposerRows {
  const top = Math.max(0, Math.min(cursor.y - height + 1, rows.length - height));
  return {rows: rows.slice(top, top + height), cursor: {x: cursor.x, y: cursor.y - top}};
}
