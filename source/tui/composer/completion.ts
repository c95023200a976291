/** What Tab writes. */
import {type Candidate, candidatesFor, type Vocabulary} from '../../client/completion.ts';
import {type Editor, replaceRange} from './line-editor.ts';

/** A completion that is under way: every further Tab shows the next candidate. */
export type Completion = {
  /** Where the completed words begin, in UTF-16 code units. */
  readonly start: number;
  readonly candidates: readonly Candidate[];
  readonly chosen: number;
  /** The draft before the first Tab. */
  readonly typed: Editor;
};

export type Completed = {readonly editor: Editor; readonly completion: Completion};

/** @returns undefined if nothing begins with what stands before the cursor. */
export function complete(editor: Editor, vocabulary: Vocabulary): Completed | undefined {
  const found = candidatesFor(editor.text.slice(0, editor.cursor), vocabulary);
  return found && choose(editor, {...found, chosen: 0, typed: editor});
}

/** @param by 1 for the next candidate, -1 for the one before. */
export function completeOther(editor: Editor, completion: Completion, by: -1 | 1): Completed {
  const {candidates, chosen} = completion;
  const other = (chosen + by + candidates.length) % candidates.length;
  return choose(editor, {...completion, chosen: other});
}

function choose(editor: Editor, completion: Completion): Completed {
  const {start, candidates, chosen} = completion;
  const written = candidates[chosen]?.write() ?? '';
  // The space that is there already is enough.
  const isFollowed = /\s/.test(editor.text.charAt(editor.cursor));
  const text = isFollowed ? written.trimEnd() : written;
  return {editor: replaceRange(editor, start, editor.cursor, text), completion};
}
