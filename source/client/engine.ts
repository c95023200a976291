import type {
  ClientEnd,
  ClientEvent,
  ClientHost,
  Connection,
  DatagramMachine,
  Endpoint,
  ErrorCode,
  FailureReason,
  MemberState,
  Mode,
  OutgoingListener,
  PresentUser,
  Protocol,
  Request,
  Statistics,
  Step,
  StreamClientHost,
} from '../protocols/protocol.ts';
import {isSameEndpoint} from '../transport/endpoint.ts';
import {Attempts} from './attempts.ts';
import type {EngineEvent, RefusalReason, Tries} from './events.ts';
import type {Arrival, Watch} from './journeys.ts';
import {type Network, serving} from './network.ts';
import type {Crowd} from './nicknames.ts';
import {Roster} from './roster.ts';
import {errorSentence, listSentence, offerSentence, refusalSentence} from './sentences.ts';
import {requestFor, type Undelivered, UndeliveredTexts} from './undelivered.ts';

/** Attempts after a lost connection while the name is in use: our own ghost may hold it until the hub notices. */
const ghostAttempts = 8;

export type EngineOptions = {
  readonly protocol: Protocol;
  /** As an address that can be given to `--server`. */
  readonly server: string;
  readonly nick: string;
  readonly network: Network;
  /**
   * What to do if the hub cannot be reached, or is full, before it has let us in. `ask` tells the user, and goes on
   * trying meanwhile. By default `give-up`.
   */
  readonly whenUnreachable?: 'give-up' | 'try-on' | 'ask' | undefined;
  /** An earlier engine was let in under this name: its ghost may still be there. */
  readonly isReturning?: boolean | undefined;
  emit(event: EngineEvent): void;
  /** How people are shown to the user, for the sentences about them. */
  crowd(): Crowd;
  /** Milliseconds since 1970. */
  wallClock(): number;
  /** From 0 to 1, exclusive. */
  random(): number;
  /** Texts that an earlier engine did not deliver. Those in public or to one person can still be sent. */
  readonly undelivered?: ReadonlyMap<number, Undelivered> | undefined;
  /** Gets the bytes of private connections; without it they are shown as texts. */
  readonly takeLink?: StreamClientHost['takeLink'] | undefined;
  /** Finds out, at most once an attempt, whether a hub of another protocol is there. */
  readonly inquire?:
    | ((onDone: (found: FoundHub | undefined, now: number) => void) => void)
    | undefined;
  /** Nobody has said that the hub speaks this protocol: {@link EngineEvent} `found` comes if it speaks another one. */
  readonly isGuess?: boolean | undefined;
  /** Is told of every step of a text. Without it nobody notes them. */
  readonly watch?: Watch | undefined;
};

/** A hub that is silent for this time is asked in other protocols too. */
const inquiryAfterMs = 700;

export type FoundHub = {
  readonly server: string;
  /** So there is none of the protocol that was tried, and no use in trying on. */
  readonly isCertain: boolean;
};

/** Asking in other protocols, in the course of one attempt. */
type Inquiry =
  | {readonly state: 'due'; readonly at: number}
  /** `refusal`: why we are not let in, told when the outcome is known. */
  | {readonly state: 'asking'; readonly refusal?: Refusal}
  | {readonly state: 'done'; readonly found: FoundHub | undefined};

type Refusal = keyof typeof refusalReasons;

