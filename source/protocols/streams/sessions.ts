import type {Command, Outcome} from '../../chat/chat.ts';
import type {UserId} from '../../chat/words.ts';
import {Agenda} from '../../transport/agenda.ts';
import type {Decoded} from '../../transport/decoded.ts';
import {FrameBuffer} from '../../transport/frame-buffer.ts';
import type {
  Connection,
  DepartureReason,
  Endpoint,
  HubHost,
  HubListener,
  OnOutcome,
  RegistrationRefusal,
} from '../protocol.ts';

/** A connection on which nobody has registered within this time is ended. */
const registrationMs = 30_000;

/**
 * A member who was silent for this time loses their name to somebody who asks for it from the same host.
 * Our own clients say something every 30 s.
 */
const ghostMs = 45_000;

/** The time that a client has to read the rest and to end the connection too, when we have ended it. */
const farewellMs = 10_000;

/** Connections without a nickname. With one more, the oldest is ended: an honest program says its nickname at once. */
const maximumStrangers = 1000;

/** Bytes that one client may leave untaken. With more it will never catch up. */
const maximumWaitingBytes = 1_048_576;

/**
 * Nothing more is read from a client for which this much waits, so that nobody can ask faster than they read the
 * answers. With this much waiting, a socket of Node reports when everything is taken.
 */
const pauseBytes = 65_536;

/**
 * At most this many frames of one client are read in a turn; a long frame counts as several. Then their events are
 * delivered, and other clients come first. While readers are behind there is no new turn. So a client that writes a lot
 * has to wait for them, and a client that writes a line now and then does not.
 */
const framesPerTurn = 64;
const bytesPerFrame = 256;

/**
 * A connection. It belongs to a stranger until a nickname is accepted, then to a member until that user has gone. Then it
 * is leaving until everything is taken and the other side has ended too, and at last gone.
 */
export type Session = {
  readonly connection: Connection;
  readonly frames: FrameBuffer;
  state: {readonly is: 'stranger' | 'leaving' | 'gone'} | Member;
  /** Time of the last sign of life: bytes came from it, or it has taken all of ours. */
  heardAt: number;
  /** Frames left in its turn. */
  left: number;
  /** A command is proposed: nothing more is served before its outcome. */
  isAwaiting: boolean;
  /** Why nothing is read: answers are not taken, the turn is over, or an outcome is missing. */
  pausedFor: 'answers' | 'turn' | 'outcome' | undefined;
  /** The other side has ended. When everything it has written is served, it leaves for this reason. */
  endedFor: DepartureReason | undefined;
  /** Nothing more can be written. */
  isClosed: boolean;
};

export type Member = {readonly is: 'member'; readonly user: UserId; readonly nickname: string};

type SessionsHost<One extends Session> = Pick<
  HubHost,
  'register' | 'propose' | 'fault' | 'drop' | 'isCongested' | 'log'
> & {
  /** Adds the protocol's own data of a client. */
  create(session: Session): One;
  /** Said when somebody connects. */
  readonly greeting?: Uint8Array;
  /** Said to somebody who has sent malformed bytes, before their connection is ended. */
  readonly complaint?: Uint8Array;
  /** Reads the next message of a stranger or member, and serves it. @returns The message. */
  serveNext(session: One, now: number): Decoded<unknown> | undefined;
  refusal(nickname: string, reason: RegistrationRefusal): Uint8Array;
  welcome(user: UserId, nickname: string): Uint8Array;
  /** Said to a member when the hub ends, or ends their session. */
  farewell?(nickname: string): Uint8Array;
  /** Frees the protocol's own data elsewhere about a user who is gone. */
  forgotten?(user: UserId, now: number): void;
};

/** The connections of one stream protocol: their users, their turns and their time limits. */
export class Sessions<One extends Session> {
  readonly #host: SessionsHost<One>;
  /** Oldest first. */
  readonly #strangers = new Set<One>();
  readonly #members = new Map<UserId, One>();
  readonly #leaving = new Set<One>();
  /** Sessions whose turn is over, the next one to continue first. */
  readonly #queued = new Set<One>();
  /** Deadlines of strangers, of leaving sessions, and of members whose name somebody wants. */
  readonly #agenda = new Agenda<One>();

  constructor(host: SessionsHost<One>) {
    this.#host = host;
  }

  get dueAt(): number {
    return this.#hasTurn ? 0 : this.#agenda.dueAt;
  }

  get isBusy(): boolean {
    return this.#leaving.values().some(({connection}) => connection.waiting > 0);
  }

  get hasMembers(): boolean {
    return this.#members.size > 0;
  }

  /** The session of that member. */
  get(user: UserId): One | undefined {
    return this.#members.get(user);
  }

