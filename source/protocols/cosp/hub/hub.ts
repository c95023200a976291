import type {ChatEvent} from '../../../chat/events.ts';
import type {UserId} from '../../../chat/words.ts';
import type {Decoded} from '../../../transport/decoded.ts';
import type {
  Connection,
  DepartureReason,
  Endpoint,
  HubHost,
  HubListener,
  StreamHubEnd,
} from '../../protocol.ts';
import {type Member, type Session, Sessions} from '../../streams/sessions.ts';
import * as wire from '../wire.ts';
import {Ids} from './ids.ts';
import {Relays} from './relays.ts';

const refused = wire.encodeRegistration({type: 'refused'});
const gone = wire.encodeNotice({type: 'gone'});

/** A connection, and the users whom its user has asked for a private one, with the announced port. */
type CospSession = Session & {readonly asked: Map<UserId, number>};

/** The hub's end of `cosp` (docs/protocols/cosp.md, "Exchanges"). */
export class CospHub implements StreamHubEnd {
  readonly #host: HubHost;
  readonly #sessions: Sessions<CospSession>;
  readonly #ids = new Ids();
  readonly #relays = new Relays(({sides: [one, other]}) => this.#closeLink(one.user, other.user));

  constructor(host: HubHost) {
    this.#host = host;
    this.#sessions = new Sessions({
      ...host,
      create: session => ({...session, asked: new Map()}),
      serveNext: (session, now) => this.#serveNext(session, now),
      // The protocol has one answer for all reasons (R1).
      refusal: () => refused,
      welcome: user => this.#listOfOthers(user),
      forgotten: (user, now) => this.#forget(user, now),
    });
  }

  get dueAt(): number {
    return Math.min(this.#sessions.dueAt, this.#relays.dueAt);
  }

  get isBusy(): boolean {
    return this.#relays.isBusy || this.#sessions.isBusy;
  }

  accept(connection: Connection, now: number): HubListener {
    return this.#relays.join(connection) ?? this.#sessions.accept(connection, now);
  }

  onTime(now: number): void {
    this.#relays.onTime(now);
    this.#sessions.onTime(now);
  }

  deliver(event: ChatEvent, to: readonly UserId[], now: number): void {
    switch (event.type) {
      case 'arrived': {
        const id = this.#ids.of(event.user);
        const others = to.filter(user => user !== event.user);
        this.#tell(others, {type: 'arrival', id, nickname: event.nickname}, now);
        break;
      }
      case 'departed':
        this.#tell(to, {type: 'departure', id: this.#ids.of(event.user)}, now);
        this.#ids.release(event.user);
        break;
      case 'said':
        this.#tell(
          to,
          {type: 'publicText', author: this.#ids.of(event.user), text: event.text},
          now,
        );
        break;
      case 'told':
        this.#tell(
          to,
          {type: 'privateText', author: this.#ids.of(event.user), text: event.text},
          now,
        );
        break;
      case 'link-requested':
        this.#tell(to, {type: 'connectionAsked', id: this.#ids.of(event.user)}, now);
        break;
      case 'link-opened': {
        const type = event.wasAsked ? 'acceptanceRegistered' : 'connectionAccepted';
        this.#tell(to, {type, id: this.#ids.of(event.user)}, now);
        break;
      }
      case 'link-refused':
        this.#forgetRequests(to, event.user);
        this.#tell(to, {type: 'connectionRefused', id: this.#ids.of(event.user)}, now);
        break;
      case 'link-closed':
        // The reader learns of it by the end of the private connection itself, or by the departure. If the user is still
        // there, their request, if any, is newer than the closed connection, and stays.
        if (this.#host.chat.user(event.user) === undefined) this.#forgetRequests(to, event.user);
        break;
      default:
      // There are no rooms here.
    }
  }

  suspect(user: UserId, from: Endpoint, now: number): void {
    this.#sessions.suspect(user, from, now);
  }

  expel(user: UserId, reason: DepartureReason, now: number): void {
    this.#sessions.expel(user, reason, now);
  }

  /** The protocol has no word for a hub that ends: the connections just end. */
  close(now: number): void {
    this.#relays.partAll(now);
    this.#sessions.close(now);
  }

  #serveNext(session: CospSession, now: number): Decoded<unknown> | undefined {
    const {state, frames} = session;
    if (state.is === 'member') {
      const request = frames.read(wire.readRequest);
      if (request?.ok) this.#serve(session, state, request.message, now);
      return request;
    }
    const nickname = frames.read(wire.readNickname);
    if (nickname?.ok) this.#sessions.register(session, nickname.message);
    return nickname;
  }

  #listOfOthers(self: UserId): Uint8Array {
    const users: wire.User[] = [];
    for (const {id: user, nickname} of this.#host.chat.users()) {
      if (user !== self) users.push({id: this.#ids.of(user), nickname});
    }
    return wire.encodeRegistration({type: 'accepted', users});
  }

  #serve(session: CospSession, member: Member, request: wire.Request, now: number): void {
    const {user} = member;
    switch (request.type) {
      case 'publicText':
        if (!this.#isWorthSaying(request.text)) return;
        this.#sessions.propose(session, {type: 'say', user, scope: 'public', text: request.text});
        break;
      case 'privateText':
        if (!this.#isWorthSaying(request.text)) return;
        this.#sayTo(session, user, request, now);
        break;
      case 'askConnection':
        this.#ask(session, user, request, now);
        break;
      case 'acceptConnection':
        this.#accept(session, user, request, now);
        break;
      case 'refuseConnection':
        this.#refuse(session, user, request.id, now);
        break;
    }
  }

  /** Counted after decoding, because invalid UTF-8 becomes longer. */
  #isWorthSaying(text: string): boolean {
    const isShort = wire.textBytes(text) <= wire.maximumTextBytes;
    if (!isShort) this.#host.drop('too-long');
    return isShort && text !== '';
  }

  #sayTo(
    session: CospSession,
    user: UserId,
    {id, text}: Extract<wire.Request, {type: 'privateText'}>,
    now: number,
  ): void {
    const to = this.#userOf(id);
    if (to === undefined) this.#sessions.write(session, gone, now);
    else {
      this.#sessions.propose(session, {type: 'tell', user, to, text}, ({refusal}, at) => {
        // They have left, or are in a private room.
        if (refusal !== undefined) this.#sessions.write(session, gone, at);
      });
    }
  }

  #ask(
    session: CospSession,
    user: UserId,
    {id, port}: Extract<wire.Request, {type: 'askConnection'}>,
    now: number,
  ): void {
    const to = this.#userOf(id);
    const refused = wire.encodeNotice({type: 'connectionRefused', id});
    if (to === undefined) this.#sessions.write(session, gone, now);
    else if (!this.#isUsable(session, port)) this.#sessions.write(session, refused, now);
    else {
      // A user who has ended their direction of the former connection does not need it any more (R2).
      this.#relays.partEndedBy(user, to, now);
      this.#sessions.propose(session, {type: 'request-link', user, to, now}, ({refusal}, at) => {
        if (refusal === undefined) session.asked.set(to, port);
        else this.#sessions.write(session, refusal === 'no-such-user' ? gone : refused, at);
      });
    }
  }

  /** Expects both sides before they are told that they may come. */
  #accept(
    session: CospSession,
    user: UserId,
    {id, port}: Extract<wire.Request, {type: 'acceptConnection'}>,
    now: number,
  ): void {
    const asker = this.#askerOf(user, id);
    if (asker === undefined) {
      this.#sessions.write(session, gone, now);
      return;
    }
    const own = endpointFrom(session, port);
    const theirs = endpointFrom(asker.session, asker.port);
    const isOne = own.host === theirs.host && own.port === theirs.port;
    if (isOne || !this.#isUsable(session, port) || !this.#isUsable(asker.session, asker.port)) {
      // Both sides would come from the same endpoint and could not be told apart: there can be no such connection.
      this.#sessions.write(session, wire.encodeNotice({type: 'connectionRefused', id}), now);
      this.#sessions.propose(session, {type: 'close-link', user, with: asker.user});
      return;
    }
    const from = asker.user;
    this.#sessions.propose(session, {type: 'accept-link', user, from}, ({refusal}, at) => {
      if (refusal !== undefined) {
        this.#sessions.write(session, gone, at);
        return;
      }
      asker.session.asked.delete(user);
      this.#relays.expect(
        [
          {user, endpoint: own},
          {user: from, endpoint: theirs},
        ],
        at,
      );
    });
  }

  #refuse(session: CospSession, user: UserId, id: number, now: number): void {
    const asker = this.#askerOf(user, id);
    // The other user has requested nothing (R6).
    if (asker === undefined) this.#sessions.write(session, gone, now);
    else {
      const command = {type: 'close-link', user, with: asker.user} as const;
      this.#sessions.propose(session, command, ({refusal}, at) => {
        if (refusal !== undefined) this.#sessions.write(session, gone, at);
      });
    }
  }

  /** The user with that id, if they have asked this one for a private connection and wait for the answer. */
  #askerOf(
    user: UserId,
    id: number,
  ): {readonly session: CospSession; readonly user: UserId; readonly port: number} | undefined {
    const session = this.#sessions.get(this.#ids.userOf(id) ?? 0);
    const port = session?.asked.get(user);
    if (session?.state.is !== 'member' || port === undefined) return undefined;
    return {session, user: session.state.user, port};
  }

  /** Whether it is a valid port, and nobody else is expected from it at that address. */
  #isUsable(session: CospSession, port: number): boolean {
    return port >= 1 && port <= 65_535 && !this.#relays.isAwaited(endpointFrom(session, port));
  }

  #forgetRequests(askers: readonly UserId[], asked: UserId): void {
    for (const asker of askers) this.#sessions.get(asker)?.asked.delete(asked);
  }

  #closeLink(user: UserId, other: UserId): void {
    this.#host.propose({type: 'close-link', user, with: other});
  }

  /** The user with that number, if they are still there. */
  #userOf(id: number): UserId | undefined {
    return this.#host.chat.user(this.#ids.userOf(id) ?? 0)?.id;
  }

  /** Encoded once for all of them. */
  #tell(to: readonly UserId[], notice: wire.Notice, now: number): void {
    this.#sessions.writeAll(to, wire.encodeNotice(notice), now);
  }

  #forget(user: UserId, now: number): void {
    this.#relays.partOf(user, now);
    // While no user of this protocol is there, we are not told who leaves.
    if (!this.#sessions.hasMembers) this.#ids.releaseAll();
  }
}

/** The endpoint of a user's second connection (R2). */
function endpointFrom({connection}: Session, port: number): Endpoint {
  return {host: connection.remote.host, port};
}
