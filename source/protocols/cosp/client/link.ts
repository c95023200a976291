import {pendingMs} from '../../../chat/words.ts';
import type {
  ClientEvent,
  Connection,
  ErrorCode,
  OutgoingListener,
  Reservation,
  StreamClientHost,
} from '../../protocol.ts';
import type * as wire from '../wire.ts';
import type {Message} from './deliveries.ts';
import {channelOf, type LinkChannel, TextChannel} from './link-channel.ts';

/** Here, requests to us end this much earlier than at the hub, and our own this much later, so that the hub decides. */
export const clockMarginMs = 5000;

/** The hub answers an acceptance at once. */
const registrationMs = 10_000;

/** The hub waits this long for each side. */
const arrivalMs = 10_000;

/** If the system still holds the port, which was ours a moment ago, we try again after this time. */
const nextAttemptMs = 200;
const passing: ReadonlySet<string | undefined> = new Set(['EADDRINUSE', 'EADDRNOTAVAIL']);

/** The time that the other side has to end it too. */
const partingMs = 3000;

/** What a link needs from its owner. */
export type LinkHost = Pick<StreamClientHost, 'open' | 'reserve' | 'takeLink' | 'trace'> & {
  emit(event: ClientEvent): void;
  /** Says something to the hub, or sends only a fence. */
  tell(message: Message, now: number): void;
  /** Our request and theirs have crossed. The hub gets ours later and refuses it; theirs counts. */
  overtaken(link: Link): void;
  /** The hub has served our request. If it refuses it, the refusal has come by now. */
  served(link: Link): void;
  /** We have closed it, and only the other side's end is missing. There may be another link now. */
  closing(link: Link): void;
  /** It is over, and holds nothing any more. */
  over(link: Link): void;
};

/** Who wants the private connection, while we look for a port or wait for an answer. */
type Wish = 'ours' | 'theirs' | 'both';

type State =
  | {readonly is: 'new' | 'over'}
  | {readonly is: 'asked'; readonly until: number}
  | {readonly is: 'reserving'; wish: Wish; readonly until: number}
  | {readonly is: 'asking'; readonly reservation: Reservation; readonly until: number}
  | {
      readonly is: 'accepting';
      readonly wish: Wish;
      readonly reservation: Reservation;
      readonly until: number;
    }
  | {readonly is: 'releasing'; readonly until: number}
  | {
      readonly is: 'opening';
      readonly port: number;
      readonly connection: Connection;
      readonly until: number;
    }
  | {
      readonly is: 'waiting';
      readonly port: number;
      readonly retryAt: number;
      readonly until: number;
    }
  | {
      readonly is: 'open';
      readonly connection: Connection;
      readonly channel: LinkChannel;
    }
  | {
      readonly is: 'closing';
      readonly connection: Connection;
      readonly channel: LinkChannel;
      readonly until: number;
    };

/**
 * Our side of the private connection with one user, from the first request to the end.
 *
 *     new         ask → reserving; they ask → asked
 *     asked       accepted → reserving; declined, expired → over
 *     reserving   a port is kept → asking, or accepting if they have asked
 *     asking      accepted → releasing; they ask too → accepting; refused, expired → over
 *     accepting   registered → releasing; refused, or nobody there → over
 *     releasing   the port is free → opening
 *     opening     opened → open; the port is still held → waiting → opening; out of time → over
 *     open        we end it → closing; closed → over
 *     closing     closed, or out of time → over
 *
 * The protocol has no word for withdrawing a request. If a withdrawn request is accepted nevertheless, the connection is
 * opened and closed at once, so that the other side knows. Texts that the other side has sent by then count as delivered
 * for them, and are shown.
 */
export class Link {
  readonly peer: number;
  readonly nick: string;
  readonly #host: LinkHost;
  #state: State = {is: 'new'};
  #isWithdrawn = false;
  /** The texts that went over it, whose fate may still be open when it is over. */
  #texts: TextChannel | undefined;

  constructor(peer: number, nick: string, host: LinkHost) {
    this.peer = peer;
    this.nick = nick;
    this.#host = host;
  }

