import type {
  Conversation,
  Connection as LinkConnection,
  TimedListener as LinkListener,
  Mode,
  NamedRooms,
} from '../protocols/protocol.ts';
import {type Resolver, systemResolver} from '../transport/resolver.ts';
import {absenceSentence} from './absences.ts';
import {type Address, formatAddress, parseAddress} from './address.ts';
import {cleanLine} from './clean-text.ts';
import type {CommandHost} from './commands.ts';
import {Call, type DialOptions} from './dial.ts';
import {type Draft, type Letter, type Reading, readDraft} from './draft.ts';
import type {Engine, EngineOptions} from './engine.ts';
import type {EngineEvent} from './events.ts';
import {
  errorSentence,
  linkedSentence,
  refusalSentence,
  roomNameSentence,
  roomSizeSentence,
} from './sentences.ts';
import {canSpeakIn, initialState, reduce, type State} from './state.ts';
import type {Undelivered} from './undelivered.ts';

export type {LinkConnection, LinkListener};

/** What a front sees of the engine. */
export type ChatClient = {
  readonly state: State;
  /** Called after every change of {@link state}. Returns what ends the subscription. */
  subscribe(listener: () => void): () => void;
  onEvent(listener: (event: EngineEvent) => void): () => void;
  /** What a draft is now, and where each of its texts would go. Nothing is done. */
  read(draft: Draft): Reading;
  /**
   * Sends or does what was read.
   *
   * @returns false if nothing was done with it, and an event said why: the draft is still the user's.
   */
  carryOut(reading: Reading): boolean;
  /** Both at once, for a line that was written for that conversation. */
  submit(line: string, conversation: Conversation): boolean;
  /** Shows a sentence of the front's own. */
  announce(text: string): void;
  /** Sends a failed message again; without an id, the newest one that failed. */
  retry(id?: number): boolean;
  answer(from: string, accepted: boolean): void;
  /** While there is a private connection: what is typed goes there from now on. */
  turnTo(conversation: Conversation): void;
  invite(nicknames: readonly string[], mode: Mode): void;
  /** @returns false if it cannot be the name of a room, and an event said so. */
  joinRoom(name: string): boolean;
  /** Registers under another name, or at another hub: the way out of a refusal. */
  connect(to: {readonly nick?: string; readonly server?: string}): boolean;
  /** The user chooses another name or hub: with the present ones no connection is made any more. */
  stopTrying(): void;
  /** Resolves when no more than that many texts, by default none, and we ourselves are not on the way. */
  settled(pending?: number): Promise<void>;
  /** Says goodbye and frees everything. Resolves when the program may end. */
  close(): Promise<void>;
};

export type ClientOptions = {
  readonly address: Address;
  readonly nick: string;
  /** Who gets the bytes of private connections; without it they are texts. */
  readonly takeLink?: NonNullable<EngineOptions['takeLink']>;
  /** Of a hub that has not let us in before. By default `give-up`. */
  readonly whenUnreachable?: EngineOptions['whenUnreachable'];
  /** By default the system's. */
  readonly resolve?: Resolver;
};

const retrySentences = {
  'nothing-failed': 'Every message was delivered, or is still on its way',
  'left-room': 'That message was for a room you are not in: copy it if it is still wanted',
  'link-closed':
    'That message was for a private connection that is closed: /link asks for another, then /retry sends it',
} as const satisfies Record<NonNullable<ReturnType<Engine['retry']>>, string>;

/** Of a connection that was asked for: what comes of it is known, or will not be soon. */
const hasAnswered: ReadonlySet<EngineEvent['type']> = new Set([
  'connected',
  'refused',
  'reconnecting',
]);

/** Why a text is not said where it was to be. */
const misplaced = {
  public: {
    code: 'already-in-room',
    message: 'Not sent: you are in a private room, /leave takes you back to the public one',
  },
  room: {code: 'not-in-room', message: 'Not sent: the private room it was for is gone'},
  link: {
    code: 'no-such-link',
    message: 'Not sent: the private connection it was for is closed',
  },
};

