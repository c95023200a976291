import type {Room} from '../../../chat/rooms.ts';
import type {Mode, UserId} from '../../../chat/words.ts';
import type {Sessions} from '../../datagrams/sessions.ts';
import type {HubHost} from '../../protocol.ts';
import {type Member, rosterParts} from '../wire/text.ts';
import {closed, type HubMessage, roster} from './messages.ts';
import {push, type Session} from './session.ts';

/** Until a client confirms one again. */
const maximumToldAgain = 2;

/** Who else is in a room, as each of its members is told (docs/protocols/shen.md, R5). */
export class Rosters {
  readonly #host: Pick<HubHost, 'chat' | 'log'>;
  readonly #sessions: Sessions<HubMessage, Session>;
  /** Who has had a roster that did not hold everybody: the log says so once. */
  readonly #shortchanged = new WeakSet<Session>();

  constructor(host: Pick<HubHost, 'chat' | 'log'>, sessions: Sessions<HubMessage, Session>) {
    this.#host = host;
    this.#sessions = sessions;
  }

  /** To those who are in a room still. */
  tell(to: readonly UserId[], now: number): void {
    this.#sessions.each(to, session => {
      const room = this.#host.chat.roomOf(session.user);
      if (room !== undefined) this.#push(session, room, now);
      this.#sessions.pump(session, now);
    });
  }

  /**
   * A client that confirms something has not confirmed a roster, or the closing of its room: it may not know where it is,
   * and take a text of the room for a public one. So it is told again, though not for ever: a client may confirm none (R8).
   */
  tellAgain(session: Session, now: number): void {
    session.mayBeLost = false;
    if (session.toldAgain === maximumToldAgain) return;
    session.toldAgain++;
    const room = this.#host.chat.roomOf(session.user);
    if (room === undefined) push(session, closed, now);
    else this.#push(session, room, now);
  }

  /** Nobody can speak to a member of a decentralised room whose address no text has room for. */
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
    if (this.#shortchanged.has(reader)) return;
    this.#host.log.cut(reader.nickname, 'members', told, of);
    this.#shortchanged.add(reader);
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