/** One user's life at one hub: connecting, staying connected, and what becomes of each message. */
export class Engine implements DatagramMachine {
  readonly #options: EngineOptions;
  readonly #attempts: Attempts;
  readonly #end: ClientEnd;
  /** The same client end, if it speaks datagrams. */
  readonly #datagrams: DatagramMachine | undefined;
  readonly #undelivered: UndeliveredTexts;
  #phase: 'connecting' | 'connected' | 'retrying' | 'refused' | 'closing' | 'closed' = 'connecting';
  #wasConnected = false;
  #room: {readonly name?: string; readonly mode: Mode; readonly number: number} | undefined;
  #roomsSoFar = 0;
  #isMoving = false;
  /** The people with whom there is a private connection. */
  readonly #linked = new Set<string>();
  readonly #roster = new Roster();
  #isListWanted = false;
  #shownStatistics: Statistics | undefined;
  /** When the hub was heard last, in milliseconds since 1970. */
  #heardAt: number | undefined;
  /** The same, of the hub that is lost. */
  #silentFrom: number | undefined;
  /** There is a hub of another protocol in the place of ours. */
  #isElsewhere = false;
  #inquiry: Inquiry = {state: 'due', at: Number.POSITIVE_INFINITY};
  /** How many calls are being served, one inside the other. */
  #depth = 0;
  /** Time of the call that is being served: events come from inside it. */
  #now = 0;
  /** In which frame the messages have come that this call tells. */
  #arrival: Arrival | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#undelivered = new UndeliveredTexts(options.undelivered);
    const {protocol, nick, watch} = options;
    const network = serving(options.network, (now, action) => this.#serve(now, action));
    this.#attempts = new Attempts({
      network,
      hasDatagrams: protocol.transport === 'udp',
      random: () => options.random(),
      connect: now => {
        this.#scheduleInquiry(now);
        this.#end.connect(now);
      },
      failed: (why, now) => this.#onRefused(why, now),
    });
    const host: ClientHost = {
      nickname: nick,
      emit: event => this.#onEvent(event, this.#now),
      trace: watch && (step => this.#onStep(step, watch)),
    };
    if (protocol.transport === 'udp') {
      const end = protocol.createClientEnd({
        ...host,
        hub: () => this.#attempts.address,
        send: network.send,
      });
      this.#end = end;
      this.#datagrams = end;
    } else {
      this.#end = protocol.createClientEnd({
        ...host,
        open: (listener, localPort) => this.#open(listener, localPort),
        reserve: network.reserve,
        takeLink: (nick, connection) => options.takeLink?.(nick, connection),
      });
    }
  }

  get dueAt(): number {
    return Math.min(this.#end.dueAt, this.#attempts.dueAt, this.#inquireAt);
  }

  /** Texts on their way, or waiting for the hub. */
  get pending(): number {
    return this.#undelivered.pending;
  }

  /** The texts that are not known to have arrived, by id. */
  get undelivered(): ReadonlyMap<number, Undelivered> {
    return this.#undelivered.all;
  }

  /** We have asked to enter a room or to open a private connection, and wait for the answer. */
  get isMoving(): boolean {
    return this.#isMoving;
  }

  get isClosed(): boolean {
    return this.#phase === 'closed';
  }

  start(now: number): void {
    this.#serve(now, () => {
      this.#setPhase({phase: 'connecting'});
      if (this.#options.protocol.isNickname(this.#options.nick)) this.#attempts.begin();
      else {
        this.#scheduleInquiry(now);
        this.#onRefused('name-invalid', now);
      }
    });
  }

  receive(datagram: Uint8Array, from: Endpoint, now: number): void {
    if (isSameEndpoint(from, this.#attempts.address)) this.#heardAt = this.#options.wallClock();
    this.#serve(now, () => this.#datagrams?.receive(datagram, from, now));
  }

  onTime(now: number): void {
    this.#serve(now, () => {
      if (this.#end.dueAt <= now) this.#end.onTime(now);
      this.#attempts.onTime(now);
      if (this.#inquireAt <= now) this.#inquire();
    });
  }

  /** @param request The request for a text needs an id that was never used before. */
  request(request: Request, now: number): void {
    switch (request.type) {
      case 'say':
      case 'tell':
        this.#serve(now, () => this.#say(request, now));
        break;
      case 'list':
        this.#isListWanted = true;
        this.#serve(now, () => this.#end.request(request, now));
        break;
      case 'leave':
        this.#serve(now, () => this.#end.request(request, now));
        break;
      case 'create-room':
      case 'join-room':
        this.#move(request, now);
        break;
      case 'answer':
        if (request.accepted) this.#move(request, now);
        else this.#ask(request, now);
        break;
      default:
        this.#ask(request, now);
    }
  }

  /**
   * Sends a failed message again, to everybody who has not confirmed it; without an id the newest.
   *
   * @returns Why it cannot be sent, or undefined.
   */
  retry(
    id: number | undefined,
    now: number,
  ): 'nothing-failed' | 'left-room' | 'link-closed' | undefined {
    const here = this.#room?.number ?? 0;
    const isPossible = ({room, to, isForLink = false}: Undelivered) => {
      if (to === undefined) return room === here;
      return !isForLink || this.#linked.has(to);
    };
    const [found, message] = this.#undelivered.findFailed(id, isPossible) ?? [];
    if (found === undefined || message === undefined) return 'nothing-failed';
    if (!isPossible(message)) return message.isForLink ? 'link-closed' : 'left-room';
    this.#serve(now, () => {
      this.#tell({type: 'resent', id: found});
      this.#send(found, message, now);
    });
    return undefined;
  }

  /** Connects at once, before the time of the next attempt. */
  reconnect(now: number): void {
    this.#attempts.hurry(now);
  }

  /** Says goodbye. {@link isClosed} becomes true when the hub has confirmed, or has not answered in time. */
  close(now: number): void {
    if (this.#phase === 'closed' || this.#phase === 'closing') return;
    this.#serve(now, () => {
      this.#attempts.stop();
      this.#phase = 'closing';
      this.#end.disconnect(now);
    });
  }

  #serve(now: number, action: () => void): void {
    this.#now = now;
    this.#depth++;
    action();
    this.#depth--;
    if (this.#depth === 0) this.#arrival = undefined;
    // Not in the middle of what a protocol's end does: it tells of the connection before it is done with it.
    if (this.#depth === 0 && this.#phase === 'connected') this.#sendKept(now);
    const {statistics} = this.#end;
    const shown = this.#shownStatistics;
    if (
      shown?.sent === statistics.sent &&
      shown.received === statistics.received &&
      shown.retransmissions === statistics.retransmissions &&
      shown.roundTripMs === statistics.roundTripMs
    ) {
      return;
    }
    this.#shownStatistics = statistics;
    this.#options.emit({type: 'statistics', statistics});
  }

  #open(listener: OutgoingListener, localPort: number | undefined): Connection {
    return this.#attempts.open(
      {
        opened: now => listener.opened(now),
        received: (bytes, now) => {
          this.#heardAt = this.#options.wallClock();
          listener.received(bytes, now);
        },
        ended: now => listener.ended(now),
        drained: now => listener.drained(now),
        closed: (code, now) => listener.closed(code, now),
      },
      localPort,
    );
  }

  #move(request: Request, now: number): void {
    this.#isMoving = this.#phase === 'connected';
    this.#ask(request, now);
  }

  /** Passes on a request that only a hub can serve. */
  #ask(request: Request, now: number): void {
    if (this.#phase === 'connected') {
      const asked = askedIn(request);
      if (asked !== undefined) {
        this.#options.emit({type: 'asked', ...asked, ...this.#invitationLifetime});
      }
      this.#serve(now, () => this.#end.request(request, now));
    } else {
      const message = 'That needs the hub, and there is no connection now';
      this.#options.emit({type: 'error', code: 'not-connected', message});
    }
  }

  get #invitationLifetime(): {readonly lifetimeMs?: number} {
    const {invitationMs} = this.#options.protocol;
    return invitationMs === undefined ? {} : {lifetimeMs: invitationMs};
  }

  #say(request: Request & {type: 'say' | 'tell'}, now: number): void {
    const {id, scope, text} = request;
    if (request.type === 'say') {
      this.#tell({type: 'sent', id, scope, text});
      const room = scope === 'room' ? (this.#room?.number ?? -1) : 0;
      this.#send(id, {text, room, state: 'pending'}, now);
    } else {
      const {to} = request;
      this.#tell({type: 'sent', id, scope, to, text});
      const isForLink = scope === 'link';
      this.#send(id, {text, room: 0, to, isForLink, state: 'pending'}, now);
    }
  }

  #send(id: number, message: Undelivered, now: number): void {
    this.#undelivered.sent(id, message);
    // A decentralised room works without a hub.
    const needsHub = message.room === 0 || this.#room?.mode !== 'decentralised';
    // Texts that were kept go out first.
    const mustWait = this.#phase !== 'connected' || this.#undelivered.kept.size > 0;
    if (needsHub && mustWait) this.#fail(id, 'not-connected', message.only ?? []);
    else this.#end.request(requestFor(id, message), now);
  }

  /** What was written while the hub was away goes out once, in order. */
  #sendKept(now: number): void {
    for (const id of [...this.#undelivered.kept]) {
      const message = this.#undelivered.get(id);
      if (message === undefined) continue;
      if (message.room !== 0 && message.room !== this.#room?.number)
        this.#fail(id, 'left-room', []);
      else {
        this.#undelivered.sent(id, message);
        this.#tell({type: 'resent', id});
        this.#end.request(requestFor(id, message), now);
      }
    }
  }

  #fail(id: number, reason: FailureReason, pending: readonly string[]): void {
    if (reason === 'not-connected' && this.#keep(id)) return;
    const isOurs = this.#undelivered.failed(id, reason === 'peers-silent' ? pending : []);
    if (isOurs) this.#tell({type: 'failed', id, reason, pending});
  }

  /**
   * Keeps a text that was never sent until the hub is back. Over a private connection nothing is kept: the
   * connection is gone with the hub.
   *
   * @returns false if it cannot be kept, and has failed.
   */
  #keep(id: number): boolean {
    const message = this.#undelivered.get(id);
    const isTrying = ['connecting', 'connected', 'retrying'].includes(this.#phase);
    if (message === undefined || message.state !== 'pending' || message.isForLink || !isTrying) {
      return false;
    }
    if (!this.#undelivered.keep(id, message)) return false;
    this.#tell({type: 'kept', id});
    return true;
  }

  /** Tells what becomes of a text. */
  #tell(event: EngineEvent): void {
    this.#options.watch?.told(event, this.#now);
    this.#options.emit(event);
  }

  #onStep(step: Step, watch: Watch): void {
    if (step.type === 'arrival') this.#arrival = {frame: step.frame, at: step.at ?? this.#now};
    else watch.step(step, this.#now);
  }

  #onEvent(event: ClientEvent, now: number): void {
    const {emit} = this.#options;
    if (endsMove(event)) this.#isMoving = false;
    switch (event.type) {
      case 'connected':
        this.#onConnected();
        break;
      case 'asked': {
        const {count, of} = event;
        // While the form is shown, it says when the next attempt is.
        if (this.#phase === 'connecting') this.#connecting({tries: {count, of}});
        break;
      }
      case 'refused':
        this.#onRefused(event.reason, now);
        break;
      case 'lost':
        emit({type: 'disconnected', reason: event.isClosed ? 'hub-closed' : 'hub-silent'});
        this.#silentFrom ??= this.#heardAt;
        this.#retryLater(now);
        break;
      case 'disconnected':
        this.#setPhase({phase: 'closed'});
        if (this.#wasConnected) emit({type: 'disconnected', reason: 'left'});
        break;
      case 'delivered':
        this.#onDelivered(event.id);
        break;
      case 'progress':
        this.#undelivered.confirmedBy(event.id, event.by);
        emit(event);
        break;
      case 'failed':
        this.#fail(event.id, event.reason, event.pending);
        break;
      case 'message': {
        const receipt = this.#options.watch?.received(event, this.#arrival, now);
        emit(receipt === undefined ? event : {...event, receipt});
        break;
      }
      case 'member-state':
        emit({...event, state: this.#shownState(event.state, now)});
        break;
      case 'users':
        this.#onUsers(event.users);
        break;
      case 'arrived':
        if (this.#roster.add(event)) emit(event);
        break;
      case 'departed':
        if (this.#roster.remove(event)) emit(event);
        break;
      case 'room-entered':
        this.#room = {...event, number: ++this.#roomsSoFar};
        emit(event);
        break;
      case 'room-left':
        this.#room = undefined;
        emit(event);
        for (const id of [...this.#undelivered.kept]) {
          if (this.#undelivered.get(id)?.room !== 0) this.#fail(id, 'left-room', []);
        }
        break;
      case 'invitation':
        emit({...event, ...this.#invitationLifetime});
        break;
      case 'link-opened':
        this.#linked.add(event.nick);
        emit(event);
        break;
      case 'link-closed':
        this.#linked.delete(event.nick);
        emit(event);
        break;
      case 'error':
        this.#onError(event.code, event.about);
        break;
      default:
        emit(event);
    }
  }

  /** The same, with the time that people read. */
  #shownState({silentSince, ...state}: MemberState, now: number): MemberState {
    if (silentSince === undefined) return state;
    return {...state, silentSince: this.#options.wallClock() - (now - silentSince)};
  }

  /** One that had failed is confirmed late; of one that was sent again, the first copy tells. */
  #onDelivered(id: number): void {
    const message = this.#undelivered.delivered(id);
    if (message === undefined) return;
    const isLate = message.state === 'failed';
    this.#tell({type: 'delivered', id, ...(isLate && {late: true})});
  }

  #onConnected(): void {
    const {emit, protocol, server, nick, wallClock} = this.#options;
    this.#wasConnected = true;
    this.#inquiry = {state: 'done', found: undefined};
    this.#attempts.succeeded();
    this.#setPhase({phase: 'connected'});
    emit({
      type: 'connected',
      protocol: protocol.name,
      server,
      nick,
      features: [...protocol.features],
    });
    if (this.#silentFrom === undefined) return;
    const [from, to] = [this.#silentFrom, wallClock()].map(at => new Date(at).toISOString());
    this.#silentFrom = undefined;
    if (from !== undefined && to !== undefined) emit({type: 'gap', from, to});
  }

  get #inquireAt(): number {
    return this.#inquiry.state === 'due' ? this.#inquiry.at : Number.POSITIVE_INFINITY;
  }

  /** Every attempt asks anew: meanwhile a hub may have come. */
  #scheduleInquiry(now: number): void {
    const {inquire, isGuess, whenUnreachable} = this.#options;
    // Who waits for a hub of this protocol needs no other.
    const isUseful = inquire !== undefined && (isGuess || whenUnreachable !== 'try-on');
    if (!isUseful || this.#wasConnected || this.#inquiry.state === 'asking') return;
    this.#inquiry = {state: 'due', at: now + inquiryAfterMs};
  }

  #inquire(refusal?: Refusal): void {
    this.#inquiry = {state: 'asking', ...(refusal !== undefined && {refusal})};
    if (this.#phase === 'connecting') this.#connecting({isInquiring: true});
    this.#options.inquire?.((found, now) => this.#serve(now, () => this.#onInquired(found, now)));
  }

  #onInquired(found: FoundHub | undefined, now: number): void {
    if (this.#inquiry.state !== 'asking') return;
    const {refusal} = this.#inquiry;
    this.#inquiry = {state: 'done', found};
    if (refusal !== undefined) this.#onRefused(refusal, now);
    else if (found?.isCertain) this.#onRefused('unreachable', now);
  }

  /**
   * Whether a refusal has to wait for what the inquiry says: no hub answers, or the name breaks the rule of a protocol that
   * was only guessed.
   */
  #waitsForInquiry(refusal: Refusal): boolean {
    const {isGuess} = this.#options;
    if (refusal !== 'unreachable' && !(refusal === 'name-invalid' && isGuess)) return false;
    if (this.#inquiry.state === 'due') {
      if (this.#inquiry.at === Number.POSITIVE_INFINITY) return false;
      this.#inquire(refusal);
      return true;
    }
    if (this.#inquiry.state === 'asking') this.#inquiry = {state: 'asking', refusal};
    return this.#inquiry.state === 'asking';
  }

  #onRefused(refusal: Refusal, now: number): void {
    if (this.#isElsewhere || this.#phase === 'closing' || this.#phase === 'closed') return;
    const {state} = this.#inquiry;
    const found = this.#inquiry.state === 'done' ? this.#inquiry.found : undefined;
    const isCertain = found?.isCertain ?? false;
    if (refusal === 'unreachable' && !isCertain && this.#attempts.goOn(now)) return;
    if (state !== 'done' && this.#waitsForInquiry(refusal)) return;
    const isNobodyHere = refusal === 'unreachable' || refusal === 'name-invalid';
    if (found === undefined || !isNobodyHere) this.#refuse(refusal, now);
    else if (this.#options.isGuess) {
      this.#isElsewhere = true;
      this.#attempts.stop();
      this.#options.emit({type: 'found', server: found.server});
    } else {
      // Whatever the end of this protocol still hears is of no interest.
      this.#isElsewhere = isCertain;
      this.#refuse(refusal, now, found.server);
    }
  }

  /** @param offer The address of a hub that answers instead, in another protocol. */
  #refuse(refusal: Refusal, now: number, offer?: string): void {
    const reason = refusalReasons[refusal];
    const {nick, server, protocol, emit, whenUnreachable, isReturning} = this.#options;
    const isPassing = !this.#isElsewhere && (reason === 'unreachable' || reason === 'hub-full');
    const isGhost = reason === 'nickname-in-use' && this.#attempts.count <= ghostAttempts;
    const isKnown = this.#wasConnected || (isGhost && isReturning);
    if ((isPassing || isGhost) && (isKnown || (isPassing && whenUnreachable === 'try-on'))) {
      this.#retryLater(now);
      return;
    }
    const sentenceAbout = refusal === 'no-address' || refusal === 'no-socket' ? refusal : reason;
    // Nobody has named the protocol, and nobody answers in another one.
    const where = this.#options.isGuess ? server.replace(/^\w+:\/\//, '') : server;
    const message =
      offer === undefined
        ? refusalSentence(sentenceAbout, nick, where, protocol)
        : offerSentence(server, offer);
    const refused = {reason, message, ...(offer !== undefined && {offer})};
    if (isPassing && whenUnreachable === 'ask') {
      const retryAt = this.#options.wallClock() + this.#attempts.schedule(now);
      this.#setPhase({phase: 'refused', ...refused, retryAt});
      if (this.#attempts.count > 1) return;
    } else {
      this.#attempts.stop();
      this.#setPhase({phase: 'refused', ...refused});
    }
    emit({type: 'refused', ...refused});
  }

  #connecting(progress: {readonly tries?: Tries; readonly isInquiring?: boolean}): void {
    const isInquiring = this.#inquiry.state === 'asking';
    this.#setPhase({phase: 'connecting', ...progress, ...(isInquiring && {isInquiring})});
  }

  #retryLater(now: number): void {
    if (this.#phase === 'closing') return;
    const delay = this.#attempts.schedule(now);
    const attempt = this.#attempts.count;
    this.#setPhase({
      phase: 'retrying',
      attempt,
      at: this.#options.wallClock() + delay,
      ...(this.#silentFrom !== undefined && {since: this.#silentFrom}),
    });
    this.#options.emit({type: 'reconnecting', attempt, delay});
  }

  #onUsers(users: readonly PresentUser[]): void {
    const {emit, nick: own, crowd, protocol} = this.#options;
    const {changes, isNews} = this.#roster.compare(users);
    for (const change of changes) emit(change);
    const isWanted = this.#isListWanted;
    this.#isListWanted = false;
    if (!isNews && !isWanted) return;
    const marked = users.map(user => ({...user, self: user.nick === own}));
    emit({type: 'users', users: marked});
    const hasRooms = protocol.features.has('named-rooms');
    if (isWanted) emit({type: 'notice', text: listSentence(marked, crowd(), hasRooms)});
  }

  #onError(code: ErrorCode, about: string): void {
    const message = errorSentence(code, about, this.#options.crowd(), this.#room?.name);
    if (notPassedOn.has(code)) this.#options.emit({type: 'not-asked', nick: about});
    this.#options.emit({type: 'error', code, message});
  }

  #setPhase(connection: Extract<EngineEvent, {type: 'connection'}>['connection']): void {
    this.#phase = connection.phase;
    const {server, nick, emit} = this.#options;
    emit({type: 'connection', connection, server, nick});
  }
}

const refusalReasons = {
  'name-in-use': 'nickname-in-use',
  'name-invalid': 'nickname-invalid',
  'hub-full': 'hub-full',
  unreachable: 'unreachable',
  'no-address': 'unreachable',
  'no-socket': 'unreachable',
} as const satisfies Record<string, RefusalReason>;

/** What a hub says of somebody who cannot be invited. */
const notPassedOn: ReadonlySet<ErrorCode> = new Set([
  'no-such-user',
  'already-in-room',
  'link-exists',
]);

/** Whom the request asks, and for what. */
function askedIn(
  request: Request,
): Pick<Extract<EngineEvent, {type: 'asked'}>, 'nicks' | 'mode'> | undefined {
  if (request.type === 'invite') return {nicks: request.nicknames, mode: request.mode};
  return request.type === 'link' ? {nicks: [request.to], mode: 'link'} : undefined;
}

/** Whether the event says that we have got where we asked to be, or that we shall not. */
function endsMove(event: ClientEvent): boolean {
  switch (event.type) {
    case 'room-entered':
    case 'link-opened':
    case 'link-closed':
    case 'error':
    case 'refused':
    case 'lost':
    case 'disconnected':
      return true;
    case 'invitation-ended':
      return event.reason === 'expired';
    default:
      return false;
  }
}
