import {Chat, type Command, type Outcome} from '../chat/chat.ts';
import type {ChatEvent} from '../chat/events.ts';
import {registration} from '../chat/naming.ts';
import type {User} from '../chat/users.ts';
import {ChatView} from '../chat/view.ts';
import type {UserId} from '../chat/words.ts';
import type {
  Connection,
  DatagramHubEnd,
  DatagramProtocol,
  DepartureReason,
  DropReason,
  Endpoint,
  HubEnd,
  HubHost,
  HubListener,
  HubLog,
  OnOutcome,
  Protocol,
  RegistrationRefusal,
  StreamHubEnd,
  StreamProtocol,
  TimedListener,
} from '../protocols/protocol.ts';
import type {TimedMachine} from '../transport/timer.ts';
import {translate} from './translate.ts';

/** Users of all protocols together. One list of `res302` holds this many (docs/protocols/res302.md). */
const maximumUsers = 2000;

export type HubOptions = {
  readonly protocols: readonly Protocol[];
  /** The log of that protocol's sessions. */
  log(protocol: string): HubLog;
  readonly publicHost?: string | undefined;
  send(protocol: DatagramProtocol, datagram: Uint8Array, to: Endpoint): void;
  /** Asked before each registration. @returns Why it is refused; undefined if it is admitted. */
  admit?(from: Endpoint, protocol: Protocol): RegistrationRefusal | undefined;
  /** Told of every command and its outcome, before the events are delivered. */
  onOutcome?(command: Command, outcome: Outcome, now: number): void;
};

/** The part of a hub for one protocol. */
type End = {readonly protocol: Protocol; readonly end: HubEnd; readonly log: HubLog};

/** One chat and a hub end for each protocol. Its owner has the sockets, the timer and the clock. */
export class Hub implements TimedMachine {
  readonly #chat: Chat;
  readonly #admit: HubOptions['admit'];
  readonly #onOutcome: HubOptions['onOutcome'];
  readonly #datagramEnds = new Map<DatagramProtocol, DatagramHubEnd>();
  readonly #streamEnds = new Map<StreamProtocol, StreamHubEnd>();
  /** By the name of the protocol. */
  readonly #ends = new Map<string, End>();
  /** Events that are not delivered yet. They are when the end that caused them has returned. */
  #events: ChatEvent[] = [];
  /** Users whose names somebody has asked for in vain, and the address of the asker. */
  #suspects: {readonly user: User; readonly from: Endpoint}[] = [];
  /** Users whose session has met a bug of ours, and is to be ended. */
  #spoilt: UserId[] = [];
  readonly #drops = new Map<DropReason, number>();
  /** Time of the call that is being served. */
  #now = 0;

  constructor({protocols, log, publicHost, send, admit, onOutcome}: HubOptions) {
    this.#chat = new Chat(maximumUsers, protocols);
    this.#admit = admit;
    this.#onOutcome = onOutcome;
    for (const protocol of protocols) {
      const ownLog = this.#withAliases(log(protocol.name));
      const host: HubHost = {
        chat: new ChatView(this.#chat, protocol.name),
        register: (nickname, from, onOutcome) =>
          this.#register(protocol, nickname, from, onOutcome),
        propose: (command, onOutcome) => this.#propose(command, onOutcome),
        fault: (user, error) => this.#fault(protocol, user, error),
        drop: reason => this.#drop(reason),
        publicHost,
        isCongested: () => this.#ends.values().some(({end: {isBehind = false}}) => isBehind),
        log: ownLog,
      };
      if (protocol.transport === 'udp') {
        const end = protocol.createHubEnd({
          ...host,
          send: (datagram, to) => send(protocol, datagram, to),
        });
        this.#datagramEnds.set(protocol, end);
        this.#ends.set(protocol.name, {protocol, end, log: ownLog});
      } else {
        const end = protocol.createHubEnd(host);
        this.#streamEnds.set(protocol, end);
        this.#ends.set(protocol.name, {protocol, end, log: ownLog});
      }
    }
  }

  /** Counts the input from the network that was not served, by reason. */
  get drops(): ReadonlyMap<DropReason, number> {
    return this.#drops;
  }

  /** Number of connected users. */
  get users(): number {
    return this.#chat.size;
  }

  get dueAt(): number {
    let dueAt = this.#chat.nextExpiry;
    for (const {end} of this.#ends.values()) dueAt = Math.min(dueAt, end.dueAt);
    return dueAt;
  }

  /** True while an end waits for a confirmation. */
  get isBusy(): boolean {
    return this.#ends.values().some(({end}) => end.isBusy);
  }

  receive(protocol: DatagramProtocol, datagram: Uint8Array, from: Endpoint, now: number): void {
    const end = this.#datagramEnds.get(protocol);
    if (end === undefined) return;
    this.#serve(now, () => {
      try {
        end.receive(datagram, from, now);
      } catch (error) {
        this.#drop('internal-error');
        this.#fault(protocol, end.userAt(from), error);
      }
    });
  }

