import type {Key} from './keys.ts';

/** Keys within this time after pasted lines belong to the paste: nobody answers a question that fast. */
const reactionMs = 100;
/** The same for a read with more than one character: a slow line has gaps. */
const slowLineMs = 2000;
/** From this many text keys in one read on, they are put into the draft as one paste. */
const longRun = 256;

/**
 * Finds pastes in a terminal that does not mark them. Fingers send one key at a time. A program that types
 * (`tmux send-keys`) sends a line with Enter at its end. If more text follows a line break or a tab in one read, it
 * was pasted.
 *
 * Owns no clock: `now` is in milliseconds of a monotonic one.
 */
export class Bursts {
  /** The lines that were pasted last, while more of them may come. */
  #open: Open | undefined;

  /** @param keys The keys of one read. */
  take(keys: readonly Key[], now: number): readonly Key[] {
    const open = this.#open;
    this.#open = undefined;
    const taken: Key[] = [];
    for (let start = 0; start < keys.length; ) {
      const end = endOfRun(keys, start);
      const run = keys.slice(start, end);
      if (run.length === 0) taken.push(...keys.slice(start, start + 1));
      else taken.push(...this.#takeRun(run, start === 0 ? open : undefined, now));
      start = Math.max(end, start + 1);
    }
    return taken;
  }

  #takeRun(run: readonly Key[], open: Open | undefined, now: number): readonly Key[] {
    const lastText = run.findLastIndex(({type}) => type === 'text');
    const inner = run.slice(0, lastText + 1);
    const isContinued = open !== undefined && isMore(open, run, inner, now);
    const isPasted = inner.some(({type}) => type === 'chord') || inner.length >= longRun;
    if (!isContinued && !isPasted) return run;
    // Keys after a single pasted line mean the same as after a typed one.
    const hasLines = isContinued || inner.some(isBreak);
    if (!hasLines) return [pasteOf(inner), ...run.slice(lastText + 1)];
    this.#open = {at: now, isLineEnded: isBreak(run.at(-1))};
    return [pasteOf(run)];
  }
}

/** Pasted lines: when they came, and whether the last one ended with a line break. */
type Open = {readonly at: number; readonly isLineEnded: boolean};

/** @param inner The run up to its last text key. */
function isMore(
  {at, isLineEnded}: Open,
  run: readonly Key[],
  inner: readonly Key[],
  now: number,
): boolean {
  const isAnswer = isLineEnded && run.length === 1 && isBreak(run[0]);
  return !isAnswer && now - at < (inner.length > 1 ? slowLineMs : reactionMs);
}

function endOfRun(keys: readonly Key[], start: number): number {
  let end = start;
  while (keys[end]?.type === 'text' || isBreak(keys[end]) || isTab(keys[end])) end++;
  return end;
}

function isBreak(key: Key | undefined): boolean {
  return key?.type === 'chord' && (key.chord === 'enter' || key.chord === 'ctrl-j');
}

function isTab(key: Key | undefined): boolean {
  return key?.type === 'chord' && key.chord === 'tab';
}

function pasteOf(run: readonly Key[]): Key {
  const characters = run.map(key => {
    if (key.type === 'text') return key.text;
    return isTab(key) ? '    ' : key.type === 'chord' && key.chord === 'enter' ? '\r' : '\n';
  });
  return {type: 'paste', text: characters.join('').replaceAll(/\r\n?/g, '\n')};
}
