import type {ChatEvent} from '../../chat/events.ts';
import type {UserId} from '../../chat/words.ts';
import {Agenda} from '../../transport/agenda.ts';
import {FrameBuffer} from '../../transport/frame-buffer.ts';
import type {
  Connection,
  DepartureReason,
  Dialect,
  HubHost,
  RegistrationRefusal,
  StreamHubEnd,
  TimedListener,
} from '../protocol.ts';
import * as wire from './wire.ts';

/** Whoever has not said by then who they are is in nobody's way any longer. */
const identificationMs = 30_000;

/** How long somebody whose connection ends may take to read what is left, and to end it too. */
const farewellMs = 10_000;

/** Connections of nobody. One more, and the oldest goes: whoever is a program has identified itself by then. */
const maximumStrangers = 1000;

/** What one client has not taken. More, and it will never catch up. */
const maximumWaitingBytes = 1_048_576;

/**
 * Nothing more is read from a client that has so much of its answers to take, so that nobody
 * can ask for lists faster than they read them. As much as makes a socket of Node say when all is taken.
 */
const pauseBytes = 65_536;

const dialect: Dialect = {
  name: 'whoiam',
  // As many of the longest nicknames as a client reads in one list (R3).
  maximumUsers: Math.floor(
    (wire.maximumListBytes - 'WHO'.length) / (' '.length + wire.maximumNicknameBytes),
  ),
  maximumRoomMembers: 0,
  maximumRooms: 0,
  changesRooms: false,
  hasLinks: false,
};

/** A full hub says TKN: unlike ERR it may be over by the next attempt, as a full hub may. */
const refusals = {
  'name-in-use': 'taken',
  'hub-full': 'taken',
  'name-invalid': 'error',
} as const satisfies Record<RegistrationRefusal, wire.HubMessage['type']>;

const whoAreYou = wire.encodeHubMessage({type: 'whoAreYou'});
const tooLong = wire.encodeHubMessage({type: 'error', about: ''});

/**
 * A connection: of a stranger until it is identified, of a member until that user has gone, leaving until what was written
 * is taken and the other side has ended too, gone.
 */
type Session = {
  readonly connection: Connection;
  readonly lines: FrameBuffer;
  state: {readonly is: 'stranger' | 'leaving' | 'gone'} | Member;
  isPaused: boolean;
};

type Member = {readonly is: 'member'; readonly user: UserId; readonly nickname: string};

/** The hub's end of `whoiam` (docs/protocols/whoiam.md, "Exchanges"). */
export class WhoiamHub implements StreamHubEnd {
  readonly #host: HubHost;
  /** The oldest first. */
  readonly #strangers = new Set<Session>();
  readonly #members = new Map<UserId, Session>();
  readonly #leaving = new Set<Session>();
  /** When strangers and leavers have had their time. */
  readonly #agenda = new Agenda<Session>();
  #list: {readonly version: number; readonly line: Uint8Array} | undefined;

  constructor(host: HubHost) {
    this.#host = host;
  }

  get dueAt(): number {
    return this.#agenda.dueAt;
  }

  get isBusy(): boolean {
    return this.#leaving.values().some(({connection}) => connection.waiting > 0);
  }

  accept(connection: Connection, now: number): TimedListener {
    const session: Session = {
      connection,
      lines: new FrameBuffer(),
      state: {is: 'stranger'},
      isPaused: false,
    };
    const [oldest] = this.#strangers;
    if (oldest !== undefined && this.#strangers.size >= maximumStrangers) {
      this.#cutOff(oldest, 'silent');
    }
    this.#strangers.add(session);
    this.#agenda.schedule(session, now + identificationMs);
    this.#write(session, whoAreYou);
    return {
      received: (bytes, at) => this.#receive(session, bytes, at),
      ended: at => this.#dismiss(session, 'disconnected', at),
      drained: at => this.#goOn(session, at),
      closed: code => this.#forget(session, code === 'ETIMEDOUT' ? 'silent' : 'disconnected'),
    };
  }