  get dueAt(): number {
    const state = this.#state;
    if (state.is === 'waiting') return state.retryAt;
    const until = 'until' in state ? state.until : Number.POSITIVE_INFINITY;
    return Math.min(until, this.#channel?.dueAt ?? Number.POSITIVE_INFINITY);
  }

  /** They have asked, and wait for our answer. */
  get isAsked(): boolean {
    return this.#state.is === 'asked';
  }

  /** @returns false if there is one already, or a request for one. */
  ask(now: number): boolean {
    if (this.#state.is === 'new') {
      this.#reserve('ours', now);
    } else if (this.#state.is === 'asked') {
      this.#reserve('theirs', now);
    } else if (this.#isWithdrawn) {
      this.#isWithdrawn = false;
    } else {
      return false;
    }
    return true;
  }

  /** They ask for another one, though this one is closing or over: what the hub had not had by then may be lost. */
  followed(): void {
    this.#texts?.abandoned();
  }

  /** They have requested a new connection: the hub has ended this one, if it was open, and passes nothing on any more. */
  superseded(now: number): void {
    const state = this.#state;
    if (state.is === 'open') {
      state.channel.abandoned();
      this.#close(now);
    } else if (state.is === 'releasing' || state.is === 'opening' || state.is === 'waiting') {
      this.#giveUp(now);
    }
  }

  /** They ask. If we have asked them too, no further question is needed. */
  asked(now: number): void {
    const state = this.#state;
    if (state.is === 'asking') this.#host.overtaken(this);
    if (state.is === 'reserving') {
      state.wish = 'both';
    } else if (state.is === 'asking' && !this.#isWithdrawn) {
      this.#accept('both', state.reservation, now);
    } else if (state.is === 'new' || state.is === 'asking') {
      if (state.is === 'asking') this.#release(state.reservation);
      this.#isWithdrawn = false;
      this.#state = {is: 'asked', until: now + pendingMs - clockMarginMs};
      this.#host.emit({type: 'invitation', from: this.nick, mode: 'link'});
    }
  }

  answer(accepted: boolean, now: number): void {
    if (accepted) {
      this.#reserve('theirs', now);
    } else {
      this.#refuse(now);
      this.#endInvitation('declined');
    }
  }

  /** The hub says that they have refused. */
  refused(now: number): void {
    const {is} = this.#state;
    if (is === 'asking' || is === 'accepting') {
      const isOurs = this.#isOurs;
      this.#giveUp(now);
      if (isOurs) this.#answered(false);
    }
  }

  /** They have accepted our request. */
  accepted(now: number): void {
    const state = this.#state;
    if (state.is !== 'asking') return;
    this.#answered(true);
    this.#goTo(state.reservation, now);
  }

  /** The hub has registered our acceptance of their request. */
  acceptanceRegistered(now: number): void {
    const state = this.#state;
    if (state.is !== 'accepting') return;
    if (state.wish === 'theirs') {
      this.#host.emit({type: 'invitation-ended', from: this.nick, reason: 'accepted'});
    } else {
      this.#answered(true);
    }
    this.#goTo(state.reservation, now);
  }

  /** They have left the hub, which ends the connection. */
  departed(now: number): void {
    const state = this.#state;
    if (state.is === 'open') state.channel.departed(now);
    else this.#giveUp(now, 'no-such-user');
  }

  /** @returns false if there is nothing of ours to close or withdraw. */
  unlink(now: number): boolean {
    const {is} = this.#state;
    if (is === 'asked' || this.#isWithdrawn) return false;
    if (is === 'open') {
      this.#close(now);
    } else {
      this.#isWithdrawn = true;
      this.#host.emit({type: 'link-closed', nick: this.nick});
    }
    return true;
  }

  /** @returns false if it is not open, or carries no texts. */
  say(id: number, text: string, now: number): boolean {
    return this.#state.is === 'open' && this.#state.channel.say(id, text, now);
  }

  /** We leave: ends an open connection in good order, and anything else at once. */
  part(now: number): void {
    if (this.#state.is === 'open') this.#close(now);
    else this.#giveUp(now);
  }

  /** The hub is lost, and the connection with it. */
  abandon(now: number): void {
    this.#giveUp(now, 'no-such-link');
  }

  onTime(now: number): void {
    const state = this.#state;
    this.#channel?.onTime(now);
    if (state.is === 'waiting' && now >= state.retryAt) this.#open(state.port, state.until);
    if (!('until' in state) || now < state.until) return;
    if (state.is === 'asking') {
      this.#giveUp(now);
      this.#answered(false);
    } else if (state.is === 'closing' && state.connection.waiting > 0) {
      // Their earlier texts are still on their way.
      this.#state = {...state, until: now + partingMs};
    } else {
      this.#giveUp(now, 'no-such-link');
    }
  }

  #reserve(wish: Wish, now: number): void {
    this.#state = {is: 'reserving', wish, until: now + registrationMs};
    this.#host.reserve((reservation, at) => this.#reserved(reservation, at));
  }

  #reserved(reservation: Reservation | undefined, now: number): void {
    const state = this.#state;
    if (state.is !== 'reserving') {
      if (reservation !== undefined) this.#release(reservation);
    } else if (reservation === undefined) {
      if (state.wish !== 'ours') this.#refuse(now);
      this.#giveUp(now, 'no-such-link');
    } else if (this.#isWithdrawn) {
      if (state.wish !== 'ours') this.#refuse(now);
      this.#release(reservation);
      this.#giveUp(now);
    } else if (state.wish === 'ours') {
      this.#state = {is: 'asking', reservation, until: now + pendingMs + clockMarginMs};
      this.#tellHub({type: 'askConnection', port: reservation.port, id: this.peer}, now);
    } else {
      this.#accept(state.wish, reservation, now);
    }
  }

  #accept(wish: Wish, reservation: Reservation, now: number): void {
    this.#state = {is: 'accepting', wish, reservation, until: now + registrationMs};
    this.#tellHub({type: 'acceptConnection', port: reservation.port, id: this.peer}, now);
  }

