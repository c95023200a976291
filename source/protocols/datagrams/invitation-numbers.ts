import type {InvitationId} from '../../chat/words.ts';

/** What an answer under some number means to the hub. */
export type Meaning =
  | {readonly type: 'confirmation'}
  | {readonly type: 'answer'; readonly invitation: InvitationId}
  /** The invitation was answered before: give the same answer again. */
  | {readonly type: 'repetition'}
  /** The invitation is over, or has never existed. */
  | {readonly type: 'too-late'};

/** Answered numbers that are remembered: half of the smallest counter, which is also the limit of pending ones. */
const maximumAnswered = 64;

/**
 * The invitations behind the hub's numbers for one client. They are needed because only the number tells what a client
 * answers: in `res302`, for example, a G confirms a member's address or answers an invitation.
 *
 * An invitation may be answered minutes later, when the counter has gone round. So the hub does not use the number of
 * a pending invitation for another one.
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

  /** The meaning of an answer under that number. A second call with the same number gives a repetition. */
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

  /** The number is used again, or no longer. */
  #free(sequence: number): void {
    const invitation = this.#pending.get(sequence);
    if (invitation !== undefined) this.#numberOf.delete(invitation);
    this.#pending.delete(sequence);
    this.#answered.delete(sequence);
    this.#members.delete(sequence);
  }
}
