import type {Protocol} from '../../protocols/protocol.ts';
import {type Address, formatAddress} from '../address.ts';
import type {Engine} from '../engine.ts';
import type {EngineEvent} from '../events.ts';
import type {Watch} from '../journeys.ts';
import type {Undelivered} from '../undelivered.ts';
import {Call, type DialOptions} from './dial.ts';

export type DiallerOptions = Pick<
  DialOptions,
  'nick' | 'emit' | 'crowd' | 'takeLink' | 'whenUnreachable' | 'resolve'
> & {
  readonly address: Address;
  /** Notes the steps of texts in that protocol, if anybody wants to know. */
  watch(protocol: Protocol): Watch | undefined;
};

/** One call at a time, and the changes from one to the next: another hub or another name. */
export class Dialler {
  readonly #options: DiallerOptions;
  #address: Address;
  #nick: string;
  #call: Call | undefined;
  /** One change at a time, in the order of the requests. */
  #changes: Promise<void> = Promise.resolve();
  /** What the last call has not delivered. */
  #undelivered: ReadonlyMap<number, Undelivered> = new Map();
  #isChanging = false;
  /** Where and under which name a hub let us in last. */
  #lastConnected: {readonly server: string; readonly nick: string} | undefined;
  /** While a call is given up, its events are dropped. */
  #isGivingUp = false;
  #isPaused = false;

  constructor(options: DiallerOptions) {
    this.#options = options;
    this.#address = options.address;
    this.#nick = options.nick;
  }

  get address(): Address {
    return this.#address;
  }

  get nick(): string {
    return this.#nick;
  }

  /** Whether there is an engine that takes requests. */
  get isCalling(): boolean {
    return this.#call !== undefined;
  }

  /** Another hub or name was requested, and the outcome is not known yet. */
  get isChanging(): boolean {
    return this.#isChanging;
  }

  /** The texts that are not known to have arrived, by id. */
  get undelivered(): ReadonlyMap<number, Undelivered> {
    return this.#call?.engine.undelivered ?? this.#undelivered;
  }

  /** Whether at most that many texts are on their way, and nothing else is. */
  isSettled(pending: number): boolean {
    const engine = this.#call?.engine;
    return !this.#isChanging && !engine?.isMoving && (engine?.pending ?? 0) <= pending;
  }

  /** Calls the engine. @returns `otherwise` if there is none. */
  run<Result>(action: (engine: Engine, now: number) => Result, otherwise: Result): Result {
    return this.#call === undefined ? otherwise : this.#call.run(action);
  }

  /** Calls for the first time. */
  start(): void {
    void this.#change(() => this.#open());
  }

  /** @param isMeant It is the hub that was meant: what waits to be sent is for its people. */
  goTo(address: Address, nick: string, isMeant = false): void {
    this.#isChanging = true;
    void this.#change(async () => {
      await this.#hangUp();
      // Texts for the people of one hub are not sent at another.
      if (!isMeant && formatAddress(address) !== formatAddress(this.#address)) {
        this.#dropKept('left-hub');
        this.#undelivered = new Map();
      }
      this.#address = address;
      this.#nick = nick;
      this.#open();
    });
  }

  /** Hangs up, and says nothing of it. */
  giveUp(): void {
    this.#isGivingUp = true;
    void this.#change(async () => {
      await this.#hangUp();
      this.#isGivingUp = false;
    });
  }

  /** A hub has let us in. */
  connected(to: {readonly server: string; readonly nick: string}): void {
    this.#lastConnected = to;
    this.#address = {...this.#address, isGuess: false};
  }

  /** The outcome of a change is known, or will not be known soon. */
  answered(): void {
    this.#isChanging = false;
  }

  /** @returns Whether the hub has to wait. */
  pause(): boolean {
    this.#isPaused = true;
    this.#call?.pause();
    return this.#address.protocol.transport === 'tcp';
  }

  resume(): void {
    this.#isPaused = false;
    this.#call?.resume();
  }

  /** Says goodbye and frees everything. */
  close(): Promise<void> {
    return this.#change(async () => {
      await this.#hangUp();
      this.#dropKept('not-connected');
    });
  }

  #change(action: () => Promise<void> | void): Promise<void> {
    this.#changes = this.#changes.then(action);
    return this.#changes;
  }

  #open(): void {
    const {emit, crowd, takeLink, whenUnreachable, resolve, watch} = this.#options;
    const isKnown = this.#lastConnected?.server === formatAddress(this.#address);
    this.#call = new Call({
      address: this.#address,
      nick: this.#nick,
      emit: event => {
        if (!this.#isGivingUp) emit(event);
      },
      crowd,
      takeLink,
      resolve,
      undelivered: this.#undelivered,
      watch: watch(this.#address.protocol),
      isKnown,
      // A hub that has let us in before is not given up, whatever we are called now.
      whenUnreachable: isKnown ? 'try-on' : whenUnreachable,
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

  /** What waits for the hub does so no longer. */
  #dropKept(reason: (EngineEvent & {type: 'failed'})['reason']): void {
    for (const [id, {state}] of this.#undelivered) {
      if (state === 'kept') this.#options.emit({type: 'failed', id, reason, pending: []});
    }
  }
}
