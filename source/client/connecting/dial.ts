import type {Resolver} from '../../transport/resolver.ts';
import {type Address, formatAddress, takesPlaceOf} from '../address.ts';
import {Engine, type EngineOptions} from '../engine.ts';
import type {EngineEvent} from '../events.ts';
import {inquire} from './inquiry.ts';
import {Line} from './line.ts';

export type DialOptions = Pick<
  EngineOptions,
  | 'nick'
  | 'emit'
  | 'crowd'
  | 'undelivered'
  | 'takeLink'
  | 'whenUnreachable'
  | 'isReturning'
  | 'watch'
> & {
  readonly address: Address;
  readonly resolve: Resolver;
  /** This hub has let us in before: it speaks this protocol, even if it is silent now. */
  readonly isKnown: boolean;
};

/** An engine with the line that it needs to reach its hub. */
export class Call {
  readonly #line: Line<Engine>;
  #stopInquiry: (() => Promise<void>) | undefined;
  readonly #over = Promise.withResolvers<void>();

  constructor({address, resolve, emit, isKnown, ...options}: DialOptions) {
    this.#line = new Line(
      address,
      resolve,
      network =>
        new Engine({
          ...options,
          protocol: address.protocol,
          server: formatAddress(address),
          network,
          emit: event => this.#onEvent(event, emit),
          wallClock: Date.now,
          random: Math.random,
          ...(!isKnown && {
            isGuess: address.isGuess,
            inquire: onDone => {
              const {found, stop} = inquire(address, resolve);
              this.#stopInquiry = stop;
              void found.then(other => {
                const outcome = other && {
                  server: formatAddress(other),
                  isCertain: takesPlaceOf(other, address),
                };
                this.run((_engine, now) => onDone(outcome, now));
              });
            },
          }),
        }),
    );
  }

  get engine(): Engine {
    return this.#line.machine;
  }

  start(): void {
    this.run((engine, now) => engine.start(now));
  }

  /** Calls the engine, and does afterwards what has to be done after each call. */
  run<Result>(action: (engine: Engine, now: number) => Result): Result {
    return this.#line.run(action);
  }

  /** Reads nothing from connections, including those opened later, until {@link resume}. */
  pause(): void {
    this.#line.pause();
  }

  resume(): void {
    this.#line.resume();
  }

  /** Says goodbye and frees everything. */
  async hangUp(): Promise<void> {
    this.run((engine, now) => engine.close(now));
    if (!this.engine.isClosed) await this.#over.promise;
    await Promise.all([this.#line.close(), this.#stopInquiry?.()]);
  }

  #onEvent(event: EngineEvent, emit: DialOptions['emit']): void {
    emit(event);
    if (event.type === 'connection' && event.connection.phase === 'closed') this.#over.resolve();
  }
}
