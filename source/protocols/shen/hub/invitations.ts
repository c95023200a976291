import type {ChatEvent} from '../../../chat/events.ts';
import type {InvitationId, Mode, UserId} from '../../../chat/words.ts';
import {maximumPendingInvitations} from '../../datagrams/received-invitations.ts';
import type {Sessions} from '../../datagrams/sessions.ts';
import type {HubHost} from '../../protocol.ts';
import {dialect} from '../dialect.ts';
import {readInvitationRequest} from '../wire/text.ts';
import type * as wire from '../wire.ts';
import {
  type Answer,
  answers,
  type HubMessage,
  invitation,
  refusal,
  unknownInvitee,
} from './messages.ts';
import type {Rosters} from './rosters.ts';
import {push, type Session, skipNumbers} from './session.ts';

/** Asks for the mode, invites, and takes the invitees' decisions (docs/protocols/shen.md, "Exchanges"). */
export class HubInvitations {
  readonly #host: HubHost;
  readonly #sessions: Sessions<HubMessage, Session>;
  readonly #rosters: Rosters;

  constructor(host: HubHost, sessions: Sessions<HubMessage, Session>, rosters: Rosters) {
    this.#host = host;
    this.#sessions = sessions;
    this.#rosters = rosters;
  }

  /** Answers 0x13. */
  askForMode(session: Session, {parts: [request = '']}: wire.StateMessage): Uint8Array {
    const {chat} = this.#host;
    const known = new Set<UserId>();
    const unknown: string[] = [];
    for (const nickname of readInvitationRequest(request).invitees) {
      const invitee = chat.find(nickname)?.id;
      if (invitee === undefined || invitee === session.user) unknown.push(nickname);
      else known.add(invitee);
    }
    session.question = undefined;
    if (known.size === 0) return answers.envoieInvalide;
    if (!this.#hasPlaceForMore(session)) return answers.tropDeClients;
    session.question = {invitees: [...known], unknown};
    return answers.offrirDeuxModes;
  }

  /** Answers 0x14. */
  invite(session: Session, mode: Mode, now: number, answer: Answer): void {
    const {question, user} = session;
    if (question === undefined) {
      answer(answers.messagerieSeTermine);
      return;
    }
    session.question = undefined;
    const unknown = [...question.unknown];
    let left = question.invitees.length;
    let hasPlace = true;
    for (const to of question.invitees) {
      const nickname = this.#host.chat.user(to)?.nickname;
      this.#host.propose({type: 'invite', user, to, mode, now}, ({refusal: reason}, at) => {
        left--;
        if (reason === 'room-full' || reason === 'too-many-rooms') hasPlace = false;
        else if (reason === 'no-such-user' || nickname === undefined) unknown.push(nickname ?? '');
        else if (reason !== undefined) push(session, refusal(nickname), at);
        if (left > 0) return;
        for (const invitee of unknown) push(session, unknownInvitee(invitee), at);
        answer(hasPlace ? answers.ack : answers.tropDeClients);
        this.#sessions.pump(session, at);
      });
    }
  }

  /** Somebody of any protocol has invited that user. */
  push(
    session: Session,
    {invitation: id, user, nickname, mode}: Extract<ChatEvent, {type: 'invited'}>,
    now: number,
  ): void {
    const {outbox, invitationNumbers, inviters} = session;
    if (invitationNumbers.pending >= maximumPendingInvitations) {
      this.#host.propose({type: 'decline', user: session.user, invitation: id});
      return;
    }
    skipNumbers(session, now, invitationNumbers);
    invitationNumbers.assignToInvitation(outbox.nextSequence, id);
    inviters.set(id, user);
    outbox.push(invitation(nickname, mode));
    this.#sessions.pump(session, now);
  }

  /** Answers 0x05 or 0x06. */
  decide(
    session: Session,
    sequence: number,
    isAccepted: boolean,
    now: number,
    answer: Answer,
  ): void {
    const meaning = session.invitationNumbers.take(sequence);
    // A client that answers has received it, with or without an ACK (R8): the original's scenario has none.
    session.outbox.confirm(sequence, now, ({kind}) => kind === 'invitation');
    if (meaning.type !== 'answer') {
      answer(isAccepted ? answers.messagerieSeTermine : answers.ack);
      return;
    }
    // A copy of this decision must not pass for a decision about the next invitation.
    session.ambiguous.add(sequence, now);
    const {invitation: id} = meaning;
    if (isAccepted) this.#accept(session, id, answer);
    else {
      session.inviters.delete(id);
      this.#host.propose({type: 'decline', user: session.user, invitation: id});
      answer(answers.ack);
    }
  }

  #accept(session: Session, id: InvitationId, answer: Answer): void {
    const {user, inviters} = session;
    const inviter = inviters.get(id);
    inviters.delete(id);
    const room = inviter === undefined ? undefined : this.#host.chat.roomOf(inviter);
    if (!this.#rosters.hasPlaceFor(session, room)) {
      answer(answers.tropDeClients);
      return;
    }
    this.#host.propose({type: 'accept', user, invitation: id}, ({refusal: reason}) => {
      if (reason === undefined || reason === 'already-in-room') answer(answers.ack);
      else if (reason === 'room-full' || reason === 'too-many-rooms') answer(answers.tropDeClients);
      else answer(answers.messagerieSeTermine);
    });
  }

  #hasPlaceForMore({user}: Session): boolean {
    const {chat} = this.#host;
    const room = chat.roomOf(user);
    if (room !== undefined) {
      return room.members.size < Math.min(room.maximumMembers, dialect.maximumRoomMembers);
    }
    let opened = 0;
    for (const other of chat.rooms()) if (other.founder.dialect.name === dialect.name) opened++;
    return opened < dialect.maximumRooms;
  }
}
