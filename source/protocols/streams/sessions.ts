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

/** A connection on which nobody has registered by then is ended. */
const registrationMs = 30_000;

/**
 * A member of whom nothing was heard for that long gives up their name to somebody who asks for it from the same host.
 * Our own clients say something every 30 s.
 */
const ghostMs = 45_000;

/** How long somebody whose connection ends may take to read what is left, and to end it too. */
const farewellMs = 10_000;

/** Connections of nobody. One more, and the oldest goes: a program has said its nickname by then. */
const maximumStrangers = 1000;

/** What one client has not taken. More, and it will never catch up. */
const maximumWaitingBytes = 1_048_576;

/**
 * Nothing more is read from a client that has this much to take, so that nobody can ask faster than
 * they read the answers. A socket of Node on which this much waits says when all is taken.
 */
const pauseBytes = 65_536;

/**
 * At most this many frames are read of one client in a turn, a long one counting as several: then what they cause is
 * told, and others come first. While readers are behind there is no other turn, so that a client that writes much waits
 * for them, and one that writes a line now and then does not.
 */
const framesPerTurn = 64;
const bytesPerFrame = 256;

/**
 * A connection: of a stranger until a nickname is accepted, of a member until that user has gone,
 * leaving until what was written is taken and the other side has ended too, gone.
 */
export type Session = {
  readonly connection: Connection;
  readonly frames: FrameBuffer;
  state: {readonly is: 'stranger' | 'leaving' | 'gone'} | Member;
  /** The last sign of life: bytes from it, or that it has taken all of ours. */
  heardAt: number;
  /** Frames of its turn. */
  left: number;
  /** Something of theirs is proposed: nothing more is served before its outcome. */
  isAwaiting: boolean;
  /** Why nothing is read: its answers are not taken, it has had its turn, or it waits for an outcome. */
  pausedFor: 'answers' | 'turn' | 'outcome' | undefined;
  /** The other side has ended, and leaves for that reason when what it has written before is served. */
  endedFor: DepartureReason | undefined;
  /** Nothing more can be written. */
  isClosed: boolean;
};

export type Member = {readonly is: 'member'; readonly user: UserId; readonly nickname: string};

type SessionsHost<One extends Session> = Pick<
  HubHost,
  'register' | 'propose' | 'fault' | 'drop' | 'isCongested' | 'log'
> & {
  /** Adds what the protocol itself keeps of a client. */
  create(session: Session): One;
  /** Said when somebody connects. */
  readonly greeting?: Uint8Array;
  /** Said to somebody who has sent what can be no message, before their connection is ended. */
  readonly complaint?: Uint8Array;
  /** Reads a message of a stranger or member out of their frames, and serves it. @returns What was read. */
  serveNext(session: One, now: number): Decoded<unknown> | undefined;
  refusal(nickname: string, reason: RegistrationRefusal): Uint8Array;
  welcome(user: UserId, nickname: string): Uint8Array;
  /** Said to a member when the hub ends, or ends their session. */
  farewell?(nickname: string): Uint8Array;
  /** Frees what the protocol itself keeps elsewhere of a user who is gone. */
  forgotten?(user: UserId, now: number): void;
};

/** The connections of one stream protocol: whose they are, how much of them is read, and when they have had their time. */
export class Sessions<One extends Session> {
  readonly #host: SessionsHost<One>;
  /** The oldest first. */
  readonly #strangers = new Set<One>();
  readonly #members = new Map<UserId, One>();
  readonly #leaving = new Set<One>();
  /** Those who have had their turn, and the next one to come first. */
  readonly #queued = new Set<One>();
  /** When strangers and leavers have had their time, and members whose names are wanted were silent for too long. */
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

  /** That member's. */
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

  /** A stranger has said their nickname. */
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

  /** Proposes a command of that member, whose answers come in the order of what they ask, whenever the outcome does. */
  propose(session: One, command: Command, onOutcome: OnOutcome = () => {}): void {
    this.#await(session, onKnown => this.#host.propose(command, onKnown), onOutcome);
  }

  /**
   * Somebody wants that member's name. TCP does not tell whether the member is still there: while bytes are
   * unacknowledged the system asks nothing, and takes a quarter of an hour to give the connection up. The protocols have
   * no word that asks either. So a member goes as soon as they were silent for {@link ghostMs}, but only if the other asks
   * from the same host, and is most likely the same user, coming back. A client that only reads is not thrown out
   * because somebody elsewhere asks for its name.
   */
  suspect(user: UserId, from: Endpoint, now: number): void {
    const session = this.#members.get(user);
    if (session?.connection.remote.host !== from.host) return;
    this.#agenda.schedule(session, Math.max(now, session.heardAt + ghostMs));
  }

  /** Ends the session of that member, who reads what was written to the end. */
  expel(user: UserId, reason: DepartureReason, now: number): void {
    const session = this.#members.get(user);
    if (session === undefined) return;
    this.#sayFarewell(session, now);
    this.dismiss(session, reason, now);
  }

  onTime(now: number): void {
    const [next] = this.#queued;
    // One turn, so that what it causes is told before the next.
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

  /** The same for all of them that are members. */
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

  /** They have left, and read what was written to the end. */
  dismiss(session: One, reason: DepartureReason, now: number): void {
    if (!isOpen(session)) return;
    this.#forget(session, reason, now);
    if (!session.isClosed) this.#hangUp(session, now);
  }

  /** The hub ends: so does every connection. */
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

  /** Its time has come. */
  #attend(session: One, now: number): void {
    if (session.state.is === 'stranger') this.dismiss(session, 'silent', now);
    else if (session.state.is === 'leaving') this.#cutOff(session, 'silent', now);
    // Otherwise it was heard since it came under suspicion.
    else if (now >= session.heardAt + ghostMs) this.#cutOff(session, 'silent', now);
  }

  /** A bug of ours at one session costs that session alone. */
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
      // It has come later: what came behind it waits.
      if (session.pausedFor === 'outcome') this.#goOn(session, now);
    });
  }

  #receive(session: One, bytes: Uint8Array, now: number): void {
    if (!isOpen(session)) return;
    session.heardAt = now;
    session.frames.push(bytes);
    this.#read(session, now);
  }

  /** One of those who have had their turn can go on. */
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

  /** Reads on, though it may be leaving: only so the hub learns that the other side has ended. */
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
    // That the other side has ended is only learnt by reading on.
    session.connection.resume();
  }

  #cutOff(session: One, reason: DepartureReason, now: number): void {
    this.#forget(session, reason, now);
    session.connection.destroy();
  }

  /** Nothing of it is kept, and the chat is told if it was somebody's. */
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

/** What comes from it is served. */
function isOpen({state}: Session): boolean {
  return state.is === 'stranger' || state.is === 'member';
}

/** What was read of it still has to be served. */
function isUnserved({pausedFor}: Session): boolean {
  return pausedFor === 'turn' || pausedFor === 'outcome';
}
