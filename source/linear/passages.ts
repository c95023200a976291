/** Who comes and goes, folded into one line when it has been quiet for a while. */
import {
  namedIn,
  type Passage,
  type PresenceEntry,
  presence,
  withPassage,
} from '../client/entries.ts';
import {counted, listOf, sentence, spoken} from './words.ts';

/** So long after the last of them they are told, and at the latest so long after the first. */
const quietMs = 2000;
const longestMs = 10_000;

export type PassagePlace = 'public' | 'room';

type Fold = {readonly entry: PresenceEntry; readonly firstAt: number; readonly lastAt: number};

export class Passages {
  readonly #folds = new Map<PassagePlace, Fold>();

  get dueAt(): number {
    let dueAt = Number.POSITIVE_INFINITY;
    for (const {firstAt, lastAt} of this.#folds.values()) {
      dueAt = Math.min(dueAt, lastAt + quietMs, firstAt + longestMs);
    }
    return dueAt;
  }

  add(
    place: PassagePlace,
    direction: 'came' | 'gone',
    label: string,
    isSpeaker: boolean,
    at: number,
  ): void {
    const {entry, firstAt} = this.#folds.get(place) ?? {entry: presence(at), firstAt: at};
    const next = withPassage(entry, direction, label, isSpeaker);
    this.#folds.set(place, {entry: next, firstAt, lastAt: at});
  }

  /** Takes all that wait, as lines. @param nameOf What a place is called. */
  take(nameOf: (place: PassagePlace) => string): readonly string[] {
    const lines = [...this.#folds].map(([place, {entry}]) =>
      passageLine(entry, place === 'public' ? '' : ` ${nameOf(place)}`),
    );
    this.#folds.clear();
    return lines.filter(line => line !== '');
  }
}

/** `5 people came: dora, mei and 3 more. xter left.` @param where ` "projet"`, or nothing. */
export function passageLine({came, gone}: PresenceEntry, where: string): string {
  const into = where === '' ? '' : ` into${where}`;
  return [passageWords(came, `came${into}`), passageWords(gone, `left${where}`)]
    .filter(words => words !== '')
    .join(' ');
}

function passageWords(passage: Passage, did: string): string {
  if (passage.count <= 0) return '';
  const {names, left} = namedIn(passage);
  const spokenNames = names.map(spoken);
  if (names.length === 0) return sentence(`${counted(passage.count, 'person', 'people')} ${did}`);
  return left === 0
    ? sentence(`${listOf(spokenNames)} ${did}`)
    : sentence(`${passage.count} people ${did}: ${listOf([...spokenNames, `${left} more`])}`);
}
