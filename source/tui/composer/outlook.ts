/** What is shown beside a draft: a list above it, and at the end of its first row what it will be. */
import type {ChatClient} from '../../client/client.ts';
import type {Command} from '../../client/command.ts';
import {commandIn, commandsBeginning} from '../../client/completion.ts';
import {isDirect} from '../../client/conversations.ts';
import {type Draft, isCommand, type Letter, longestOf} from '../../client/draft.ts';
import type {State} from '../../client/state.ts';
import {windowAround} from '../panes/window-around.ts';
import {wrap} from '../text/wrap.ts';
import {
  type Budget,
  type Composer,
  draftOf,
  type Outlook,
  type OutlookRow,
  type Question,
} from './composer.ts';
import {readersOf} from './composer-rows.ts';
import {foundIn} from './search.ts';

/** At most this many rows are above the draft. */
const maximumRows = 6;

type Surroundings = {
  readonly client: Pick<ChatClient, 'state' | 'textRules' | 'read'>;
  readonly commands: readonly Command[];
  /** Whose lines the search may offer. */
  readonly audiences: ReadonlySet<string>;
  /** Cells of the screen. */
  readonly columns: number;
};

export function outlookOf(composer: Composer, surroundings: Surroundings): Outlook {
  const {client} = surroundings;
  const {conversation, search, question} = composer;
  const {text} = draftOf(composer);
  const isAsked = question?.about === 'lines' || question?.about === 'parts';
  return {
    rows: rowsOf(composer, surroundings).slice(0, maximumRows),
    budget: isAsked || search !== undefined ? undefined : budgetOf({text, conversation}, client),
  };
}

export function isSameOutlook(one: Outlook, other: Outlook): boolean {
  return (
    one.budget?.text === other.budget?.text &&
    one.budget?.isOver === other.budget?.isOver &&
    one.rows.length === other.rows.length &&
    one.rows.every((row, index) => {
      const same = other.rows[index];
      return row.text === same?.text && row.note === same.note && row.isChosen === same.isChosen;
    })
  );
}

function rowsOf(composer: Composer, surroundings: Surroundings): readonly OutlookRow[] {
  const {question, search, completion} = composer;
  const {client, commands, audiences, columns} = surroundings;
  if (question?.about === 'lines' || question?.about === 'parts') {
    return questionRows(question, client, columns);
  }
  if (search !== undefined) {
    const found = foundIn(composer.sent, audiences, search);
    const hint = found.length === 0 ? 'Nothing sent here has that. Esc back' : searchHint;
    // The newest is nearest to the line, as it is in a shell.
    const shown = around(found, search.passed, maximumRows - 1, text => ({text: firstLine(text)}));
    return [words(hint), ...shown.toReversed()];
  }
  if (completion !== undefined) {
    const {candidates, chosen} = completion;
    if (candidates.length < 2) return [];
    return around(candidates, chosen, maximumRows, ({shown, note}) => ({
      text: shown,
      ...(note === undefined ? {} : {note}),
    }));
  }
  return commandRows(draftOf(composer).text, {commands, features: client.state.features});
}

const searchHint = 'Ctrl-R older, Enter takes it, Esc back';

/** What a slash and the letters behind it can become; or how the command is typed. */
function commandRows(
  text: string,
  known: Parameters<typeof commandsBeginning>[1],
): readonly OutlookRow[] {
  if (!isCommand(text) || text.includes('\n')) return [];
  const typed = text.trimStart();
  const {command} = commandIn(typed, known.commands);
  if (command !== undefined) return [rowOf(command.name, command)];
  const [, word] = /^\/(\S*)$/.exec(typed) ?? [];
  if (word === undefined) return [];
  const found = commandsBeginning(word, known).map(({name, command: one}) => rowOf(name, one));
  if (found.length <= maximumRows) return found;
  const shown = found.slice(0, maximumRows - 1);
  return [
    ...shown,
    words(`${found.length - shown.length} more: Tab goes through them, F1 explains`),
  ];
}

