import type {InvitationId} from '../../chat/words.ts';

/** What an answer with some number says to the hub. */
export type Meaning =
  | {readonly type: 'confirmation'}
  | {readonly type: 'answer'; readonly invitation: InvitationId}
  /** Of an invitation answered before: the same answer once more. */
  | {readonly type: 'repetition'}
  /** Of an invitation that is over, or that never was. */
  | {readonly type: 'too-late'};

/** Answered numbers that are remembered: as many as there may be pending ones in the smallest counter. */
const maximumAnswered = 64;

/**
 * What one client's numbers were last used for, as far as an answer may name them: a G from a client of `res302` is
 * the confirmation of a member's address or the answer to an invitation, and only its number tells which.
 *
 * An invitation is answered minutes later, when all the numbers may have gone round. So the hub does not use a
 * number that a pending invitation holds for another one.
 */
export class InvitationNumbers {
  readonly #pending = new Map<number, InvitationId>();
  readonly #numberOf = new Map<InvitationId, number>();
  /** Oldest first. */
  readonly #answered = new Set<number>();
  readonly #members = new Set<number>();

  get pending(): number {
    return this.#pending.size;
  }

  isHeld(sequence: number): boolean {
    return this.#pending.has(sequence);
  }

  assignToMember(sequence: number): void {
    this.#free(sequence);
    this.#members.add(sequence);
  }

  assignToInvitation(sequence: number, invitation: InvitationId): void {
    this.#free(sequence);
    this.#pending.set(sequence, invitation);
    this.#numberOf.set(invitation, sequence);
  }

  end(invitation: InvitationId): void {
    const sequence = this.#numberOf.get(invitation);
    if (sequence !== undefined) this.#free(sequence);
  }

  /** What that answer says. Asked again about the same number, it is a repetition. */
  take(sequence: number): Meaning {
    if (this.#members.has(sequence)) return {type: 'confirmation'};
    if (this.#answered.has(sequence)) return {type: 'repetition'};
    const invitation = this.#pending.get(sequence);
    this.#free(sequence);
    this.#answered.add(sequence);
    const [oldest] = this.#answered;
    if (oldest !== undefined && this.#answered.size > maximumAnswered) {
      this.#answered.delete(oldest);
    }
    return invitation === undefined ? {type: 'too-late'} : {type: 'answer', invitation};
  }

  /** That number is used anew, or no more. */
  #free(sequence: number): void {
    const invitation = this.#pending.get(sequence);
    if (invitation !== undefined) this.#numberOf.delete(invitation);
    this.#pending.delete(sequence);
    this.#answered.delete(sequence);
    this.#members.delete(sequence);
  }
}
