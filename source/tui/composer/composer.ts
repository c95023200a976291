/** What is being typed: a draft for each conversation, what was sent before, a question. */
import {cleanText} from '../../client/clean-text.ts';
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

export type Conversation = keyof State['conversations'];

export type Composer = {
  /** The one that the draft being edited belongs to, and goes to. */
  readonly conversation: Conversation;
  readonly drafts: Readonly<Record<Conversation, Editor>>;
  /** Lines that were sent, newest last. */
  readonly sent: readonly string[];
  /** Which of {@link sent} is shown instead of the draft, which is kept for the way back. */
  readonly recalled: {readonly index: number; readonly draft: string} | undefined;
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

export type Question =
  | Leaving
  /** Several lines were pasted: each is to be a message. */
  | {readonly about: 'lines'; readonly lines: readonly string[]; readonly pasted: string}
  /** The room has just closed: what is sent now is for everybody. */
  | {readonly about: 'everybody'};

const maximumSent = 500;

export const emptyComposer: Composer = {
  conversation: 'public',
  drafts: {public: emptyEditor, room: emptyEditor},
  sent: [],
  recalled: undefined,
  completion: undefined,
  question: undefined,
};

export function draftOf({drafts, conversation}: Composer): Editor {
  return drafts[conversation];
}

export function typeText(composer: Composer, text: string): Composer {
  return withDraft(composer, insert(draftOf(composer), cleanText(text)));
}

export function edit(composer: Composer, command: EditCommand): Composer {
  return withDraft(composer, editCommands[command](draftOf(composer)));
}

/** Another text instead of the draft, which undo brings back. */
export function rewrite(composer: Composer, text: string): Composer {
  return withDraft(composer, replaceText(draftOf(composer), text));
}

/** A single line goes into the draft; about several there is a question. */
export function paste(composer: Composer, text: string): Composer {
  const pasted = text.replace(/\n+$/, '').split('\n').map(cleanText).join('\n');
  if (!pasted.includes('\n')) return withDraft(composer, insert(draftOf(composer), pasted));
  const {text: draft, cursor} = draftOf(composer);
  const lines = `${draft.slice(0, cursor)}${pasted}${draft.slice(cursor)}`
    .split('\n')
    .filter(line => line.trim() !== '');
  return {...composer, question: {about: 'lines', lines, pasted}};
}

/** Whether the action is what the question is about, and not something else that is done instead. */
export function answers(question: Question, action: string): boolean {
  if (question.about === 'leaving') return action === question.by;
  return action === 'send' || (question.about === 'lines' && action === 'clear-or-leave');
}

/** Something else is done than what was asked: pasted lines stay in the draft, to be sent as one. */
export function keepLines(composer: Composer): Composer {
  const {question} = composer;
  if (question === undefined) return composer;
  if (question.about !== 'lines') return {...composer, question: undefined};
  return withDraft(composer, insert(draftOf(composer), question.pasted));
}

/** A line of the draft further up or down, or an older or newer line of those sent. */
export function moveOrRecall(composer: Composer, by: -1 | 1): Composer {
  const moved = moveByLine(draftOf(composer), by);
  if (moved !== undefined) return withDraft(composer, moved);
  const {sent, recalled} = composer;
  const draft = recalled?.draft ?? draftOf(composer).text;
  const index = (recalled?.index ?? sent.length) + by;
  if (index < 0 || index > sent.length) return composer;
  const changed = rewrite(composer, sent[index] ?? draft);
  return {...changed, recalled: index === sent.length ? undefined : {index, draft}};
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

/** The draft was sent. */
export function clearSent(composer: Composer): Composer {
  const {text} = draftOf(composer);
  const cleared = remember(composer, text);
  return withDraft(cleared, {...emptyEditor, kills: draftOf(composer).kills});
}

/** Lets go of the draft, which undo brings back. */
export function discard(composer: Composer): Composer {
  return rewrite(composer, '');
}

export function ask(composer: Composer, question: Question): Composer {
  return {...composer, question};
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
  return draftOf(composer).text === '' ? switchTo(composer, here) : composer;
}

function remember(composer: Composer, line: string): Composer {
  if (line.trim() === '' || line === composer.sent.at(-1)) return composer;
  return {...composer, sent: [...composer.sent, line].slice(-maximumSent)};
}

/** Whatever is done with the draft ends a completion and a question; changing it, the recalling. */
function withDraft(composer: Composer, draft: Editor): Composer {
  const isUnchanged = draft.text === draftOf(composer).text;
  return {
    ...composer,
    drafts: {...composer.drafts, [composer.conversation]: draft},
    recalled: isUnchanged ? composer.recalled : undefined,
    completion: undefined,
    question: undefined,
  };
}