function rowOf(name: string, {usage, summary}: Command): OutlookRow {
  return {text: `/${name} ${usage}`.trimEnd(), note: summary};
}

function questionRows(
  question: Question & {about: 'lines' | 'parts'},
  {state, textRules}: Surroundings['client'],
  columns: number,
): readonly OutlookRow[] {
  const {letters} = question.reading;
  const [{to} = {to: 'public' as const}] = letters;
  const readers = readersOf(to, state);
  const sentence = (text: string) => wrap(text, Math.max(1, columns - 2)).map(words);
  if (question.about === 'parts') {
    return sentence(
      `Not sent yet: it has ${question.bytes} bytes, and ${state.protocol} carries ${textRules.maximumTextBytes}. Enter sends ${letters.length} messages to ${readers}, other keys keep the draft`,
    );
  }
  const whole = question.whole === undefined ? '' : 'Alt-Enter one of them all, ';
  const asked = sentence(
    `Enter sends ${letters.length} messages to ${readers}, ${whole}other keys keep them as a draft`,
  );
  const lines = letters.map(({text}) => ({text: firstLine(text)}));
  const room = Math.max(1, maximumRows - asked.length);
  if (lines.length <= room) return [...asked, ...lines];
  const shown = lines.slice(0, room - 1);
  return [...asked, ...shown, words(`${lines.length - shown.length} more`)];
}

function budgetOf(draft: Draft, client: Surroundings['client']): Budget | undefined {
  const {state, textRules} = client;
  const reading = draft.text === '' ? undefined : client.read(draft);
  if (reading?.kind !== 'texts') return undefined;
  const {letters} = reading;
  const [first] = letters;
  const {maximumTextBytes} = textRules;
  const bytes = longestOf(letters);
  const isOver = bytes > maximumTextBytes;
  const facts = [
    bytes >= shownFrom * maximumTextBytes ? `${bytes}/${maximumTextBytes}` : undefined,
    isOver ? partsFact(draft, bytes, client) : messagesFact(letters.length),
    first === undefined ? undefined : readerFact(first.to, draft, state),
    state.connection.phase === 'connected' ? undefined : 'kept for the hub',
  ];
  const text = facts.filter(fact => fact !== undefined).join(' · ');
  return text === '' ? undefined : {text, isOver};
}

/** The bytes are shown from this part of the limit on. */
const shownFrom = 0.8;
/** In bytes. The parts of a longer draft are counted when it is sent: to cut it at each key would be felt. */
const maximumCounted = 8192;

function partsFact(draft: Draft, bytes: number, client: Surroundings['client']): string {
  if (bytes > maximumCounted) return 'many parts';
  const reading = client.read({...draft, isInParts: true});
  return `${reading.kind === 'texts' ? reading.letters.length : 1} parts`;
}

function messagesFact(count: number): string | undefined {
  return count === 1 ? undefined : `${count} messages`;
}

/** Who reads it, where the prompt does not say so. */
function readerFact(
  to: Letter['to'],
  {conversation}: Draft,
  {people, room}: State,
): string | undefined {
  if (typeof to !== 'string') {
    return isDirect(conversation) ? undefined : `to ${people.labelOf(to.nick)} only`;
  }
  return to === 'room' && room !== undefined ? `for ${room.members.length - 1}` : undefined;
}

/** The rows around the chosen one. There may be thousands of items. */
function around<Item>(
  items: readonly Item[],
  chosen: number,
  height: number,
  rowFor: (item: Item) => OutlookRow,
): readonly OutlookRow[] {
  const one = items[chosen];
  return windowAround(items, chosen, height).map(item =>
    item === one ? {...rowFor(item), isChosen: true} : rowFor(item),
  );
}

function words(text: string): OutlookRow {
  return {text, isWords: true};
}

function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0] ?? '';
}
