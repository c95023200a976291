import {Chat, type Command, type Outcome} from '../chat/chat.ts';
import type {ChatEvent} from '../chat/events.ts';
import type {User} from '../chat/users.ts';
import {ChatView} from '../chat/view.ts';
import type {UserId} from '../chat/words.ts';
import type {
  Connection,
  DatagramHubEnd,
  DatagramProtocol,
  DropReason,
  Endpoint,
  HubEnd,
  HubLog,
  Protocol,
  StreamHubEnd,
  StreamProtocol,
  TimedListener,
} from '../protocols/protocol.ts';
import type {TimedMachine} from '../transport/timer.ts';
import {translate} from './translate.ts';

/** Of all protocols together: as many as one list of `res302` holds (docs/protocols/res302.md). */
const maximumUsers = 2000;

export type HubOptions = {
  readonly protocols: readonly Protocol[];
  /** Where it is written who of that protocol has come and gone. */
  log(protocol: string): HubLog;
  readonly publicHost?: string | undefined;
  send(protocol: DatagramProtocol, datagram: Uint8Array, to: Endpoint): void;
};

/** One chat and the ends that speak of it. Sockets, timer and clock are its owner's. */
export class Hub implements TimedMachine {
  readonly #chat: Chat;
  readonly #datagramEnds = new Map<DatagramProtocol, DatagramHubEnd>();
  readonly #streamEnds = new Map<StreamProtocol, StreamHubEnd>();
  /** All of them. */
  readonly #ends = new Map<Protocol, HubEnd>();
  /** What has happened and was not yet told: delivered when the end that caused it has returned. */
  #events: ChatEvent[] = [];
  /** Those whose names somebody else has asked for in vain. */
  #suspects: User[] = [];
  readonly #drops = new Map<DropReason, number>();

  constructor({protocols, log, publicHost, send}: HubOptions) {
    this.#chat = new Chat(maximumUsers, protocols);
    for (const protocol of protocols) {
      const host = {
        chat: new ChatView(this.#chat, protocol.name),
        apply: (command: Command) => this.#apply(command),
        drop: (reason: DropReason) => this.#drops.set(reason, (this.#drops.get(reason) ?? 0) + 1),
        publicHost,
        isCongested: () => this.#ends.values().some(({isBehind = false}) => isBehind),
        log: this.#withAliases(log(protocol.name)),
      };
      if (protocol.transport === 'udp') {
        const end = protocol.createHubEnd({
          ...host,
          send: (datagram, to) => send(protocol, datagram, to),
        });
        this.#datagramEnds.set(protocol, end);
        this.#ends.set(protocol, end);
      } else {
        const end = protocol.createHubEnd(host);
        this.#streamEnds.set(protocol, end);
        this.#ends.set(protocol, end);
      }
    }
  }

  /** What came from the network and was not served, by reason. */
  get drops(): ReadonlyMap<DropReason, number> {
    return this.#drops;
  }

  /** How many are connected. */
  get users(): number {
    return this.#chat.size;
  }

  get dueAt(): number {
    let dueAt = this.#chat.nextExpiry;
    for (const end of this.#ends.values()) dueAt = Math.min(dueAt, end.dueAt);
    return dueAt;
  }

  /** True while an end waits for a confirmation. */
  get isBusy(): boolean {
    return [...this.#ends.values()].some(end => end.isBusy);
  }

  receive(protocol: DatagramProtocol, datagram: Uint8Array, from: Endpoint, now: number): void {
    this.#datagramEnds.get(protocol)?.receive(datagram, from, now);
    this.#deliver(now);
  }

  /** @throws Error if the hub does not speak that protocol: a mistake of ours. */
  accept(protocol: StreamProtocol, connection: Connection, now: number): TimedListener {
    const end = this.#streamEnds.get(protocol);
    if (end === undefined) throw new Error(`${protocol.name} is not spoken here`);
    const listener = end.accept(connection, now);
    this.#deliver(now);
    return {
      received: (bytes, at) => this.#serve(at, () => listener.received(bytes, at)),
      ended: at => this.#serve(at, () => listener.ended(at)),
      drained: at => this.#serve(at, () => listener.drained(at)),
      closed: (code, at) => this.#serve(at, () => listener.closed(code, at)),
    };
  }

  onTime(now: number): void {
    if (this.#chat.nextExpiry <= now) this.#apply({type: 'expire', now});
    for (const end of this.#ends.values()) if (end.dueAt <= now) end.onTime(now);
    this.#deliver(now);
  }

  /** Tells everybody, each in their protocol's way. What is confirmed afterwards is still received. */
  close(now: number): void {
    for (const end of this.#ends.values()) end.close(now);
    this.#deliver(now);
  }

  /** Who is called something else in other protocols is found in the log under that name too. */
  #withAliases(log: HubLog): HubLog {
    return {
      ...log,
      connected: (nickname, from) =>
        log.connected(nickname, from, this.#chat.find(nickname)?.aliases),
    };
  }

  #serve(now: number, action: () => void): void {
    action();
    this.#deliver(now);
  }

  #apply(command: Command): Outcome {
    const outcome = this.#chat.apply(command);
    this.#events.push(...outcome.events);
    if (command.type === 'connect' && outcome.refusal === 'name-in-use') {
      const {nickname, dialect} = command;
      const holder = this.#chat.findIn(dialect.name, nickname) ?? this.#chat.find(nickname);
      if (holder !== undefined) this.#suspects.push(holder);
    }
    return outcome;
  }

  /** Telling somebody can find them gone, which is the next thing to tell. */
  #deliver(now: number): void {
    for (const {id, dialect} of this.#suspects.splice(0)) {
      for (const [{name}, end] of this.#ends) if (name === dialect.name) end.suspect?.(id, now);
    }
    while (this.#events.length > 0) {
      const events = this.#events;
      this.#events = [];
      for (const event of events) {
        const readers = this.#byDialect(event.to);
        for (const [protocol, end] of this.#ends) {
          const to = readers.get(protocol.name);
          if (to === undefined) continue;
          for (const told of translate(event, protocol)) end.deliver(told, to, now);
        }
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