  accept(connection: Connection, now: number): HubListener {
    const session = this.#host.create({
      connection,
      frames: new FrameBuffer(),
      state: {is: 'stranger'},
      heardAt: now,
      left: framesPerTurn,
      isAwaiting: false,
      pausedFor: undefined,
      endedFor: undefined,
      isClosed: false,
    });
    const [oldest] = this.#strangers;
    if (oldest !== undefined && this.#strangers.size >= maximumStrangers) {
      this.#cutOff(oldest, 'silent', now);
    }
    this.#strangers.add(session);
    this.#agenda.schedule(session, now + registrationMs);
    const {greeting} = this.#host;
    if (greeting !== undefined) this.write(session, greeting, now);
    return {
      received: (bytes, at) => this.#receive(session, bytes, at),
      ended: at => {
        if (isUnserved(session)) session.endedFor = 'disconnected';
        else this.dismiss(session, 'disconnected', at);
      },
      drained: at => {
        session.heardAt = at;
        if (session.pausedFor === 'answers') this.#goOn(session, at);
      },
      closed: (code, at) => {
        const reason = code === 'ETIMEDOUT' ? 'silent' : 'disconnected';
        session.isClosed = true;
        if (isUnserved(session)) session.endedFor = reason;
        else this.#forget(session, reason, at);
      },
      expel: (reason, at) => this.#cutOff(session, reason, at),
    };
  }

  /** A stranger has said a nickname. */
  register(session: One, nickname: string): void {
    const {log} = this.#host;
    const {remote} = session.connection;
    this.#await(
      session,
      onOutcome => this.#host.register(nickname, remote, onOutcome),
      ({user, refusal}, now) => {
        if (session.state.is !== 'stranger') {
          // They have gone meanwhile.
          if (user !== undefined) this.#host.propose({type: 'disconnect', user});
          return;
        }
        if (user === undefined) {
          const reason = refusal as RegistrationRefusal;
          this.write(session, this.#host.refusal(nickname, reason), now);
          log.refused(nickname, remote, reason);
          return;
        }
        this.#strangers.delete(session);
        this.#agenda.cancel(session);
        session.state = {is: 'member', user, nickname};
        this.#members.set(user, session);
        log.connected(nickname, remote);
        this.write(session, this.#host.welcome(user, nickname), now);
      },
    );
  }

  /** Proposes a command of that member. Their next frame is served after its outcome, so that answers keep their order. */
  propose(session: One, command: Command, onOutcome: OnOutcome = () => {}): void {
    this.#await(session, onKnown => this.#host.propose(command, onKnown), onOutcome);
  }

  /**
   * Somebody wants that member's name. TCP does not tell whether the member is still there: while bytes are
   * unacknowledged, the system sends no probes, and gives the connection up only after a quarter of an hour. The
   * protocols have no question for it either. So the member is removed after {@link ghostMs} of silence, but only if the
   * other one asks from the same host, and is most likely the same user, coming back. A client that only reads is not
   * removed because somebody elsewhere asks for its name.
   */
  suspect(user: UserId, from: Endpoint, now: number): void {
    const session = this.#members.get(user);
    if (session?.connection.remote.host !== from.host) return;
    this.#agenda.schedule(session, Math.max(now, session.heardAt + ghostMs));
  }

  /** Ends the session of that member, who can still read everything that was written. */
  expel(user: UserId, reason: DepartureReason, now: number): void {
    const session = this.#members.get(user);
    if (session === undefined) return;
    this.#sayFarewell(session, now);
    this.dismiss(session, reason, now);
  }

  onTime(now: number): void {
    const [next] = this.#queued;
    // One turn, so that its events are delivered before the next.
    if (next !== undefined && this.#hasTurn) {
      this.#queued.delete(next);
      this.#guard(next, () => this.#goOn(next, now));
    }
    for (;;) {
      const session = this.#agenda.take(now);
      if (session === undefined) return;
      this.#guard(session, () => this.#attend(session, now));
    }
  }

  write(session: One, bytes: Uint8Array, now: number): void {
    const {connection} = session;
    connection.write(bytes);
    if (connection.waiting > maximumWaitingBytes) this.#cutOff(session, 'too-slow', now);
  }

  /** Writes the same bytes to all of them who are members. */
  writeAll(to: Iterable<UserId>, bytes: Uint8Array, now: number): void {
    for (const user of to) {
      const session = this.#members.get(user);
      if (session === undefined) continue;
      try {
        this.write(session, bytes, now);
      } catch (error) {
        this.#host.fault(user, error);
      }
    }
  }

  /** The user has left, and can still read everything that was written. */
  dismiss(session: One, reason: DepartureReason, now: number): void {
    if (!isOpen(session)) return;
    this.#forget(session, reason, now);
    if (!session.isClosed) this.#hangUp(session, now);
  }

  /** The hub ends: ends every connection. */
  close(now: number): void {
    for (const session of [...this.#strangers, ...this.#members.values()]) {
      this.#sayFarewell(session, now);
      if (isOpen(session)) this.#hangUp(session, now);
    }
    this.#members.clear();
  }

  #sayFarewell(session: One, now: number): void {
    const {state} = session;
    const farewell = state.is === 'member' ? this.#host.farewell?.(state.nickname) : undefined;
    if (farewell !== undefined) this.write(session, farewell, now);
  }

  /** The session's deadline has come. */
  #attend(session: One, now: number): void {
    if (session.state.is === 'stranger') this.dismiss(session, 'silent', now);
    else if (session.state.is === 'leaving') this.#cutOff(session, 'silent', now);
    // If not, it has given a sign of life since somebody asked for its name.
    else if (now >= session.heardAt + ghostMs) this.#cutOff(session, 'silent', now);
  }

  /** A bug of ours at one session ends only that session. */
  #guard(session: One, action: () => void): void {
    try {
      action();
    } catch (error) {
      const {state} = session;
      if (state.is === 'member') this.#host.fault(state.user, error);
      else throw error;
    }
  }

  #await(
    session: One,
    ask: (onOutcome: OnOutcome) => void,
    onOutcome: (outcome: Outcome, now: number) => void,
  ): void {
    session.isAwaiting = true;
    ask((outcome, now) => {
      session.isAwaiting = false;
      onOutcome(outcome, now);
      // The outcome has come later: frames behind the command wait.
      if (session.pausedFor === 'outcome') this.#goOn(session, now);
    });
  }

  #receive(session: One, bytes: Uint8Array, now: number): void {
    if (!isOpen(session)) return;
    session.heardAt = now;
    session.frames.push(bytes);
    this.#read(session, now);
  }

  /** Whether one of the queued sessions can continue. */
  get #hasTurn(): boolean {
    return this.#queued.size > 0 && !this.#host.isCongested();
  }

  #read(session: One, now: number): void {
    const {frames, connection} = session;
    if (!this.#host.isCongested()) session.left = framesPerTurn;
    while (isOpen(session)) {
      const isUnread = !session.isClosed && connection.waiting >= pauseBytes;
      if (session.isAwaiting) this.#pause(session, 'outcome');
      else if (isUnread) this.#pause(session, 'answers');
      else if (session.left <= 0) this.#pause(session, 'turn');
      if (session.pausedFor !== undefined) return;
      const {pending} = frames;
      const decoded = this.#host.serveNext(session, now);
      if (decoded === undefined) break;
      session.left -= Math.ceil((pending - frames.pending) / bytesPerFrame);
      if (!decoded.ok) this.#breakOff(session, now);
    }
    if (session.endedFor !== undefined) this.dismiss(session, session.endedFor, now);
  }

  #pause(session: One, reason: 'answers' | 'turn' | 'outcome'): void {
    session.pausedFor = reason;
    session.connection.pause();
    if (reason === 'turn') this.#queued.add(session);
  }

  /** Continues to read. That is needed even while it is leaving, to learn that the other side has ended. */
  #goOn(session: One, now: number): void {
    session.pausedFor = undefined;
    // It may have said something while it was not read.
    session.heardAt = now;
    this.#read(session, now);
    if (session.pausedFor === undefined) session.connection.resume();
  }

  #breakOff(session: One, now: number): void {
    const {complaint} = this.#host;
    this.#host.drop('malformed');
    if (complaint !== undefined) this.write(session, complaint, now);
    this.dismiss(session, 'protocol-error', now);
  }

  #hangUp(session: One, now: number): void {
    session.state = {is: 'leaving'};
    this.#strangers.delete(session);
    this.#leaving.add(session);
    this.#agenda.schedule(session, now + farewellMs);
    session.connection.end();
    // Only by reading on do we learn that the other side has ended.
    session.connection.resume();
  }

  #cutOff(session: One, reason: DepartureReason, now: number): void {
    this.#forget(session, reason, now);
    session.connection.destroy();
  }

  /** Forgets everything about it, and tells the chat if it was a member's. */
  #forget(session: One, reason: DepartureReason, now: number): void {
    const {state, connection} = session;
    session.state = {is: 'gone'};
    this.#queued.delete(session);
    this.#strangers.delete(session);
    this.#leaving.delete(session);
    this.#agenda.cancel(session);
    if (state.is !== 'member') return;
    this.#members.delete(state.user);
    this.#host.log.left(state.nickname, connection.remote, reason);
    this.#host.propose({type: 'disconnect', user: state.user});
    this.#host.forgotten?.(state.user, now);
  }
}

/** Whether its frames are served. */
function isOpen({state}: Session): boolean {
  return state.is === 'stranger' || state.is === 'member';
}

/** Whether frames that were read still have to be served. */
function isUnserved({pausedFor}: Session): boolean {
  return pausedFor === 'turn' || pausedFor === 'outcome';
}
