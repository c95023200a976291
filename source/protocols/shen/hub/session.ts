import type {InvitationId, UserId} from '../../../chat/words.ts';
import type {Inbox} from '../../../transport/inbox.ts';
import type {Recent} from '../../../transport/recent.ts';
import type {Session as DatagramSession} from '../../datagrams/sessions.ts';
import {type HubMessage, rollCall} from './messages.ts';

/** One registered client, as the hub sees it. */
export type Session = DatagramSession<HubMessage> & {
  /** Answers to 0x05 and 0x06. These carry numbers of the hub. */
  readonly decisions: Inbox<Uint8Array>;
  /** The inviters of the invitations that wait for this user. */
  readonly inviters: Map<InvitationId, UserId>;
  /** Numbers not to be used for a message: its ACK could be mistaken for another one, or the other way round. */
  readonly ambiguous: Recent<number, void>;
  /** The number of the newest list. */
  listed: number;
  /** An invitation whose mode is not chosen yet; `unknown` as they were requested. */
  question: {readonly invitees: readonly UserId[]; readonly unknown: readonly string[]} | undefined;
  /** Time of the last roll call, or of entering the room. */
  calledAt: number;
  /** The last roll call is not answered yet. */
  isCalled: boolean;
  /** The client has not confirmed a roster, or the closing of its room. */
  mayBeLost: boolean;
  /** How many times it was told its place again since it last confirmed that. */
  toldAgain: number;
};

/** Every message with a number of the hub goes through here. */
export function push(session: Session, message: HubMessage, now: number): void {
  skipNumbers(session, now);
  session.outbox.push(message);
}

/** Uses ambiguous numbers for roll calls, whose ACK cannot be mistaken for another one. */
export function skipNumbers(
  {outbox, ambiguous}: Session,
  now: number,
  held?: {isHeld(n: number): boolean},
): void {
  while (ambiguous.has(outbox.nextSequence, now) || held?.isHeld(outbox.nextSequence)) {
    outbox.push(rollCall);
  }
}
