/** The state of the composer: a draft for each conversation, the lines sent before, a search in them, a question. */
import {cleanWhole} from '../../client/clean-text.ts';
import type {Vocabulary} from '../../client/completion.ts';
import {type ConversationId, isDirect} from '../../client/conversations.ts';
import {asTyped, type Letter, type Reading} from '../../client/draft.ts';
import type {Key} from '../input/keys.ts';
import {type Completion, complete, completeOther} from './completion.ts';
import {
  type EditCommand,
  type Editor,
  editCommands,
  emptyEditor,
  insert,
  moveByLine,
  replaceText,
} from './line-editor.ts';
import {emptySearch, foundIn, passOver, type Search} from './search.ts';
import {type SentLine, step, type Walk, withSent} from './sent-lines.ts';

export type Composer = {
  /** The conversation to which the present draft belongs and goes. */
  readonly conversation: ConversationId;
  readonly drafts: Each<Editor>;
  readonly audiences: Audiences;
  /** The audiences when each draft was begun; undefined while there is no draft. */
  readonly writtenFor: Each<Audiences>;
  /** Lines that were sent, newest last. */
  readonly sent: readonly SentLine[];
  /** The position among {@link sent}, while one of those lines may be shown instead of the draft. */
  readonly walks: Each<Walk>;
  readonly completion: Completion | undefined;
  /** While it is there, its query is edited instead of the draft. */
  readonly search: Search | undefined;
  readonly question: Question | undefined;
  /** What is shown beside the draft. */
  readonly outlook: Outlook;
};

/** Something of each conversation in which there is any. */
type Each<Value> = {readonly [Id in ConversationId]?: Value | undefined};

/** What is shown beside a draft: a list above it, and at the end of its first row what it will be. */
export type Outlook = {
  /** From top to bottom. */
  readonly rows: readonly OutlookRow[];
  readonly budget: Budget | undefined;
};

export type OutlookRow = {
  readonly text: string;
  /** What the text is, beside it. */
  readonly note?: string;
  readonly isChosen?: true;
  /** A sentence, and not an item of a list. */
  readonly isWords?: true;
};

/** `438/500 · for 2`. */
export type Budget = {readonly text: string; readonly isOver: boolean};

const noOutlook: Outlook = {rows: [], budget: undefined};

/** The question whether to leave, or to suspend the program. */
export type Leaving = {
  readonly about: 'leaving';
  /** The action that asked. The same action again is the answer. */
  readonly by: 'clear-or-leave' | 'delete-or-leave' | 'suspend' | 'send';
  /** Number of other people who lose the hub. */
  readonly guests: number;
};

/**
 * The readers of each conversation and of a reply: another room is another audience, another person to reply to too.
 * `direct`: the people of the hub, who are other people at another hub, whatever they are called.
 */
export type Audiences = Readonly<Record<'public' | 'room' | 'reply' | 'direct', string>>;

/** The readers of a text in that conversation, or of a reply. */
export function audienceOf(audiences: Audiences, name: ConversationId | 'reply'): string {
  return isDirect(name) ? `${audiences.direct} ${name}` : audiences[name];
}

export type Question =
  | Leaving
  /** Several lines were pasted: each would be a message. */
  | {
      readonly about: 'lines';
      readonly pasted: string;
      readonly reading: Lines;
      /** All of them as one message, if the protocol can carry that. */
      readonly whole: Lines | undefined;
    }
  /** The draft is too long for one message. */
  | {readonly about: 'parts'; readonly bytes: number; readonly reading: Lines}
  /**
   * The readers have just changed: the room has closed, another has opened, or `/reply` goes to somebody else
   * now.
   */
  | {readonly about: 'readers'; readonly to: Letter['to']};

type Lines = Extract<Reading, {readonly kind: 'texts'}>;

export const emptyComposer: Composer = {
  conversation: 'public',
  drafts: {},
  audiences: {public: '', room: '', reply: '', direct: ''},
  writtenFor: {},
  sent: [],
  walks: {},
  completion: undefined,
  search: undefined,
  question: undefined,
  outlook: noOutlook,
};

export function draftOf({drafts, conversation}: Composer): Editor {
  return drafts[conversation] ?? emptyEditor;
}

/** What the keys edit: the draft, or what is looked for. */
export function edited(composer: Composer): Editor {
  return composer.search?.query ?? draftOf(composer);
}

export function typeText(composer: Composer, text: string): Composer {
  return withEdited(composer, insert(edited(composer), cleanWhole(text)));
}

export function edit(composer: Composer, command: EditCommand): Composer {
  return withEdited(composer, editCommands[command](edited(composer)));
}

export function beginSearch(composer: Composer): Composer {
  return {...composer, search: emptySearch, completion: undefined, question: undefined};
}

/** To the next line that was found. @param by 1 for an older one, -1 for a newer one. */
export function searchOn(composer: Composer, by: -1 | 1, audiences: ReadonlySet<string>): Composer {
  const {search, sent} = composer;
  if (search === undefined) return composer;
  return {...composer, search: passOver(search, by, foundIn(sent, audiences, search))};
}