/** The engine with its socket and its state: what all fronts stand on. */
export class Client implements ChatClient {
  #address: Address;
  #nick: string;
  readonly #options: Pick<DialOptions, 'takeLink' | 'whenUnreachable' | 'resolve'>;
  #state: State;
  #call: Call | undefined;
  /** One change of the connection at a time, in the order in which they were asked for. */
  #changes: Promise<void> = Promise.resolve();
  #undelivered: ReadonlyMap<number, Undelivered> = new Map();
  #lastId = 0;
  /** Another connection was asked for, and it is not known yet what comes of it. */
  #isChanging = false;
  /** What the hub has said when it let us in last: where and under which name. */
  #lastConnected: {readonly server: string; readonly nick: string} | undefined;
  /** What the connection that is given up still tells is nobody's business. */
  #isGivingUp = false;
  #isPaused = false;
  readonly #stateListeners = new Set<() => void>();
  readonly #eventListeners = new Set<(event: EngineEvent) => void>();

  constructor({address, nick, takeLink, whenUnreachable, resolve = systemResolver}: ClientOptions) {
    this.#address = address;
    this.#nick = nick;
    this.#options = {takeLink, whenUnreachable, resolve};
    const {protocol} = address;
    this.#state = initialState({
      protocol: protocol.name,
      server: formatAddress(address),
      nick,
      features: protocol.features,
    });
  }

  get state(): State {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  /** Connects for the first time. */
  start(): void {
    this.#change(() => this.#open());
  }

  announce(text: string): void {
    this.#publish({type: 'notice', text});
  }

  read(draft: Draft): Reading {
    const {carriesLineFeeds} = this.#address.protocol;
    return readDraft(draft, {state: this.#state, carriesLineFeeds});
  }

  carryOut(reading: Reading): boolean {
    switch (reading.kind) {
      case 'nothing':
        return true;
      case 'texts':
        return this.#send(reading.letters);
      case 'command':
        return reading.command.run(this.#commandHost(reading.conversation), reading.argument);
      case 'refused':
        return this.#fail(reading.code, reading.message);
    }
  }

  submit(text: string, conversation: Conversation): boolean {
    return this.carryOut(this.read({text, conversation}));
  }

  retry(id?: number): boolean {
    const reason = this.#run((engine, now) => engine.retry(id, now), 'nothing-failed' as const);
    if (reason === undefined) return true;
    return this.#fail(reason, retrySentences[reason]);
  }

  answer(from: string, accepted: boolean): void {
    const {link, invitations} = this.#state;
    const wanted = invitations.find(invitation => invitation.from === from);
    if (accepted && wanted?.mode === 'link' && link !== undefined) {
      this.#fail('link-exists', linkedSentence(link.nick));
      return;
    }
    this.#run((engine, now) => engine.answer(from, accepted, now), undefined);
  }

  turnTo(conversation: Conversation): void {
    this.#publish({type: 'turned', conversation});
  }

  /** @returns false if nobody was asked for a private connection, and an event said why. */
  link(to: string): boolean {
    const {link} = this.#state;
    if (link !== undefined) return this.#fail('link-exists', linkedSentence(link.nick));
    if (!this.#address.protocol.isNickname(to)) {
      return this.#fail('no-such-user', errorSentence('no-such-user', to));
    }
    this.#run((engine, now) => engine.link(to, now), undefined);
    return true;
  }

  invite(nicknames: readonly string[], mode: Mode): void {
    const {isNickname} = this.#address.protocol;
    for (const nick of nicknames.filter(name => !isNickname(name))) {
      this.#fail('no-such-user', errorSentence('no-such-user', nick));
    }
    const possible = nicknames.filter(name => isNickname(name));
    if (possible.length === 0) return;
    this.#run((engine, now) => engine.invite(possible, mode, now), undefined);
  }

  joinRoom(name: string): boolean {
    if (this.#roomRulesFor(name) === undefined) return false;
    this.#run((engine, now) => engine.joinRoom(name, now), undefined);
    return true;
  }

  connect({
    nick = this.#nick,
    server,
  }: {
    readonly nick?: string;
    readonly server?: string;
  }): boolean {
    const parsed =
      server === undefined ? undefined : parseAddress(server, this.#address.protocol.name);
    if (parsed?.ok === false) return this.#fail('address-invalid', parsed.message);
    const address = parsed?.address ?? this.#address;
    if (!address.protocol.isNickname(nick)) {
      const server = formatAddress(address);
      const message = refusalSentence('nickname-invalid', nick, server, address.protocol);
      return this.#fail('nickname-invalid', message);
    }
    this.#isChanging = true;
    void this.#change(async () => {
      await this.#hangUp();
      // What was meant for the people of one hub is not said at another.
      if (formatAddress(address) !== formatAddress(this.#address)) this.#undelivered = new Map();
      this.#address = address;
      this.#nick = nick;
      this.#open();
    });
    return true;
  }

  stopTrying(): void {
    const {connection, server, nick} = this.#state;
    if (connection.phase !== 'refused' || connection.retryAt === undefined) return;
    const {phase, reason, message} = connection;
    this.#publish({type: 'connection', connection: {phase, reason, message}, server, nick});
    this.#isGivingUp = true;
    void this.#change(async () => {
      await this.#hangUp();
      this.#isGivingUp = false;
    });
  }

  /** Reads nothing more from connections, so that whoever writes to us has to wait. Datagrams cannot wait. */
  pause(): void {
    this.#isPaused = true;
    this.#call?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#call?.resume();
  }

  settled(pending = 0): Promise<void> {
    return this.#until(() => {
      const engine = this.#call?.engine;
      return !this.#isChanging && !engine?.isMoving && (engine?.pending ?? 0) <= pending;
    });
  }

  close(): Promise<void> {
    return this.#change(() => this.#hangUp());
  }

  #change(action: () => Promise<void> | void): Promise<void> {
    this.#changes = this.#changes.then(action);
    return this.#changes;
  }

  #open(): void {
    const isKnown = this.#lastConnected?.server === formatAddress(this.#address);
    this.#call = new Call({
      ...this.#options,
      address: this.#address,
      nick: this.#nick,
      emit: event => {
        if (!this.#isGivingUp) this.#publish(event);
      },
      undelivered: this.#undelivered,
      // A hub that has let us in before is not given up, whatever we are called now.
      ...(isKnown && {whenUnreachable: 'try-on'}),
      isReturning: isKnown && this.#lastConnected?.nick === this.#nick,
    });
    if (this.#isPaused) this.#call.pause();
    this.#call.start();
  }

  async #hangUp(): Promise<void> {
    if (this.#call === undefined) return;
    await this.#call.hangUp();
    this.#undelivered = this.#call.engine.undelivered;
    this.#call = undefined;
  }

  #until(isReached: () => boolean): Promise<void> {
    if (isReached()) return Promise.resolve();
    return new Promise(resolve => {
      const stop = this.onEvent(() => {
        if (!isReached()) return;
        stop();
        resolve();
      });
    });
  }

  #run<Result>(action: (engine: Engine, now: number) => Result, otherwise: Result): Result {
    return this.#call === undefined ? otherwise : this.#call.run(action);
  }

  /** All of them; or none if one cannot be sent, and an event says why. */
  #send(letters: readonly Letter[]): boolean {
    const number = (index: number) => (letters.length === 1 ? 'it' : `message ${index + 1}`);
    if (!letters.every((letter, index) => this.#canSend(letter, number(index)))) return false;
    const {room, link} = this.#state;
    for (const {to, text} of letters) {
      const id = ++this.#lastId;
      this.#run((engine, now) => {
        if (typeof to !== 'string') engine.tell(id, to.nick, text, now);
        else if (to === 'room' && room === undefined && link !== undefined) {
          engine.tellOverLink(id, link.nick, text, now);
        } else engine.say(id, to, text, now);
      }, undefined);
    }
    return true;
  }

  /** @param called What it is called in a sentence. */
  #canSend({to, text}: Letter, called: string): boolean {
    if (!this.#isShortEnough(text, called)) return false;
    if (typeof to !== 'string' && !this.#address.protocol.isNickname(to.nick)) {
      return this.#fail('no-such-user', errorSentence('no-such-user', to.nick));
    }
    if (typeof to === 'string' && !canSpeakIn(this.#state, to)) {
      const {features} = this.#state;
      const {code, message} = misplaced[features.has('links') ? 'link' : to];
      return this.#fail(code, message);
    }
    // Whoever has that name at the next hub may be somebody else.
    const isLeaving = typeof to !== 'string' && this.#isChanging;
    if (this.#call === undefined || isLeaving) {
      return this.#fail('not-connected', 'Not sent: there is no connection yet');
    }
    return true;
  }

  /** @param wanted Undefined: as many as can be. */
  #createRoom(name: string, mode: Mode, wanted: number | undefined): boolean {
    const rules = this.#roomRulesFor(name);
    if (rules === undefined) return false;
    const most = rules.maximumMembers;
    const limit = wanted ?? most;
    if (limit < 2 || limit > most) return this.#fail('room-size-invalid', roomSizeSentence(most));
    this.#run((engine, now) => engine.createRoom(name, mode, limit, now), undefined);
    return true;
  }

  #isShortEnough(text: string, called: string): boolean {
    const {maximumTextBytes, name} = this.#address.protocol;
    const bytes = Buffer.byteLength(text);
    if (bytes <= maximumTextBytes) return true;
    const message = `Not sent: ${called} has ${bytes} bytes, and ${name} carries ${maximumTextBytes}. Shorten it, or send it in parts`;
    return this.#fail('text-too-long', message);
  }

  /** The rules for rooms, if that can be the name of one; otherwise an event says why not. */
  #roomRulesFor(name: string): NamedRooms | undefined {
    const {protocol} = this.#address;
    const {namedRooms} = protocol;
    if (namedRooms?.isName(name)) return namedRooms;
    if (namedRooms === undefined) {
      this.#fail('unsupported', absenceSentence('named-rooms', protocol));
    } else {
      const message = roomNameSentence(name, protocol.name, namedRooms.nameRule);
      this.#fail('room-name-invalid', message);
    }
    return undefined;
  }

  #fail(code: string, message: string): false {
    this.#publish({type: 'error', code, message});
    return false;
  }

  #publish(event: EngineEvent): void {
    if (event.type === 'connected') this.#lastConnected = event;
    if (hasAnswered.has(event.type)) this.#isChanging = false;
    this.#state = reduce(this.#state, event, Date.now());
    for (const listener of this.#eventListeners) listener(event);
    for (const listener of this.#stateListeners) listener();
    // One at a time: whoever has accepted when there was another one is let go.
    if (event.type === 'link-opened' && this.#state.link?.nick !== cleanLine(event.nick)) {
      this.#run((engine, now) => engine.unlink(event.nick, now), undefined);
    }
  }

  #commandHost(conversation: Conversation): CommandHost {
    return {
      state: this.#state,
      conversation,
      emit: event => this.#publish(event),
      retry: () => this.retry(),
      list: () => this.#run((engine, now) => engine.list(now), undefined),
      rooms: () => this.#run((engine, now) => engine.rooms(now), undefined),
      createRoom: (name, mode, limit) => this.#createRoom(name, mode, limit),
      joinRoom: name => this.joinRoom(name),
      invite: (nicknames, mode) => this.invite(nicknames, mode),
      answer: (from, accepted) => this.answer(from, accepted),
      link: to => this.link(to),
      unlink: from => {
        this.#publish({type: 'unlinked', nick: from});
        this.#run((engine, now) => engine.unlink(from, now), undefined);
      },
      leave: () => this.#run((engine, now) => engine.leave(now), undefined),
      connect: to => this.connect(to),
      reconnect: () => this.#reconnect(),
      quit: () => this.#publish({type: 'quit'}),
    };
  }

  #reconnect(): void {
    if (this.#state.connection.phase === 'retrying') {
      this.#run((engine, now) => engine.reconnect(now), undefined);
    } else {
      this.connect({});
    }
  }
}