  onTime(now: number): void {
    for (;;) {
      const session = this.#agenda.take(now);
      if (session === undefined) return;
      if (isOpen(session)) this.#dismiss(session, 'silent', now);
      else this.#cutOff(session, 'silent');
    }
  }

  deliver(event: ChatEvent, to: readonly UserId[]): void {
    switch (event.type) {
      case 'arrived': {
        // The newcomer has read it already, before the answers to what came with the nickname.
        const others = to.filter(user => user !== event.user);
        this.#writeAll(others, {type: 'arrival', nickname: event.nickname});
        break;
      }
      case 'departed':
        this.#writeAll(to, {type: 'departure', nickname: event.nickname});
        break;
      case 'said':
        this.#writeAll(to, {type: 'publicText', author: event.nickname, text: event.text});
        break;
      case 'told':
        this.#writeAll(to, {type: 'privateText', author: event.nickname, text: event.text});
        break;
      default:
      // There are neither rooms nor links here.
    }
  }

  /**
   * The protocol has no word for a hub that ends. What is said to somebody whose connection it
   * closes is that they have left: each is told that of themselves.
   */
  close(now: number): void {
    for (const session of [...this.#strangers, ...this.#members.values()]) {
      this.#sayFarewell(session);
      if (isOpen(session)) this.#hangUp(session, now);
    }
    this.#members.clear();
  }

  #receive(session: Session, bytes: Uint8Array, now: number): void {
    if (!isOpen(session)) return;
    session.lines.push(bytes);
    this.#read(session, now);
  }

