import type {UserId} from '../../chat/words.ts';
import {Agenda} from '../../transport/agenda.ts';
import {type Endpoint, endpointKey} from '../../transport/endpoint.ts';
import {Inbox} from '../../transport/inbox.ts';
import {Outbox} from '../../transport/outbox.ts';
import {hubWindow, type Reliability} from '../../transport/reliability.ts';
import type {DatagramHubHost, DepartureReason, OnOutcome} from '../protocol.ts';
import {Goodbyes} from './goodbyes.ts';
import {InvitationNumbers} from './invitation-numbers.ts';

/** Messages that may wait for one client. With more it will never catch up, and costs memory. */
const maximumQueued = 1024;

/**
 * A client is behind when more messages wait for it than the first number, until at most the second number wait. Authors
 * over TCP who write faster than datagrams are confirmed have to wait for it.
 */
const queuedBehind = 256;
const queuedCaughtUp = 192;

/** A client that is behind and takes nothing for this time is given up, or waiting authors would take the hub for lost. */
const standstillMs = 8000;

/** A message of the hub until its reader has confirmed it. */
export type ToClient = {
  /** Encoded with number 0; shared by all its readers. */
  readonly datagram: Uint8Array;
  /** A client that does not confirm it is removed: the original protocol requires the confirmation. */
  readonly isRequired: boolean;
};

/** One registered client, as the hub sees it. */
export type Session<Message extends ToClient> = {
  readonly user: UserId;
  readonly nickname: string;
  readonly endpoint: Endpoint;
  readonly outbox: Outbox<Message>;
  /** Answers to the client's own numbers, encoded with number 0. */
  readonly inbox: Inbox<Uint8Array>;
  readonly invitationNumbers: InvitationNumbers;
  heardAt: number;
};

export function createSession<Message extends ToClient>(
  {user, nickname, endpoint}: Pick<Session<Message>, 'user' | 'nickname' | 'endpoint'>,
  reliability: Reliability,
  now: number,
): Session<Message> {
  return {
    user,
    nickname,
    endpoint,
    outbox: new Outbox(reliability, hubWindow),
    inbox: new Inbox(reliability),
    invitationNumbers: new InvitationNumbers(),
    heardAt: now,
  };
}

type SessionsHost<Message extends ToClient, One extends Session<Message>> = Pick<
  DatagramHubHost,
  'register' | 'propose' | 'fault' | 'chat' | 'send' | 'publicHost' | 'log'
> & {
  readonly reliability: Reliability;
  withSequence(datagram: Uint8Array, sequence: number): Uint8Array;
  /** Time at which {@link attend} has to be called, independently of the outbox; Infinity for never. */
  attendAt(session: One): number;
  /** Looks after a client that was silent for a long time. */
  attend(session: One, now: number): void;
  /** A message that is not required was never confirmed. */
  givenUp?(session: One, message: Message): void;
  /** Frees what the protocol keeps of a client that is gone. */
  forgotten?(session: One): void;
};

/** The clients of one datagram protocol, with the messages under way to them and their deadlines. */
export class Sessions<Message extends ToClient, One extends Session<Message>> {
  readonly #host: SessionsHost<Message, One>;
  readonly #byAddress = new Map<string, One>();
  readonly #byUser = new Map<UserId, One>();
  /** Addresses whose registration is proposed and has no outcome yet. */
  readonly #registering = new Set<string>();
  readonly #agenda = new Agenda<One>();
  readonly #goodbyes: Goodbyes;
  /** The clients that are behind, with the time since which each has taken nothing. */
  readonly #behind = new Map<One, number>();

  constructor(host: SessionsHost<Message, One>) {
    this.#host = host;
    this.#goodbyes = new Goodbyes(host.reliability);
  }

  get dueAt(): number {
    return this.#agenda.dueAt;
  }

  get isBusy(): boolean {
    return this.#byUser.values().some(({outbox}) => !outbox.isIdle);
  }

  get isBehind(): boolean {
    return this.#behind.size > 0;
  }

  at(endpoint: Endpoint): One | undefined {
    return this.#byAddress.get(endpointKey(endpoint));
  }

  get(user: UserId): One | undefined {
    return this.#byUser.get(user);
  }

  /** The users in centralised rooms, which end with the hub. */
  inCentralisedRooms(): UserId[] {
    const {chat} = this.#host;
    return [...this.#byUser.keys()].filter(user => chat.roomOf(user)?.mode === 'centralised');
  }

  /** The sessions of those users who speak this protocol and are still there. */
  *of(users: Iterable<UserId>): Generator<One> {
    for (const user of users) {
      const session = this.#byUser.get(user);
      if (session !== undefined) yield session;
    }
  }

  /** Proposes a registration. Copies of the request that come before the outcome are ignored. */
  register(nickname: string, from: Endpoint, onOutcome: OnOutcome): void {
    const address = endpointKey(from);
    if (this.#registering.has(address)) return;
    this.#registering.add(address);
    this.#host.register(nickname, from, (outcome, now) => {
      this.#registering.delete(address);
      onOutcome(outcome, now);
    });
  }

