/** What is being typed: a draft for each conversation, what was sent before, a question. */
import {cleanWhole} from '../../client/clean-text.ts';
import {asTyped, type Letter, type Reading} from '../../client/draft.ts';
import type {State} from '../../client/state.ts';
import {type Completion, complete, completeOther, type Vocabulary} from './completion.ts';
import {
  type EditCommand,
  type Editor,
  editCommands,
  emptyEditor,
  insert,
  moveByLine,
  replaceText,
} from './line-editor.ts';
import {type SentLine, step, type Walk, withSent} from './sent-lines.ts';

export type Conversation = keyof State['conversations'];

export type Composer = {
  /** The one that the draft being edited belongs to, and goes to. */
  readonly conversation: Conversation;
  readonly drafts: Readonly<Record<Conversation, Editor>>;
  readonly audiences: Audiences;
  /** Those there were when each draft was begun; undefined while there is none. */
  readonly writtenFor: Readonly<Record<Conversation, Audiences | undefined>>;
  /** Lines that were sent, newest last. */
  readonly sent: readonly SentLine[];
  /** Where one is among {@link sent}, while one of them may be shown instead of the draft. */
  readonly walks: Readonly<Record<Conversation, Walk | undefined>>;
  readonly completion: Completion | undefined;
  readonly question: Question | undefined;
};

/** Whether to leave, or to stand still. */
export type Leaving = {
  readonly about: 'leaving';
  /** Done once more, it is the answer. */
  readonly by: 'clear-or-leave' | 'delete-or-leave' | 'suspend' | 'send';
  /** How many others lose the hub. */
  readonly guests: number;
};

/** Who reads what is said: another room is another audience, and so is another one to reply to. */
export type Audiences = Readonly<Record<Conversation | 'reply', string>>;

export type Question =
  | Leaving
  /** Several lines were pasted: each is to be a message. */
  | {readonly about: 'lines'; readonly pasted: string; readonly reading: Lines}
  /**
   * Who reads it has just changed: the room has closed, another has opened, somebody else is the one
   * to reply to.
   */
  | {readonly about: 'readers'; readonly to: Letter['to']};

type Lines = Extract<Reading, {readonly kind: 'texts'}>;

export const emptyComposer: Composer = {
  conversation: 'public',
  drafts: {public: emptyEditor, room: emptyEditor},
  audiences: {public: '', room: '', reply: ''},
  writtenFor: {public: undefined, room: undefined},
  sent: [],
  walks: {public: undefined, room: undefined},
  completion: undefined,
  question: undefined,
};

export function draftOf({drafts, conversation}: Composer): Editor {
  return drafts[conversation];
}

export function typeText(composer: Composer, text: string): Composer {
  return withDraft(composer, insert(draftOf(composer), cleanWhole(text)));
}

export function edit(composer: Composer, command: EditCommand): Composer {
  return withDraft(composer, editCommands[command](draftOf(composer)));
}

/** Another text instead of the draft, which undo brings back. */
export function rewrite(composer: Composer, text: string): Composer {
  return withDraft(composer, replaceText(draftOf(composer), text));
}

/** A single line goes into the draft, and so do several that nobody has to be asked about. */
export function paste(composer: Composer, text: string): Composer {
  const draft = draftOf(composer);
  const pasted = pastedText(text);
  const isFirst = draft.text.slice(0, draft.cursor).trim() === '';
  return withDraft(composer, insert(draft, isFirst ? pasted.replace(/^\n+/, '') : pasted));
}

/** What of a paste is put into a draft: its last line has no end there. */
export function pastedText(text: string): string {
  const cleaned = cleanWhole(text);
  const end = cleaned.trimEnd().length;
  const lineEnd = cleaned.indexOf('\n', end);
  return lineEnd === -1 ? cleaned : cleaned.slice(0, lineEnd);
}

/** Whether the action is what the question is about, and not something else that is done instead. */
export function answers(question: Question, action: string): boolean {
  if (question.about === 'leaving') return action === question.by;
  return action === 'send' || (question.about === 'lines' && action === 'clear-or-leave');
}

/**
 * Something else is done than what was asked: pasted lines stay in the draft, to be sent as one. A
 * slash that they begin with is doubled, so that it is still no command.
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
 * A line of the draft further up or down, or an older or newer line of those sent.
 *
 * @param audiences Those whose lines may be offered here.
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
 * @param line What brings it back.
 * @param audience Whoever has read it.
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

/** Lets go of the draft, which undo brings back. */
export function discard(composer: Composer): Composer {
  return rewrite(composer, '');
}

export function ask(composer: Composer, question: Question): Composer {
  return question.about === 'lines'
    ? {...composer, writtenFor: begunFor(composer, true), question}
    : {...composer, question};
}

/** Cuts the draft, so that it can be put back by hand alone. */
export function putAside(composer: Composer): Composer {
  const kept = keepLines(composer);
  const {text, kills} = draftOf(kept);
  return withDraft(kept, {...emptyEditor, kills: [...kills, text]});
}

/** Whether others would read the draft, said there, than when it was begun. */
export function isForOthers(
  {conversation, audiences, writtenFor}: Composer,
  name: keyof Audiences = conversation,
): boolean {
  const begun = writtenFor[conversation];
  return begun !== undefined && begun[name] !== audiences[name];
}

/** Others read some conversations from now on: what was typed there before is nothing to them. */
export function changeAudiences(composer: Composer, audiences: Audiences): Composer {
  const {public: everybody, room, reply} = composer.audiences;
  const isSame =
    audiences.public === everybody && audiences.room === room && audiences.reply === reply;
  if (isSame) return composer;
  const drafts = {...composer.drafts};
  const walks = {...composer.walks};
  for (const name of ['public', 'room'] as const) {
    if (composer.audiences[name] === audiences[name]) continue;
    walks[name] = undefined;
    const {text, kills} = drafts[name];
    if (text === '') drafts[name] = {...emptyEditor, kills};
  }
  return {...composer, audiences, drafts, walks};
}

/** Goes to the draft of another conversation; what was cut comes along. */
export function switchTo(composer: Composer, conversation: Conversation): Composer {
  if (conversation === composer.conversation) return composer;
  const {kills} = draftOf(composer);
  return withDraft({...composer, conversation}, {...composer.drafts[conversation], kills});
}

/**
 * Goes to where one is now, unless there is a draft: what was typed for one conversation is never
 * sent to the other by a key that was already on its way.
 */
export function follow(composer: Composer, here: Conversation): Composer {
  const isEmpty = draftOf(composer).text === '' && composer.question?.about !== 'lines';
  return isEmpty ? switchTo(composer, here) : composer;
}

/** Whatever is done with the draft ends a completion and a question. */
function withDraft(composer: Composer, draft: Editor): Composer {
  const {conversation, drafts} = composer;
  // Undo does not bring back what was written for others.
  const isOver = draft.text === '' && isForOthers(composer);
  return {
    ...composer,
    drafts: {...drafts, [conversation]: isOver ? {...draft, past: []} : draft},
    writtenFor: begunFor(composer, draft.text !== ''),
    completion: undefined,
    question: undefined,
  };
}

/** @param isThere Whether there is a draft in the conversation, or there are lines for it. */
function begunFor(
  {conversation, audiences, writtenFor}: Composer,
  isThere: boolean,
): Composer['writtenFor'] {
  const begun = isThere ? (writtenFor[conversation] ?? audiences) : undefined;
  return {...writtenFor, [conversation]: begun};
}
