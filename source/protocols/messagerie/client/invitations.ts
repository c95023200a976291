import {pendingMs} from '../../../chat/words.ts';
import {
  type ReceivedInvitation,
  ReceivedInvitations,
} from '../../datagrams/received-invitations.ts';
import type {ClientEvent} from '../../protocol.ts';
import type {InvitationMessage} from '../wire/messages.ts';
import {isName} from '../wire/text.ts';
import type {RequestHost} from './messages.ts';

type EndReason = Extract<ClientEvent, {type: 'invitation-ended'}>['reason'];

/** The invitations that we have received, our answers, and their outcome. */
export class Invitations {
  readonly #host: RequestHost;
  readonly #received = new ReceivedInvitations();

  constructor(host: RequestHost) {
    this.#host = host;
  }

  get dueAt(): number {
    return this.#received.dueAt;
  }

  onTime(now: number): void {
    for (const invitation of this.#received.takeExpired(now)) this.ended(invitation, 'expired');
  }

  receive({inviter: from, mode, room, sequence}: InvitationMessage, now: number): void {
    if (!isName(from)) return;
    const expiresAt = now + pendingMs;
    const dropped = this.#received.add({from, mode, room, sequence, expiresAt});
    if (dropped !== undefined) this.ended(dropped, 'expired');
    this.#host.emit({type: 'invitation', from, mode, room});
  }

  answer(from: string, accepted: boolean): void {
    const invitation = this.#received.take(from);
    if (invitation !== undefined) this.#host.ask({about: 'answer', invitation, accepted});
    else this.#host.emit({type: 'error', code: 'invitation-over', about: from});
  }

  /** The hub has not received our answer. The user can answer again: the hub may still wait for it. */
  unanswered(invitation: ReceivedInvitation): void {
    this.#received.add(invitation);
    this.#host.emit({type: 'error', code: 'no-answer', about: invitation.from});
  }

  ended({from}: ReceivedInvitation, reason: EndReason): void {
    this.#host.emit({type: 'invitation-ended', from, reason});
  }
}