/** Ends the search. The draft is as it was. */
export function endSearch(composer: Composer): Composer {
  return {...composer, search: undefined};
}

/** Ends the search, and puts the line that was found into the draft. Undo brings the draft back. */
export function takeFound(composer: Composer, audiences: ReadonlySet<string>): Composer {
  const {search, sent} = composer;
  if (search === undefined) return composer;
  const found = foundIn(sent, audiences, search)[search.passed];
  const ended = endSearch(composer);
  return found === undefined ? ended : rewrite(ended, found);
}

/** A draft that is being edited outside, and for whom it was written. */
export type OutsideDraft = {
  readonly text: string;
  readonly conversation: ConversationId;
  readonly writtenFor: Audiences;
};

export function draftFor(composer: Composer): OutsideDraft {
  const {conversation, writtenFor, audiences} = composer;
  const {text} = draftOf(composer);
  return {text, conversation, writtenFor: writtenFor[conversation] ?? audiences};
}

/** Puts the edited text in the place of the draft, whose readers may have changed since. Undo brings the draft back. */
export function putEdited(
  composer: Composer,
  {conversation, writtenFor}: OutsideDraft,
  text: string,
): Composer {
  const changed = rewrite(switchTo(composer, conversation), text);
  if (text === '') return changed;
  return {...changed, writtenFor: {...changed.writtenFor, [conversation]: writtenFor}};
}

/** Ends a completion. The draft is as it was before the first Tab. */
export function undoCompletion(composer: Composer): Composer {
  const {completion} = composer;
  return completion === undefined ? composer : withDraft(composer, completion.typed);
}

/** Replaces the draft by another text. Undo brings the draft back. */
export function rewrite(composer: Composer, text: string): Composer {
  return withDraft(composer, replaceText(draftOf(composer), text));
}

/** Puts a single line into the draft, or several lines about which the user need not be asked. */
export function paste(composer: Composer, text: string): Composer {
  const draft = edited(composer);
  const pasted = pastedText(text);
  if (composer.search !== undefined) return typeText(composer, pasted.replaceAll('\n', ' '));
  const isFirst = draft.text.slice(0, draft.cursor).trim() === '';
  return withDraft(composer, insert(draft, isFirst ? pasted.replace(/^\n+/, '') : pasted));
}

/** A paste without the end of its last line, as it is put into a draft. */
export function pastedText(text: string): string {
  const cleaned = cleanWhole(text);
  const end = cleaned.trimEnd().length;
  const lineEnd = cleaned.indexOf('\n', end);
  return lineEnd === -1 ? cleaned : cleaned.slice(0, lineEnd);
}

/** Whether it is a paste of several lines. */
export function hasLines(key: Key): boolean {
  return key.type === 'paste' && pastedText(key.text).includes('\n');
}

/** Whether the action answers the question. */
export function answers(question: Question, action: string): boolean {
  if (question.about === 'leaving') return action === question.by;
  if (action === 'send') return true;
  if (question.about !== 'lines') return false;
  return action === 'clear-or-leave' || (action === 'new-line' && question.whole !== undefined);
}

/**
 * Ends a question without an answer to it. Pasted lines go into the draft, to be sent as one message. A slash at
 * their beginning is doubled, so that it is still no command.
 */
export function keepLines(composer: Composer): Composer {
  const {question} = composer;
  if (question === undefined) return composer;
  if (question.about !== 'lines') return {...composer, question: undefined};
  const {text, cursor} = draftOf(composer);
  const whole = text.slice(0, cursor) + cleanWhole(question.pasted);
  const typed = asTyped({text: whole, conversation: composer.conversation, pastedAt: cursor});
  return paste(composer, typed.slice(cursor));
}

/**
 * Moves a line up or down in the draft, or recalls an older or newer line that was sent.
 *
 * @param audiences Only lines for these audiences are offered.
 */
export function moveOrRecall(
  composer: Composer,
  by: -1 | 1,
  audiences: ReadonlySet<string>,
): Composer {
  const moved = moveByLine(draftOf(composer), by);
  if (moved !== undefined) return withDraft(composer, moved);
  const {sent, walks, conversation} = composer;
  const stepped = step(sent, audiences, walks[conversation], draftOf(composer).text, by);
  if (stepped === undefined) return composer;
  return {
    ...rewrite(composer, stepped.text),
    walks: {...walks, [conversation]: stepped.walk},
  };
}

/** @returns The same composer if there is nothing to complete. */
export function completeWord(composer: Composer, by: -1 | 1, vocabulary: Vocabulary): Composer {
  const draft = draftOf(composer);
  const {completion} = composer;
  const completed =
    completion === undefined ? complete(draft, vocabulary) : completeOther(draft, completion, by);
  if (completed === undefined) return composer;
  return {...withDraft(composer, completed.editor), completion: completed.completion};
}

