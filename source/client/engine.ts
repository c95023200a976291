import type {
  ClientEnd,
  ClientEvent,
  ClientHost,
  DatagramMachine,
  Endpoint,
  ErrorCode,
  MemberState,
  PresentUser,
  Request,
  Statistics,
  Step,
  StreamClientHost,
} from '../protocols/protocol.ts';
import {Connector, type ConnectorOptions} from './connecting/connector.ts';
import {type Network, serving} from './connecting/network.ts';
import type {EngineEvent} from './events.ts';
import type {Arrival, Watch} from './journeys.ts';
import type {Crowd} from './nicknames.ts';
import {Roster} from './roster.ts';
import {errorSentence, listSentence} from './sentences.ts';
import {Texts, type TextsHost} from './texts.ts';
import type {Undelivered} from './undelivered.ts';

export type EngineOptions = ConnectorOptions & {
  readonly network: Network;
  /** How people are shown to the user, for the sentences about them. */
  crowd(): Crowd;
  /** Texts that an earlier engine did not deliver. Those in public or to one person can still be sent. */
  readonly undelivered?: ReadonlyMap<number, Undelivered> | undefined;
  /** Gets the bytes of private connections; without it they are shown as texts. */
  readonly takeLink?: StreamClientHost['takeLink'] | undefined;
  /** Is told of every step of a text. Without it nobody notes them. */
  readonly watch?: Watch | undefined;
};

/** One user's life at one hub: the client end of a protocol, the way in, and what becomes of each text. */
export class Engine implements DatagramMachine {
  readonly #options: EngineOptions;
  readonly #connector: Connector;
  readonly #texts: Texts;
  readonly #end: ClientEnd;
  /** The same client end, if it speaks datagrams. */
  readonly #datagrams: DatagramMachine | undefined;
  #isMoving = false;
  readonly #roster = new Roster();
  #isListWanted = false;
  #shownStatistics: Statistics | undefined;
  /** How many calls are being served, one inside the other. */
  #depth = 0;
  /** Time of the call that is being served: events come from inside it. */
  #now = 0;
  /** In which frame the messages have come that this call tells. */
  #arrival: Arrival | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    const {protocol, nick, watch} = options;
    const serve = (now: number, action: () => void) => this.#serve(now, action);
    const network = serving(options.network, serve);
    this.#connector = new Connector(options, {
      network,
      serve,
      register: now => this.#end.connect(now),
    });
    const texts = {
      hub: () => hubFor(this.#connector.phase),
      request: (request: Request) => this.#end.request(request, this.#now),
      tell: (event: EngineEvent) => {
        watch?.told(event, this.#now);
        options.emit(event);
      },
    };
    this.#texts = new Texts(texts, options.undelivered);
    const host: ClientHost = {
      nickname: nick,
      emit: event => this.#onEvent(event, this.#now),
      trace: watch && (step => this.#onStep(step, watch)),
    };
    if (protocol.transport === 'udp') {
      const end = protocol.createClientEnd({
        ...host,
        hub: () => this.#connector.address,
        send: network.send,
      });
      this.#end = end;
      this.#datagrams = end;
    } else {
      this.#end = protocol.createClientEnd({
        ...host,
        open: (listener, localPort) => this.#connector.open(listener, localPort),
        reserve: network.reserve,
        takeLink: (nick, connection) => options.takeLink?.(nick, connection),
      });
    }
  }

  get dueAt(): number {
    return Math.min(this.#end.dueAt, this.#connector.dueAt);
  }

  /** Texts on their way, or waiting for the hub. */
  get pending(): number {
    return this.#texts.pending;
  }

  /** The texts that are not known to have arrived, by id. */
  get undelivered(): ReadonlyMap<number, Undelivered> {
    return this.#texts.undelivered;
  }

  /** We have asked to enter a room or to open a private connection, and wait for the answer. */
  get isMoving(): boolean {
    return this.#isMoving;
  }

  get isClosed(): boolean {
    return this.#connector.phase === 'closed';
  }

  start(now: number): void {
    this.#serve(now, () => this.#connector.start(now));
  }

  receive(datagram: Uint8Array, from: Endpoint, now: number): void {
    this.#connector.heard(from);
    this.#serve(now, () => this.#datagrams?.receive(datagram, from, now));
  }

  onTime(now: number): void {
    this.#serve(now, () => {
      if (this.#end.dueAt <= now) this.#end.onTime(now);
      this.#connector.onTime(now);
    });
  }

  /** @param request The request for a text needs an id that was never used before. */
  request(request: Request, now: number): void {
    switch (request.type) {
      case 'say':
      case 'tell':
        this.#serve(now, () => this.#texts.say(request));
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
    const found = this.#texts.findFailed(id);
    if (typeof found === 'string') return found;
    this.#serve(now, () => this.#texts.resend(...found));
    return undefined;
  }

  /** Connects at once, before the time of the next attempt. */
  reconnect(now: number): void {
    this.#connector.hurry(now);
  }

  /** Says goodbye. {@link isClosed} becomes true when the hub has confirmed, or has not answered in time. */
  close(now: number): void {
    const {phase} = this.#connector;
    if (phase === 'closed' || phase === 'closing') return;
    this.#serve(now, () => {
      this.#connector.close();
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
    if (this.#depth === 0 && this.#connector.phase === 'connected') this.#texts.sendKept();
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

  #move(request: Request, now: number): void {
    this.#isMoving = this.#connector.phase === 'connected';
    this.#ask(request, now);
  }

  /** Passes on a request that only a hub can serve. */
  #ask(request: Request, now: number): void {
    if (this.#connector.phase === 'connected') {
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

  #onStep(step: Step, watch: Watch): void {
    if (step.type === 'arrival') this.#arrival = {frame: step.frame, at: step.at ?? this.#now};
    else watch.step(step, this.#now);
  }

  #onEvent(event: ClientEvent, now: number): void {
    const {emit} = this.#options;
    if (endsMove(event)) this.#isMoving = false;
    switch (event.type) {
      case 'connected':
        this.#connector.connected();
        break;
      case 'asked':
        this.#connector.asked({count: event.count, of: event.of});
        break;
      case 'refused':
        this.#connector.refused(event.reason, now);
        break;
      case 'lost':
        this.#connector.lost(event.isClosed ?? false, now);
        break;
      case 'disconnected':
        this.#connector.closed();
        break;
      case 'delivered':
        this.#texts.delivered(event.id);
        break;
      case 'progress':
        this.#texts.confirmedBy(event.id, event.by);
        emit(event);
        break;
      case 'failed':
        this.#texts.fail(event.id, event.reason, event.pending);
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
        this.#texts.enterRoom(event);
        emit(event);
        break;
      case 'room-left':
        emit(event);
        this.#texts.leaveRoom();
        break;
      case 'invitation':
        emit({...event, ...this.#invitationLifetime});
        break;
      case 'link-opened':
        this.#texts.openLink(event.nick);
        emit(event);
        break;
      case 'link-closed':
        this.#texts.closeLink(event.nick);
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
    const message = errorSentence(code, about, this.#options.crowd(), this.#texts.roomName);
    if (notPassedOn.has(code)) this.#options.emit({type: 'not-asked', nick: about});
    this.#options.emit({type: 'error', code, message, about});
  }
}

/** Whether the hub is there, or will be. */
function hubFor(phase: Connector['phase']): ReturnType<TextsHost['hub']> {
  if (phase === 'connected') return 'connected';
  return phase === 'connecting' || phase === 'retrying' ? 'awaited' : 'none';
}

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