  #read(session: Session, now: number): void {
    while (isOpen(session)) {
      if (session.connection.waiting >= pauseBytes) {
        session.isPaused = true;
        session.connection.pause();
        return;
      }
      const line = session.lines.read(wire.readClientMessage);
      if (line === undefined) return;
      if (line.ok) {
        this.#serve(session, line.message, now);
      } else {
        this.#host.drop('malformed');
        this.#write(session, tooLong);
        this.#dismiss(session, 'protocol-error', now);
      }
    }
  }

  /** Reads on, though it may be leaving: only so the hub learns that the other side has ended. */
  #goOn(session: Session, now: number): void {
    if (!session.isPaused) return;
    session.isPaused = false;
    this.#read(session, now);
    if (!session.isPaused) session.connection.resume();
  }

  #serve(session: Session, message: wire.ClientMessage, now: number): void {
    const {state} = session;
    if (message.type === 'blank') return;
    if (state.is === 'member') this.#serveMember(session, state, message, now);
    else if (message.type === 'identify') this.#identify(session, message.nickname);
    else {
      this.#host.drop('unregistered');
      this.#write(session, whoAreYou);
    }
  }

  #serveMember(
    session: Session,
    member: Member,
    message: Exclude<wire.ClientMessage, wire.BlankMessage>,
    now: number,
  ): void {
    switch (message.type) {
      case 'identify':
        this.#refuse(session, message.nickname);
        break;
      case 'unknown':
        this.#refuse(session, message.keyword);
        break;
      case 'who':
        this.#write(session, this.#listOfEveryone());
        break;
      case 'publicText':
        this.#say(member, message.text);
        break;
      case 'privateText':
        this.#tell(session, member, message);
        break;
      case 'leave':
        this.#sayFarewell(session);
        this.#dismiss(session, 'disconnected', now);
        break;
    }
  }

  #identify(session: Session, nickname: string): void {
    const outcome = wire.isNickname(nickname)
      ? this.#host.apply({type: 'connect', nickname, dialect})
      : {refusal: 'name-invalid' as const};
    const {remote} = session.connection;
    if (!('user' in outcome) || outcome.user === undefined) {
      const refusal = outcome.refusal as RegistrationRefusal;
      const type = refusals[refusal];
      const refused = type === 'taken' ? {type, nickname} : {type, about: nickname};
      this.#write(session, wire.encodeHubMessage(refused));
      this.#host.log.refused(nickname, remote, refusal);
      return;
    }
    this.#strangers.delete(session);
    this.#agenda.cancel(session);
    session.state = {is: 'member', user: outcome.user, nickname};
    this.#members.set(outcome.user, session);
    this.#host.log.connected(nickname, remote);
    this.#write(session, wire.encodeHubMessage({type: 'arrival', nickname}));
  }

  #refuse(session: Session, about: string): void {
    this.#host.drop('unexpected');
    this.#write(session, wire.encodeHubMessage({type: 'error', about}));
  }

  #say({user}: Member, text: string): void {
    if (text === '' || !this.#isShortEnough(text)) return;
    this.#host.apply({type: 'say', user, scope: 'public', text});
  }

  #tell(
    session: Session,
    {user, nickname}: Member,
    {to, text}: Extract<wire.ClientMessage, {type: 'privateText'}>,
  ): void {
    if (!this.#isShortEnough(text)) return;
    // Without a text there is nothing to pass on, but that nobody has the name is still worth knowing.
    if (text === '' && this.#host.chat.find(to) !== undefined) return;
    const {refusal} = this.#host.apply({type: 'tell', user, nickname: to, text});
    if (refusal === undefined) return;
    this.#write(session, wire.encodeHubMessage({type: 'error', about: nickname}));
  }

  /** Counted after decoding: bytes that are no UTF-8 have grown. The author has no line to be told in. */
  #isShortEnough(text: string): boolean {
    const isShort = wire.textBytes(text) <= wire.maximumTextBytes;
    if (!isShort) this.#host.drop('too-long');
    return isShort;
  }

  #listOfEveryone(): Uint8Array {
    const version = this.#host.chat.rosterVersion;
    if (this.#list?.version !== version) {
      const nicknames = Array.from(this.#host.chat.users(), ({nickname}) => nickname);
      this.#list = {version, line: wire.encodeHubMessage({type: 'everyone', nicknames})};
    }
    return this.#list.line;
  }

  /** Encoded once for all of them. */
  #writeAll(to: readonly UserId[], message: Parameters<typeof wire.encodeHubMessage>[0]): void {
    const line = wire.encodeHubMessage(message);
    for (const user of to) {
      const session = this.#members.get(user);
      if (session !== undefined) this.#write(session, line);
    }
  }

  #write(session: Session, line: Uint8Array): void {
    const {connection} = session;
    connection.write(line);
    if (connection.waiting > maximumWaitingBytes) this.#cutOff(session, 'too-slow');
  }

  /** The leaver's own LFT, before the connection is closed. */
  #sayFarewell(session: Session): void {
    const {state} = session;
    if (state.is !== 'member') return;
    this.#write(session, wire.encodeHubMessage({type: 'departure', nickname: state.nickname}));
  }

  /** Whoever it was has left, and reads what was written to the end. */
  #dismiss(session: Session, reason: DepartureReason, now: number): void {
    if (!isOpen(session)) return;
    this.#forget(session, reason);
    this.#hangUp(session, now);
  }

  #hangUp(session: Session, now: number): void {
    session.state = {is: 'leaving'};
    this.#strangers.delete(session);
    this.#leaving.add(session);
    this.#agenda.schedule(session, now + farewellMs);
    session.connection.end();
  }

  #cutOff(session: Session, reason: DepartureReason): void {
    this.#forget(session, reason);
    session.connection.destroy();
  }

  /** Nothing of it is kept, and the chat is told if it was somebody's. */
  #forget(session: Session, reason: DepartureReason): void {
    const {state, connection} = session;
    session.state = {is: 'gone'};
    this.#strangers.delete(session);
    this.#leaving.delete(session);
    this.#agenda.cancel(session);
    if (state.is !== 'member') return;
    this.#members.delete(state.user);
    this.#host.log.left(state.nickname, connection.remote, reason);
    this.#host.apply({type: 'disconnect', user: state.user});
  }
}

/** What comes from it is served. */
function isOpen({state}: Session): boolean {
  return state.is === 'stranger' || state.is === 'member';
}
