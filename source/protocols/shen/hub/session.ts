import type {InvitationId, UserId} from '../../../chat/words.ts';
import type {Inbox} from '../../../transport/inbox.ts';
import type {Recent} from '../../../transport/recent.ts';
import type {Session as DatagramSession} from '../../datagrams/sessions.ts';
import {type HubMessage, rollCall} from './messages.ts';

/** One registered client, as the hub sees it. */
export type Session = DatagramSession<HubMessage> & {
  /** Answers to 0x05 and 0x06, whose numbers are the hub's own. */
  readonly decisions: Inbox<Uint8Array>;
  /** Who has sent the invitations that wait for this user. */
  readonly inviters: Map<InvitationId, UserId>;
  /** Not to be given to a message: an ACK of it could be one of something else, or the other way round. */
  readonly ambiguous: Recent<number, void>;
  /** The number of the newest list. */
  listed: number;
  /** An invitation whose mode is not chosen yet; `unknown` as they were asked for. */
  question: {readonly invitees: readonly UserId[]; readonly unknown: readonly string[]} | undefined;
  /** The last roll call, or the time of entering the room. */
  calledAt: number;
  /** It is not answered yet. */
  isCalled: boolean;
  /** It has not confirmed a roster, or the closing of its room. */
  mayBeLost: boolean;
  /** How often it was told again where it is, without having confirmed that since. */
  toldAgain: number;
};

/** Everything that has a number of the hub's goes through here. */
export function push(session: Session, message: HubMessage, now: number): void {
  skipNumbers(session, now);
  session.outbox.push(message);
}

/** Spends the numbers that may not be given to a message on roll calls: their ACK means nothing else. */
export function skipNumbers(
  {outbox, ambiguous}: Session,
  now: number,
  held?: {isHeld(n: number): boolean},
): void {
  while (ambiguous.has(outbox.nextSequence, now) || held?.isHeld(outbox.nextSequence)) {
    outbox.push(rollCall);
  }
}