  /** @throws Error if the hub does not speak that protocol: a mistake of ours. */
  accept(protocol: StreamProtocol, connection: Connection, now: number): TimedListener {
    const end = this.#streamEnds.get(protocol);
    if (end === undefined) throw new Error(`${protocol.name} is not spoken here`);
    let listener: HubListener | undefined;
    const serve = (at: number, action: (to: HubListener) => void) =>
      this.#serve(at, () => {
        if (listener === undefined) return;
        try {
          action(listener);
        } catch (error) {
          this.#drop('internal-error');
          this.#fault(protocol, undefined, error);
          this.#attempt(protocol, () => listener?.expel('internal-error', at));
          connection.destroy();
        }
      });
    this.#serve(now, () => {
      try {
        listener = end.accept(connection, now);
      } catch (error) {
        this.#fault(protocol, undefined, error);
        connection.destroy();
      }
    });
    return {
      received: (bytes, at) => serve(at, to => to.received(bytes, at)),
      ended: at => serve(at, to => to.ended(at)),
      drained: at => serve(at, to => to.drained(at)),
      closed: (code, at) => serve(at, to => to.closed(code, at)),
    };
  }

  onTime(now: number): void {
    this.#serve(now, () => {
      if (this.#chat.nextExpiry <= now) this.#propose({type: 'expire', now});
      for (const {protocol, end} of this.#ends.values()) {
        if (end.dueAt <= now) this.#attempt(protocol, () => end.onTime(now));
      }
    });
  }

  /** Ends the session of that user. Nothing happens if they have left already. */
  expel(user: UserId, reason: DepartureReason, now: number): void {
    this.#serve(now, () => this.#expel(user, reason));
  }

  /** Tells everybody, in the way of their protocol. Confirmations that come afterwards are still received. */
  close(now: number): void {
    this.#serve(now, () => {
      for (const {protocol, end} of this.#ends.values()) {
        this.#attempt(protocol, () => end.close(now));
      }
    });
  }

  /** Adds the names that a user has in other protocols to the log, so that it can be searched for them. */
  #withAliases(log: HubLog): HubLog {
    return {
      ...log,
      connected: (nickname, from) =>
        log.connected(nickname, from, this.#chat.find(nickname)?.aliases),
    };
  }

  /** One turn: its events are delivered at its end. */
  #serve(now: number, action: () => void): void {
    this.#now = now;
    action();
    this.#deliver(now);
  }

  #register(protocol: Protocol, nickname: string, from: Endpoint, onOutcome: OnOutcome): void {
    const refuse = (refusal: RegistrationRefusal) => onOutcome({refusal, events: []}, this.#now);
    const notAdmitted = this.#admit?.(from, protocol);
    if (notAdmitted !== undefined) {
      refuse(notAdmitted);
      return;
    }
    const command = registration(this.#chat, nickname, protocol);
    if (command === undefined) {
      refuse('name-invalid');
      return;
    }
    this.#propose(command, (outcome, at) => {
      if (outcome.refusal === 'name-in-use') {
        const user = this.#chat.findIn(protocol.name, nickname) ?? this.#chat.find(nickname);
        if (user !== undefined) this.#suspects.push({user, from});
      }
      onOutcome(outcome, at);
    });
  }

  /** Every command passes through here. */
  #propose(command: Command, onOutcome?: OnOutcome): void {
    const outcome = this.#chat.apply(command);
    this.#onOutcome?.(command, outcome, this.#now);
    for (const event of outcome.events) this.#events.push(event);
    onOutcome?.(outcome, this.#now);
  }

  #drop(reason: DropReason): void {
    this.#drops.set(reason, (this.#drops.get(reason) ?? 0) + 1);
  }

  /** @param user Undefined for a client that has not registered. */
  #fault({name}: Protocol, user: UserId | undefined, error: unknown): void {
    const nickname = user === undefined ? undefined : this.#chat.user(user)?.nickname;
    this.#ends.get(name)?.log.fault(nickname, error);
    if (user !== undefined) this.#spoilt.push(user);
  }

  /** Runs an action for a whole protocol. If it fails, the users of other protocols do not notice. */
  #attempt(protocol: Protocol, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fault(protocol, undefined, error);
    }
  }

  #expel(id: UserId, reason: DepartureReason): void {
    const user = this.#chat.user(id);
    const at = user && this.#ends.get(user.dialect.name);
    if (at === undefined) return;
    this.#attempt(at.protocol, () => at.end.expel(id, reason, this.#now));
    // The bug may have kept the end from ending the session: then the chat at least removes the user.
    if (this.#chat.user(id) !== undefined) this.#propose({type: 'disconnect', user: id});
  }

  /** Delivering an event may find a reader gone, and cause another event. */
  #deliver(now: number): void {
    for (;;) {
      for (const {user, from} of this.#suspects.splice(0)) {
        const at = this.#ends.get(user.dialect.name);
        if (at !== undefined) {
          this.#attempt(at.protocol, () => at.end.suspect?.(user.id, from, now));
        }
      }
      for (const user of this.#spoilt.splice(0)) this.#expel(user, 'internal-error');
      const events = this.#events;
      if (events.length === 0) return;
      this.#events = [];
      for (const event of events) this.#tell(event, now);
    }
  }

  #tell(event: ChatEvent, now: number): void {
    const readers = this.#byDialect(event.to);
    for (const {protocol, end} of this.#ends.values()) {
      const to = readers.get(protocol.name);
      if (to === undefined) continue;
      try {
        for (const told of translate(event, protocol)) end.deliver(told, to, now);
      } catch (error) {
        // The end reports a fault at one reader itself. So this one comes from what the event's user has done.
        this.#fault(protocol, 'user' in event ? event.user : undefined, error);
      }
    }
  }

  #byDialect(users: readonly UserId[]): Map<string, UserId[]> {
    const groups = new Map<string, UserId[]>();
    for (const id of users) {
      const name = this.#chat.user(id)?.dialect.name;
      if (name === undefined) continue;
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [id]);
      else group.push(id);
    }
    return groups;
  }
}