/**
 * The draft was sent.
 *
 * @param line The text that gives the draft again, for ↑.
 * @param audience Its readers.
 */
export function clearSent(composer: Composer, line: string, audience: string): Composer {
  const {sent, walks, conversation} = composer;
  const remembered = {
    ...composer,
    sent: withSent(sent, line, audience),
    walks: {...walks, [conversation]: undefined},
  };
  return withDraft(remembered, {...emptyEditor, kills: draftOf(composer).kills});
}

/** Empties the draft. Undo brings it back. */
export function discard(composer: Composer): Composer {
  return rewrite(composer, '');
}

export function ask(composer: Composer, question: Question): Composer {
  return question.about === 'lines'
    ? {...composer, writtenFor: begunFor(composer, true), question}
    : {...composer, question};
}

/** Cuts the draft: only the user can put it back. */
export function putAside(composer: Composer): Composer {
  const kept = keepLines(composer);
  const {text, kills} = draftOf(kept);
  return withDraft(kept, {...emptyEditor, kills: [...kills, text]});
}

/** Whether a conversation has other readers now than when the draft was begun. */
export function isForOthers(
  {conversation, audiences, writtenFor}: Composer,
  name: ConversationId | 'reply' = conversation,
): boolean {
  const begun = writtenFor[conversation];
  return begun !== undefined && audienceOf(begun, name) !== audienceOf(audiences, name);
}

/** Some conversations have other readers from now on. A draft that was typed before is not for them. */
export function changeAudiences(composer: Composer, audiences: Audiences): Composer {
  const former = composer.audiences;
  const names = ['public', 'room', 'reply', 'direct'] as const;
  if (names.every(name => former[name] === audiences[name])) return composer;
  const drafts = {...composer.drafts};
  const walks = {...composer.walks};
  for (const name of Object.keys(drafts) as ConversationId[]) {
    if (audienceOf(former, name) === audienceOf(audiences, name)) continue;
    delete walks[name];
    const {text, kills} = drafts[name] ?? emptyEditor;
    if (text === '') drafts[name] = {...emptyEditor, kills};
  }
  return {...composer, audiences, drafts, walks};
}

/** The draft for the room that was left is one for the room that was entered: the same people are in it. */
export function carryDraft(composer: Composer): Composer {
  const {writtenFor, audiences} = composer;
  if (writtenFor.room === undefined) return composer;
  return {...composer, writtenFor: {...writtenFor, room: audiences}};
}

/** Goes to the draft of another conversation; the cut texts come along. */
export function switchTo(composer: Composer, conversation: ConversationId): Composer {
  if (conversation === composer.conversation) return composer;
  const {kills} = draftOf(composer);
  const draft = composer.drafts[conversation] ?? emptyEditor;
  return withDraft({...composer, conversation, search: undefined}, {...draft, kills});
}

/**
 * Goes to the user's present conversation, unless there is a draft: a key that was already on its way never sends a
 * text for one conversation to the other.
 */
export function follow(composer: Composer, here: ConversationId): Composer {
  const isEmpty = draftOf(composer).text === '' && composer.question?.about !== 'lines';
  return isEmpty ? switchTo(composer, here) : composer;
}

/** Forgets the draft of a conversation that was closed. What was written there can be put back. */
export function forget(composer: Composer, closed: ConversationId): Composer {
  const {[closed]: draft, ...drafts} = composer.drafts;
  const {[closed]: _walk, ...walks} = composer.walks;
  const {[closed]: _audiences, ...writtenFor} = composer.writtenFor;
  if (draft === undefined || closed === composer.conversation) return composer;
  const current = draftOf(composer);
  const kills = draft.text === '' ? current.kills : [...current.kills, draft.text];
  return {
    ...composer,
    drafts: {...drafts, [composer.conversation]: {...current, kills}},
    walks,
    writtenFor,
  };
}

function withEdited(composer: Composer, editor: Editor): Composer {
  if (composer.search === undefined) return withDraft(composer, editor);
  const isSame = editor.text === composer.search.query.text;
  return {...composer, search: {query: editor, passed: isSame ? composer.search.passed : 0}};
}

/** Every change of the draft ends a completion and a question. */
function withDraft(composer: Composer, draft: Editor): Composer {
  const {conversation, drafts} = composer;
  // Undo does not bring back a text for other readers.
  const isOver = draft.text === '' && isForOthers(composer);
  return {
    ...composer,
    drafts: {...drafts, [conversation]: isOver ? {...draft, past: []} : draft},
    writtenFor: begunFor(composer, draft.text !== ''),
    completion: undefined,
    search: undefined,
    question: undefined,
  };
}

/** @param isThere Whether there is a draft in the conversation, or pasted lines for it. */
function begunFor(
  {conversation, audiences, writtenFor}: Composer,
  isThere: boolean,
): Composer['writtenFor'] {
  const begun = isThere ? (writtenFor[conversation] ?? audiences) : undefined;
  return {...writtenFor, [conversation]: begun};
}
