import type {ChatEvent} from '../../../chat/events.ts';
import type {Room} from '../../../chat/rooms.ts';
import type {RoomId, UserId} from '../../../chat/words.ts';
import {roomKey} from '../../../names/key.ts';
import type {Meaning} from '../../datagrams/invitation-numbers.ts';
import {maximumPendingInvitations} from '../../datagrams/received-invitations.ts';
import type {Sessions} from '../../datagrams/sessions.ts';
import type {DatagramHubHost} from '../../protocol.ts';
import {type AccessStatus, type Message, noRoomId, type Peer} from '../wire/messages.ts';
import {isRoomName} from '../wire/text.ts';
import {
  type Answer,
  error,
  type HubMessage,
  header,
  invitation,
  notice,
  refused,
  roster,
} from './messages.ts';
import {RoomNumbers} from './room-numbers.ts';
import type {Session} from './session.ts';

type Asked<Type extends Message['type']> = Extract<Message, {readonly type: Type}>;

/** Rooms, invitations into them, and the invitees' decisions (docs/protocols/messagerie.md, "Exchanges"). */
export class HubRooms {
  readonly #host: DatagramHubHost;
  readonly #sessions: Sessions<HubMessage, Session>;
  readonly #numbers: RoomNumbers;

  constructor(host: DatagramHubHost, sessions: Sessions<HubMessage, Session>) {
    this.#host = host;
    this.#sessions = sessions;
    this.#numbers = new RoomNumbers(host.chat);
  }

  /** Answers CREER_MESSAGERIE_PRIVEE. */
  create(
    {user}: Session,
    {room: name, mode, most}: Asked<'creerMessageriePrivee'>,
    answer: Answer,
  ): void {
    if (!isRoomName(name)) {
      answer({type: 'reponseCreer', ...header, status: 'room-name-invalid', id: noRoomId});
      return;
    }
    const room = {name, key: roomKey(name), mode, maximumMembers: most};
    this.#host.propose({type: 'create-room', user, ...room}, ({refusal}) => {
      switch (refusal) {
        case undefined: {
          const id = this.#numbers.assign(this.#host.chat.roomOf(user)?.id ?? noRoomId);
          answer({type: 'reponseCreer', ...header, status: 'created', id});
          break;
        }
        case 'room-name-in-use':
        case 'room-size-invalid':
          answer({type: 'reponseCreer', ...header, status: refusal, id: noRoomId});
          break;
        default:
          answer(error('too-many-rooms'));
      }
    });
  }

  /** Answers DEMANDE_ACCES and CHANGER_MESSAGERIE. */
  enter(
    session: Session,
    {type, room: name}: Asked<'demandeAcces' | 'changerMessagerie'>,
    answer: Answer,
  ): void {
    const {user} = session;
    this.#host.propose({type: 'enter-room', user, key: roomKey(name)}, ({refusal}) => {
      const kind = type === 'demandeAcces' ? 'reponseAcces' : 'reponseChanger';
      const room = this.#host.chat.findRoom(name, user);
      answer(this.#access(session, kind, accessStatus(refusal), room));
    });
  }

  /** Answers INVITER. */
  invite(session: Session, nickname: string, now: number, answer: Answer): void {
    const {chat} = this.#host;
    const {user} = session;
    const room = chat.roomOf(user);
    const invitee = chat.find(nickname);
    if (room === undefined) answer(error('not-in-room'));
    else if (invitee === undefined) answer(error('no-such-user'));
    else {
      const command = {type: 'invite', user, to: invitee.id, mode: room.mode, now} as const;
      this.#host.propose(command, ({refusal}, at) => {
        // The invitee's protocol has no such rooms, or cannot change between them: as if they declined.
        const cannotCome =
          refusal === 'unsupported' || (refusal === 'already-in-room' && invitee.room !== room.id);
        const isAnError = refusal !== undefined && !cannotCome;
        answer(isAnError ? refused(refusal) : {type: 'reponseInviter', ...header});
        if (!cannotCome) return;
        session.outbox.push(notice({name: invitee.nickname, event: 'declined'}));
        this.#sessions.pump(session, at);
      });
    }
  }

  /** Answers REPONSE_MESSAGERIE_PRIVEE. */
  decide(session: Session, sequence: number, accepted: boolean, answer: Answer): void {
    const meaning = session.invitationNumbers.take(sequence);
    if (accepted) {
      this.#accept(session, meaning, answer);
      return;
    }
    if (meaning.type === 'answer') {
      const {invitation} = meaning;
      this.#host.propose({type: 'decline', user: session.user, invitation});
    }
    answer({type: 'reponseInviter', ...header});
  }

  /** Somebody of any protocol has invited that user. */
  pushInvitation(session: Session, event: Extract<ChatEvent, {readonly type: 'invited'}>): void {
    const {outbox, invitationNumbers, user} = session;
    const {nickname, mode} = event;
    const room = this.#host.chat.roomOf(event.user);
    // All 65,536 numbers may have been used in five minutes: then the older invitation is dropped.
    const isHeld = invitationNumbers.isHeld(outbox.nextSequence);
    if (isHeld || invitationNumbers.pending >= maximumPendingInvitations) {
      this.#host.propose({type: 'decline', user, invitation: event.invitation});
      return;
    }
    invitationNumbers.assignToInvitation(outbox.nextSequence, event.invitation);
    const roomName = room === undefined ? nickname : this.#host.chat.nameOf(room);
    outbox.push(invitation(nickname, mode, roomName));
  }

  /** Tells the users who are still in that room. The last one is told of its closing instead. */
  pushRoster(room: RoomId, to: readonly UserId[], now: number): void {
    this.#sessions.each(to, session => {
      if (this.#host.chat.roomOf(session.user)?.id !== room) return;
      session.outbox.push(roster(this.#peersOf(session)));
      this.#sessions.pump(session, now);
    });
  }

  /** For an invitation that is over or was answered before, the answer is that the room does not exist (R10). */
  #accept(session: Session, meaning: Meaning, answer: Answer): void {
    const {user} = session;
    if (meaning.type !== 'answer') {
      answer(this.#access(session, 'reponseAcces', 'no-such-room', undefined));
      return;
    }
    const {invitation} = meaning;
    this.#host.propose({type: 'accept', user, invitation}, ({refusal}) => {
      const room = this.#host.chat.roomOf(user);
      answer(this.#access(session, 'reponseAcces', accessStatus(refusal), room));
    });
  }

  #access(
    session: Session,
    type: 'reponseAcces' | 'reponseChanger',
    status: AccessStatus,
    room: Room | undefined,
  ): Message {
    const mode = room?.mode ?? 'centralised';
    const isTold = status === 'entered' && mode === 'decentralised';
    return {type, ...header, mode, status, peers: isTold ? this.#peersOf(session) : []};
  }

  /** The other members of that user's room. */
  #peersOf(session: Session): Peer[] {
    const members = Array.from(this.#host.chat.membersOf(session.user), ({id}) => id);
    return Array.from(this.#sessions.of(members))
      .filter(member => member !== session)
      .map(member => ({
        name: member.nickname,
        endpoint: this.#sessions.endpointFor(session, member),
      }));
  }
}

function accessStatus(refusal: string | undefined): AccessStatus {
  if (refusal === undefined || refusal === 'already-in-room') return 'entered';
  return refusal === 'room-full' ? 'room-full' : 'no-such-room';
}
