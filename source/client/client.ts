import type {
  Connection as LinkConnection,
  TimedListener as LinkListener,
} from '../protocols/protocol.ts';
import {ownAddress} from '../transport/own-address.ts';
import {type Resolver, systemResolver} from '../transport/resolver.ts';
import {type Address, formatAddress, parseAddress} from './address.ts';
import {canCarryOver, nameForCarried, othersIn, whyNotCarried} from './carry-over.ts';
import {Dialler} from './connecting/dialler.ts';
import {type ConversationId, isDirect, personOf} from './conversations.ts';
import {type Draft, type Letter, type Reading, readDraft, type TextRules} from './draft.ts';
import {Durations} from './durations.ts';
import type {EngineOptions} from './engine.ts';
import type {EngineEvent} from './events.ts';
import {Journeys, type Watch} from './journeys.ts';
import {letterRequest, whyNotSent} from './letters.ts';
import {usageOfMsg} from './people-actions.ts';
import {reduce} from './reduce.ts';
import {checkRequest, strangers, type UserRequest} from './requests.ts';
import {errorSentence, refusalSentence, retrySentence} from './sentences.ts';
import {shareOf} from './share.ts';
import {crowdOf, initialState, type State} from './state.ts';
import type {Undelivered} from './undelivered.ts';

export type {LinkConnection, LinkListener, Undelivered};

/** What a front sees of the engine. */
export type ChatClient = {
  readonly state: State;
  /** Undefined if they are not recorded. */
  readonly journeys: Journeys | undefined;
  /** How long a front with keys has taken to show what each of them did. */
  readonly keyTimes: Durations;
  /** Called after every change of {@link state}. Returns what ends the subscription. */
  subscribe(listener: () => void): () => void;
  onEvent(listener: (event: EngineEvent) => void): () => void;
  /** What one text can be at the present hub. */
  readonly textRules: TextRules;
  /** Tells what a draft is now, and where each of its texts would go. Does nothing with it. */
  read(draft: Draft): Reading;
  /**
   * Sends or does what was read.
   *
   * @returns false if nothing was done and an event said why. The draft then stays with the user.
   */
  carryOut(reading: Reading): boolean;
  /**
   * {@link read} and {@link carryOut} at once, for a line that was written for that conversation. The line does not
   * turn to another: a program that writes lines would not see where the next one goes.
   */
  submit(line: string, conversation: ConversationId): boolean;
  /** Shows a sentence of the front's own. */
  announce(text: string): void;
  /** Sends a failed message again; without an id, the newest one that failed. */
  retry(id?: number): boolean;
  /**
   * Leaves a decentralised room, and invites the same people to one through the hub.
   *
   * @returns false if that is not possible and an event said why.
   */
  carryOver(): boolean;
  /** @returns false if it cannot be requested and events said why. */
  request(request: UserRequest): boolean;
  /** What is typed goes to that conversation from now on, if one can speak there. */
  turnTo(conversation: ConversationId): boolean;
  /** Registers under another name, or at another hub: the way out of a refusal. */
  connect(to: {readonly nick?: string; readonly server?: string}): boolean;
  /** The user is about to choose another name or hub: no more attempts with the present ones to get in. */
  stopTrying(): void;
  /** Resolves when at most `pending` texts (by default none) are on their way and we are not connecting. */
  settled(pending?: number): Promise<void>;
  /** Your texts that are not known to have arrived, oldest first. */
  readonly undelivered: readonly Undelivered[];
  /** Says goodbye and frees everything. Resolves when the program may end. */
  close(): Promise<void>;
};

export type ClientOptions = {
  readonly address: Address;
  readonly nick: string;
  /** Gets the bytes of private connections; without it they are shown as texts. */
  readonly takeLink?: NonNullable<EngineOptions['takeLink']>;
  /** For a hub that has not let us in before. By default `give-up`. */
  readonly whenUnreachable?: EngineOptions['whenUnreachable'];
  /** Whether the journeys of messages are recorded. By default they are not. */
  readonly hasJourneys?: boolean;
  /** Without journeys: is told of every step of a text. */
  readonly watch?: Watch;
  /** By default the system's. */
  readonly resolve?: Resolver;
  /** Whether that is the address of a hub inside this program. */
  readonly isOwn?: (server: string) => boolean;
};

/** Events after which the outcome of a requested connection is known, or will not be known soon. */
const hasAnswered: ReadonlySet<EngineEvent['type']> = new Set([
  'connected',
  'refused',
  'reconnecting',
]);

/** The state that a user sees of a hub, and what they can ask of it: all fronts are built on it. */
export class Client implements ChatClient {
  readonly journeys: Journeys | undefined;
  readonly keyTimes = new Durations();
  readonly #dialler: Dialler;
  #state: State;
  #lastId = 0;
  /** The named room that is to take the place of a decentralised one, and who is to be invited when it is open. */
  #carried: {readonly name: string; readonly nicknames: readonly string[]} | undefined;
  #isAnswering = false;
  readonly #isOwn: (server: string) => boolean;
  readonly #stateListeners = new Set<() => void>();
  readonly #eventListeners = new Set<(event: EngineEvent) => void>();

