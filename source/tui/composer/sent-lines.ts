/** The lines that were sent before, and walking through them with ↑ and ↓. */

/** A line and its audience: it is never offered where other people would read it. */
export type SentLine = {
  /** Larger than those of all older lines. */
  readonly id: number;
  readonly text: string;
  readonly audience: string;
};

/** A walk goes from the draft through older lines. Each keeps its changes until the walk ends. */
export type Walk = {
  /** Id of the line that is shown; {@link draftId} if the walk is back at the draft. */
  readonly at: number;
  readonly edits: ReadonlyMap<number, string>;
};

/** The draft is newer than every line. */
const draftId = Number.POSITIVE_INFINITY;

const maximumSent = 500;

export function withSent(
  sent: readonly SentLine[],
  text: string,
  audience: string,
): readonly SentLine[] {
  const newest = sent.findLast(line => line.audience === audience);
  if (newest?.text === text) return sent;
  return [...sent, {id: (sent.at(-1)?.id ?? 0) + 1, text, audience}].slice(-maximumSent);
}

/**
 * A step to the next older or newer of the lines for those audiences.
 *
 * @param text The text that is shown now; it is shown again when the walk comes back.
 * @returns undefined at the oldest line, and at the draft.
 */
export function step(
  sent: readonly SentLine[],
  audiences: ReadonlySet<string>,
  walk: Walk | undefined,
  text: string,
  by: -1 | 1,
): {readonly walk: Walk; readonly text: string} | undefined {
  const at = walk?.at ?? draftId;
  const offered = sent.filter(({audience}) => audiences.has(audience));
  const line = by === -1 ? offered.findLast(({id}) => id < at) : offered.find(({id}) => id > at);
  if (line === undefined && (by === -1 || at === draftId)) return undefined;
  const edits = new Map(walk?.edits).set(at, text);
  const next = line?.id ?? draftId;
  return {walk: {at: next, edits}, text: edits.get(next) ?? line?.text ?? ''};
}