  #refuse(now: number): void {
    this.#tellHub({type: 'refuseConnection', id: this.peer}, now);
  }

  #tellHub(request: wire.Request, now: number): void {
    const asked = this.#state;
    this.#host.tell(
      {
        request,
        to: this.peer,
        onFate: (fate, at) => {
          if (request.type === 'askConnection') this.#host.served(this);
          // The hub does not know the user, or no request of theirs.
          if (fate === 'refused' && this.#state === asked) this.#giveUp(at, 'no-such-user');
        },
      },
      now,
    );
  }

  #goTo(reservation: Reservation, now: number): void {
    const releasing = {is: 'releasing', until: now + arrivalMs} as const;
    this.#state = releasing;
    reservation.release(() => {
      if (this.#state === releasing) this.#open(reservation.port, releasing.until);
    });
  }

  #open(port: number, until: number): void {
    const listener: OutgoingListener = {
      opened: now => this.#opened(now),
      received: (bytes, now) => this.#channel?.received(bytes, now),
      ended: now => this.#channel?.ended(now),
      drained: now => this.#channel?.drained(now),
      closed: (code, now) => this.#closed(code, now),
    };
    this.#state = {is: 'opening', port, until, connection: this.#host.open(listener, port)};
  }

  #opened(now: number): void {
    const state = this.#state;
    if (state.is !== 'opening') return;
    const {connection} = state;
    this.#state = {is: 'open', connection, channel: this.#channelOver(connection)};
    if (this.#isWithdrawn) this.#close(now);
    else this.#host.emit({type: 'link-opened', nick: this.nick});
  }

  #channelOver(connection: Connection): LinkChannel {
    const taker = this.#isWithdrawn ? undefined : this.#host.takeLink(this.nick, connection);
    if (taker !== undefined) return channelOf(taker);
    this.#texts = new TextChannel(this.nick, connection, {
      emit: event => this.#host.emit(event),
      trace: this.#host.trace,
      tell: (message, now) => this.#host.tell(message, now),
      close: now => this.#close(now),
      breakOff: now => this.#giveUp(now),
    });
    return this.#texts;
  }

  /** The channel of an open connection, until it is closed. */
  get #channel(): LinkChannel | undefined {
    const state = this.#state;
    return 'channel' in state ? state.channel : undefined;
  }

  #closed(code: string | undefined, now: number): void {
    const state = this.#state;
    if (state.is === 'opening') {
      const retryAt = now + nextAttemptMs;
      if (!passing.has(code) || retryAt >= state.until) this.#giveUp(now, 'no-such-link');
      else this.#state = {is: 'waiting', port: state.port, retryAt, until: state.until};
    } else if (state.is === 'open' || state.is === 'closing') {
      this.#end();
      state.channel.closed(code, now);
      if (!this.#isWithdrawn) this.#host.emit({type: 'link-closed', nick: this.nick});
    }
  }

  /** We end our direction; the other side ends theirs, and the connection is closed. */
  #close(now: number): void {
    const state = this.#state;
    if (state.is !== 'open') return;
    const {connection, channel} = state;
    this.#state = {is: 'closing', connection, channel, until: now + partingMs};
    channel.ending();
    connection.end();
    this.#host.closing(this);
  }

  /** Whether only we want it. */
  get #isOurs(): boolean {
    const state = this.#state;
    return state.is !== 'asked' && !('wish' in state && state.wish === 'theirs');
  }

  #answered(accepted: boolean): void {
    if (this.#isWithdrawn) return;
    this.#host.emit({type: 'invitation-answer', nick: this.nick, accepted});
  }

  #endInvitation(reason: 'declined' | 'expired'): void {
    this.#end();
    this.#host.emit({type: 'invitation-ended', from: this.nick, reason});
  }

  /** Frees everything it holds, at once. @param code The error to report if we had asked for it. */
  #giveUp(now: number, code?: ErrorCode): void {
    const state = this.#state;
    if (state.is === 'open' || state.is === 'closing') {
      state.connection.destroy();
      state.channel.abandoned();
      this.#closed(undefined, now);
      return;
    }
    const isOurs = this.#isOurs;
    if ('reservation' in state) this.#release(state.reservation);
    if (!isOurs) this.#endInvitation('expired');
    else this.#end();
    if (state.is === 'opening') state.connection.destroy();
    if (isOurs && !this.#isWithdrawn && code !== undefined) {
      this.#host.emit({type: 'error', code, about: this.nick});
    }
  }

  #end(): void {
    this.#state = {is: 'over'};
    this.#host.over(this);
  }

  #release(reservation: Reservation): void {
    reservation.release(() => {});
  }
}
