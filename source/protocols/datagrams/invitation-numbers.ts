import type {InvitationId} from '../../chat/words.ts';

type Use = 'member' | {readonly invitation: InvitationId; isPending: boolean; wasAnswered: boolean};

/** What a G with some number says to the hub. */
export type Meaning =
  | {readonly type: 'confirmation'}
  | {readonly type: 'answer'; readonly invitation: InvitationId}
  /** Of an invitation answered before: the same G once more. */
  | {readonly type: 'repetition'}
  /** Of an invitation that is over, or that never was. */
  | {readonly type: 'too-late'};

/**
 * What one client's numbers were last used for, as far as a G may name them: a G from a client is
 * the confirmation of a member's address or the answer to an invitation, and only its number tells which.
 *
 * An invitation is answered minutes later, when the 128 numbers have gone round. So the hub spends a
 * number that a pending invitation holds on a liveness probe, and takes the next.
 */
export class InvitationNumbers {
  readonly #uses = new Map<number, Use>();

  get pending(): number {
    let pending = 0;
    for (const use of this.#uses.values()) if (use !== 'member' && use.isPending) pending++;
    return pending;
  }

  isHeld(sequence: number): boolean {
    const use = this.#uses.get(sequence);
    return use !== undefined && use !== 'member' && use.isPending;
  }

  assignToMember(sequence: number): void {
    this.#uses.set(sequence, 'member');
  }

  assignToInvitation(sequence: number, invitation: InvitationId): void {
    this.#uses.set(sequence, {invitation, isPending: true, wasAnswered: false});
  }

  end(invitation: InvitationId): void {
    for (const use of this.#uses.values()) {
      if (use !== 'member' && use.invitation === invitation) use.isPending = false;
    }
  }

  /** What that G says. Asked again about the same number, it is a repetition. */
  take(sequence: number): Meaning {
    const use = this.#uses.get(sequence);
    if (use === 'member') return {type: 'confirmation'};
    if (use?.wasAnswered) return {type: 'repetition'};
    const {invitation, isPending} = use ?? {invitation: 0, isPending: false};
    this.#uses.set(sequence, {invitation, isPending: false, wasAnswered: true});
    return isPending ? {type: 'answer', invitation} : {type: 'too-late'};
  }
}