  constructor({
    address,
    nick,
    takeLink,
    whenUnreachable,
    hasJourneys = false,
    watch,
    resolve = systemResolver,
    isOwn = () => false,
  }: ClientOptions) {
    this.journeys = hasJourneys ? new Journeys(Date.now) : undefined;
    this.#isOwn = isOwn;
    this.#dialler = new Dialler({
      address,
      nick,
      takeLink,
      whenUnreachable,
      resolve,
      emit: event => this.emit(event),
      crowd: () => crowdOf(this.#state),
      watch: protocol => this.journeys?.watch(protocol) ?? watch,
    });
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
    this.#dialler.start();
  }

  /** In place of {@link start}: waits for the user to choose where to go. */
  wait(): void {
    const {server, nick} = this.#state;
    this.emit({type: 'connection', connection: {phase: 'closed'}, server, nick});
  }

  announce(text: string): void {
    this.emit({type: 'notice', text});
  }

  get textRules(): TextRules {
    return this.#dialler.address.protocol;
  }

  /** Tells how others join the present hub. */
  share(): void {
    const {server} = this.#state;
    const share = shareOf(this.#dialler.address, {
      isOwn: this.#isOwn(server),
      machine: ownAddress(),
    });
    this.emit({type: 'share', ...share});
  }

  read(draft: Draft): Reading {
    const {carriesLineFeeds, maximumTextBytes} = this.textRules;
    return readDraft(draft, {state: this.#state, carriesLineFeeds, maximumTextBytes});
  }

  carryOut(reading: Reading): boolean {
    return this.#answering(() => this.#carryOut(reading));
  }

  #carryOut(reading: Reading): boolean {
    switch (reading.kind) {
      case 'nothing':
        return true;
      case 'texts':
        if (!this.#send(reading.letters)) return false;
        return reading.turnsTo === undefined || this.turnTo(reading.turnsTo);
      case 'turn':
        return this.turnTo(reading.to);
      case 'command':
        return reading.command.run(
          {client: this, conversation: reading.conversation},
          reading.argument,
        );
      case 'refused':
        return this.#fail(reading.code, reading.message);
    }
  }

  submit(text: string, conversation: ConversationId): boolean {
    return this.#answering(() => {
      const reading = this.read({text, conversation});
      if (reading.kind === 'turn') return this.#fail('usage', usageOfMsg);
      return reading.kind === 'texts' ? this.#send(reading.letters) : this.#carryOut(reading);
    });
  }

  retry(id?: number): boolean {
    return this.#answering(() => {
      const reason = this.#dialler.run(
        (engine, now) => engine.retry(id, now),
        'nothing-failed' as const,
      );
      if (reason === undefined) return true;
      const all = this.#dialler.undelivered;
      const failed =
        id === undefined
          ? [...all.values()].findLast(({state}) => state === 'failed')
          : all.get(id);
      return this.#fail(reason, retrySentence(reason, failed?.text ?? ''));
    });
  }

  carryOver(): boolean {
    return this.#answering(() => {
      const {room} = this.#state;
      if (!canCarryOver(this.#state)) return this.#fail('not-in-room', whyNotCarried(this.#state));
      const nicknames = othersIn(this.#state);
      const {namedRooms} = this.#dialler.address.protocol;
      if (namedRooms !== undefined) {
        const name = nameForCarried(room?.name ?? '', namedRooms.isName);
        this.#carried = {name, nicknames};
        // To create a room is to leave the other.
        return this.#request({type: 'create-room', name, mode: 'centralised'});
      }
      this.#request({type: 'leave'});
      return this.#request({type: 'invite', nicknames, mode: 'centralised'});
    });
  }

  /** The room is open that takes the place of a decentralised one, or will not be. */
  #followCarried(event: EngineEvent): void {
    if (this.#carried === undefined) return;
    const {name, nicknames} = this.#carried;
    const isOpen = event.type === 'room-entered';
    if (isOpen || event.type === 'error' || event.type === 'disconnected')
      this.#carried = undefined;
    // Another room may have opened meanwhile, with other people.
    if (!isOpen || event.name !== name || event.mode !== 'centralised') return;
    this.#request({type: 'invite', nicknames, mode: 'centralised'});
  }

  request(request: UserRequest): boolean {
    return this.#answering(() => this.#request(request));
  }

  #request(request: UserRequest): boolean {
    const {protocol} = this.#dialler.address;
    const {request: possible, problems} = checkRequest(request, this.#state, protocol);
    for (const {code, message} of problems) this.#fail(code, message);
    if (possible === undefined) return false;
    if (possible.type === 'unlink') this.emit({type: 'unlinked', nick: possible.from});
    this.#dialler.run((engine, now) => engine.request(possible, now), undefined);
    return true;
  }

  turnTo(conversation: ConversationId): boolean {
    const {protocol} = this.#dialler.address;
    const people = isDirect(conversation) ? [personOf(conversation)] : [];
    const [problem] = strangers(people, this.#state, protocol);
    if (problem !== undefined) return this.#fail(problem.code, problem.message);
    // A mistyped name would open a conversation with nobody.
    const unknown = people.find(nick => this.#state.people.get(nick) === undefined);
    if (unknown !== undefined) {
      const message = errorSentence('no-such-user', unknown, crowdOf(this.#state));
      return this.#fail('no-such-user', message);
    }
    this.emit({type: 'turned', conversation});
    return true;
  }

  connect({
    nick = this.#dialler.nick,
    server,
  }: {
    readonly nick?: string;
    readonly server?: string;
  }): boolean {
    const parsed =
      server === undefined ? undefined : parseAddress(server, this.#dialler.address.protocol.name);
    if (parsed?.ok === false) return this.#fail('address-invalid', parsed.message);
    const address = parsed?.address ?? this.#dialler.address;
    // Of a guess it is only known later what its hub takes.
    if (!address.isGuess && !address.protocol.isNickname(nick)) {
      const server = formatAddress(address);
      const message = refusalSentence('nickname-invalid', nick, server, address.protocol);
      return this.#fail('nickname-invalid', message);
    }
    this.#dialler.goTo(address, nick);
    return true;
  }

  stopTrying(): void {
    const {connection, server, nick} = this.#state;
    if (connection.phase === 'connecting') {
      const message = `${server} has not answered yet`;
      const stopped = {phase: 'refused', reason: 'unreachable', message} as const;
      this.emit({type: 'connection', connection: stopped, server, nick});
      this.#dialler.answered();
    } else if (connection.phase === 'refused' && connection.retryAt !== undefined) {
      const {retryAt: _, ...stopped} = connection;
      this.emit({type: 'connection', connection: stopped, server, nick});
    } else return;
    this.#dialler.giveUp();
  }

  /** Reads nothing more from connections. @returns Whether the hub has to wait: datagrams cannot. */
  pause(): boolean {
    return this.#dialler.pause();
  }

  resume(): void {
    this.#dialler.resume();
  }

  settled(pending = 0): Promise<void> {
    return this.#until(() => this.#dialler.isSettled(pending));
  }

  get undelivered(): readonly Undelivered[] {
    return [...this.#dialler.undelivered.values()];
  }

  close(): Promise<void> {
    return this.#dialler.close();
  }

  /** Whatever is said to be wrong until this returns is an answer to what the front has asked for. */
  #answering(action: () => boolean): boolean {
    const former = this.#isAnswering;
    this.#isAnswering = true;
    try {
      return action();
    } finally {
      this.#isAnswering = former;
    }
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

  /** Sends all of them; or none if one cannot be sent, and an event says why. */
  #send(letters: readonly Letter[]): boolean {
    const number = (index: number) => (letters.length === 1 ? 'it' : `message ${index + 1}`);
    if (!letters.every((letter, index) => this.#canSend(letter, number(index)))) return false;
    for (const letter of letters) {
      const request = letterRequest(letter, ++this.#lastId, this.#state);
      this.#dialler.run((engine, now) => engine.request(request, now), undefined);
    }
    return true;
  }

  /** @param called The name of the letter in a sentence. */
  #canSend(letter: Letter, called: string): boolean {
    const problem = whyNotSent(letter, called, this.#state, this.#dialler.address.protocol);
    if (problem !== undefined) return this.#fail(problem.code, problem.message);
    // At the next hub that name may belong to somebody else.
    const isLeaving = typeof letter.to !== 'string' && this.#dialler.isChanging;
    if (!this.#dialler.isCalling || isLeaving) {
      return this.#fail('not-connected', 'Not sent: there is no connection yet');
    }
    return true;
  }

  #fail(code: string, message: string): false {
    this.emit({type: 'error', code, message});
    return false;
  }

  /** Takes an event into the state, and passes it on to all listeners. */
  emit(event: EngineEvent): void {
    if (event.type === 'connected') this.#dialler.connected(event);
    if (hasAnswered.has(event.type)) this.#dialler.answered();
    // An answer to the user's line is told to whoever has asked, and is no part of a conversation.
    if (event.type !== 'error' || !this.#isAnswering) {
      this.#state = reduce(this.#state, event, Date.now());
    }
    for (const listener of this.#eventListeners) listener(event);
    for (const listener of this.#stateListeners) listener();
    if (event.type === 'found') this.#onFound(event.server);
    this.#followCarried(event);
    // One at a time: if there is one already, the new one is closed.
    if (event.type === 'link-opened' && this.#state.link?.nick !== event.nick) {
      this.#dialler.run(
        (engine, now) => engine.request({type: 'unlink', from: event.nick}, now),
        undefined,
      );
    }
  }

  /** It is the hub that was meant: what waits to be sent is for its people. */
  #onFound(server: string): void {
    const parsed = parseAddress(server);
    if (parsed.ok) this.#dialler.goTo(parsed.address, this.#dialler.nick, true);
  }

  /** Connects at once, before the time of the next attempt. */
  reconnect(): void {
    if (this.#state.connection.phase === 'retrying') {
      this.#dialler.run((engine, now) => engine.reconnect(now), undefined);
    } else {
      this.connect({});
    }
  }
}
