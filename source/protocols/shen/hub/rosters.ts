import type {Room} from '../../../chat/rooms.ts';
import type {Mode, UserId} from '../../../chat/words.ts';
import type {Sessions} from '../../datagrams/sessions.ts';
import type {HubHost} from '../../protocol.ts';
import {type Member, rosterParts} from '../wire/text.ts';
import {closed, type HubMessage, roster} from './messages.ts';
import {push, type Session} from './session.ts';

/** A client is told its place again at most this many times without confirming. */
const maximumToldAgain = 2;

/** Tells each member of a room who else is in it (docs/protocols/shen.md, R5). */
export class Rosters {
  readonly #host: Pick<HubHost, 'chat' | 'log'>;
  readonly #sessions: Sessions<HubMessage, Session>;
  /** Clients that got a roster without room for everybody. The log says so once. */
  readonly #loggedAsCut = new WeakSet<Session>();

  constructor(host: Pick<HubHost, 'chat' | 'log'>, sessions: Sessions<HubMessage, Session>) {
    this.#host = host;
    this.#sessions = sessions;
  }

  /** Tells the users who are still in a room. */
  tell(to: readonly UserId[], now: number): void {
    this.#sessions.each(to, session => {
      const room = this.#host.chat.roomOf(session.user);
      if (room !== undefined) this.#push(session, room, now);
      this.#sessions.pump(session, now);
    });
  }

  /**
   * The client confirms other messages, but has not confirmed a roster or the closing of its room. It may not know its
   * place, and take a text of the room for a public one. So it is told again, but not without end, because some clients
   * never confirm these messages (R8).
   */
  tellAgain(session: Session, now: number): void {
    session.mayBeLost = false;
    if (session.toldAgain === maximumToldAgain) return;
    session.toldAgain++;
    const room = this.#host.chat.roomOf(session.user);
    if (room === undefined) push(session, closed, now);
    else this.#push(session, room, now);
  }

  /** Whether all addresses would fit. A member of a decentralised room whose address does not fit could not be reached. */
  hasPlaceFor(newcomer: Session, room: Room | undefined): boolean {
    if (room?.mode !== 'decentralised') return true;
    const members = new Set([...room.members, newcomer.user]);
    return [...this.#sessions.of(members)].every(reader => {
      const others = this.#othersFor(reader, members, room.mode);
      return rosterParts(others).length === others.length;
    });
  }

  #push(session: Session, room: Room, now: number): void {
    const others = this.#othersFor(session, room.members, room.mode);
    const parts = rosterParts(others);
    if (parts.length < others.length) this.#noteCut(session, parts.length, others.length);
    push(session, roster(parts), now);
  }

  #noteCut(reader: Session, told: number, of: number): void {
    if (this.#loggedAsCut.has(reader)) return;
    this.#host.log.cut(reader.nickname, 'members', told, of);
    this.#loggedAsCut.add(reader);
  }

  #othersFor(reader: Session, members: ReadonlySet<UserId>, mode: Mode): Member[] {
    const others: Member[] = [];
    for (const id of members) {
      const nick = this.#host.chat.user(id)?.nickname;
      if (id === reader.user || nick === undefined) continue;
      const session = mode === 'decentralised' ? this.#sessions.get(id) : undefined;
      const endpoint = session && this.#sessions.endpointFor(reader, session);
      others.push({nick, endpoint});
    }
    return others;
  }
}
