import {Recent} from '../../../transport/recent.ts';
import {reliability} from '../reliability.ts';
import {type MessageType, maximumSequence, types} from '../wire/messages.ts';

/**
 * Recent answers, by type and by the number of their request. REPONSE_ACCES and REPONSE_QUITTER are answers and also
 * messages of the hub's own (R8), and only the number tells which: a late copy of an answer must not close or change the
 * room in which we are by then.
 */
export class Answered {
  readonly #recent = new Recent<number, void>(reliability);

  add(type: MessageType, sequence: number, now: number): void {
    this.#recent.add(keyOf(type, sequence), now);
  }

  has(type: MessageType, sequence: number, now: number): boolean {
    return this.#recent.has(keyOf(type, sequence), now);
  }
}

function keyOf(type: MessageType, sequence: number): number {
  return types[type] * (maximumSequence + 1) + sequence;
}