  add(session: One): void {
    this.#goodbyes.forget(session.endpoint);
    this.#byAddress.set(endpointKey(session.endpoint), session);
    this.#byUser.set(session.user, session);
    this.#host.log.connected(session.nickname, session.endpoint);
  }

  onTime(now: number): void {
    for (;;) {
      const session = this.#agenda.take(now);
      if (session === undefined) return;
      try {
        if (now >= this.#host.attendAt(session)) this.#host.attend(session, now);
        this.pump(session, now);
      } catch (error) {
        this.#host.fault(session.user, error);
      }
    }
  }

  /** Pushes the same message to all those users. */
  push(to: Iterable<UserId>, message: Message, now: number): void {
    this.each(to, session => {
      session.outbox.push(message);
      this.pump(session, now);
    });
  }

  /** Calls the action for each of those users who speak this protocol. If it fails for one, the others still get it. */
  each(to: Iterable<UserId>, action: (session: One) => void): void {
    for (const session of this.of(to)) {
      try {
        action(session);
      } catch (error) {
        this.#host.fault(session.user, error);
      }
    }
  }

  /** Ends the session of that user. */
  expel(user: UserId, reason: DepartureReason): void {
    const session = this.#byUser.get(user);
    if (session !== undefined) this.forget(session, reason);
  }

  /** Sends what is due, and schedules the session's next deadline. To be called after every push. */
  pump(session: One, now: number): void {
    if (!this.#byUser.has(session.user)) return;
    const {transmissions, failed} = session.outbox.poll(now);
    for (const {message, sequence} of transmissions) {
      this.answer(session, message.datagram, sequence);
    }
    const {queued} = session.outbox;
    const hasTaken = transmissions.some(({attempt}) => attempt === 0);
    const giveUpAt = this.#noteQueue(session, queued, hasTaken, now) + standstillMs;
    if (failed.some(({isRequired}) => isRequired)) this.forget(session, 'silent');
    else if (queued > maximumQueued || now >= giveUpAt) this.forget(session, 'too-slow');
    else {
      for (const message of failed) this.#host.givenUp?.(session, message);
      const dueAt = Math.min(session.outbox.dueAt, this.#host.attendAt(session), giveUpAt);
      this.#agenda.schedule(session, dueAt);
    }
  }

  /** @returns The time since which a client that is behind has taken nothing; Infinity if it is not behind. */
  #noteQueue(session: One, queued: number, hasTaken: boolean, now: number): number {
    const wasBehind = this.#behind.has(session);
    if (queued <= (wasBehind ? queuedCaughtUp : queuedBehind)) this.#behind.delete(session);
    else if (hasTaken || !wasBehind) this.#behind.set(session, now);
    return this.#behind.get(session) ?? Number.POSITIVE_INFINITY;
  }

  /** Sends a datagram once, with that number. */
  answer({endpoint}: One, datagram: Uint8Array, sequence: number): void {
    this.#host.send(this.#host.withSequence(datagram, sequence), endpoint);
  }

  /** The client says goodbye. @param answer Encoded with number 0. */
  leave(
    session: One,
    {datagram, sequence}: {readonly datagram: Uint8Array; readonly sequence: number},
    answer: Uint8Array,
    now: number,
  ): void {
    const numbered = this.#host.withSequence(answer, sequence);
    this.#host.send(numbered, session.endpoint);
    this.#goodbyes.add(session.endpoint, {datagram, answer: numbered}, now);
    this.forget(session, 'disconnected');
  }

  /** Answers a copy of the goodbye of a client that is gone. @returns false if the datagram is none. */
  answerGoodbye(datagram: Uint8Array, from: Endpoint, now: number): boolean {
    const answer = this.#goodbyes.answerTo(datagram, from, now);
    if (answer !== undefined) this.#host.send(answer, from);
    return answer !== undefined;
  }

  /** The client is gone: forgets everything about it, and tells the chat. */
  forget(session: One, reason: DepartureReason): void {
    this.#byUser.delete(session.user);
    this.#byAddress.delete(endpointKey(session.endpoint));
    this.#agenda.cancel(session);
    this.#behind.delete(session);
    this.#host.forgotten?.(session);
    this.#host.log.left(session.nickname, session.endpoint, reason);
    this.#host.propose({type: 'disconnect', user: session.user});
  }

  /** The address at which a reader can reach a user. For a user on the hub's own machine it is the public address. */
  endpointFor(reader: One, {endpoint: {host, port}}: One): Endpoint {
    const {publicHost} = this.#host;
    const isHidden = host.startsWith('127.') && !reader.endpoint.host.startsWith('127.');
    return {host: isHidden && publicHost !== undefined ? publicHost : host, port};
  }
}
