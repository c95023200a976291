import {Durations} from '../client/durations.ts';
import type {EngineEvent} from '../client/events.ts';
import type {TextStep} from '../client/journeys.ts';
import {maximumUndelivered} from '../client/undelivered.ts';
import type {ConfirmedEvent, PrintedEvent, Tag, TraceEvent} from './events.ts';

type Sent = {
  readonly tag: Tag | undefined;
  /** When it was sent; undefined if it was sent again, or kept, since then. */
  readonly since: number | undefined;
  readonly confirmed: readonly string[];
  /** Undefined while it is on its way. */
  readonly pending: readonly string[] | undefined;
  /** How often it was written to each reader; '' is the hub, whose name nobody can have. */
  readonly attempts: ReadonlyMap<string, number>;
};

type Outcome = Extract<EngineEvent, {readonly type: 'delivered' | 'failed'}>;

/** The user's texts that have not arrived: on which line each was asked for, and who has confirmed it. */
export class Texts {
  readonly #byId = new Map<number, Sent>();
  readonly #times = new Durations();
  #onTheirWay = 0;

  /** How many are on their way, or wait for the hub. */
  get pending(): number {
    return this.#onTheirWay;
  }

  /** From `sent` to `delivered`, in milliseconds. */
  get times(): readonly number[] {
    return this.#times.all;
  }

  tagOf(id: number): Tag | undefined {
    return this.#byId.get(id)?.tag;
  }

  sent(id: number, tag: Tag | undefined, now: number): void {
    this.#onTheirWay++;
    const fresh = {tag, since: now, confirmed: [], pending: undefined, attempts: new Map()};
    this.#byId.set(id, fresh);
  }

  /** @param tag Of the line that asked for it, if one did. */
  resent(id: number, tag: Tag | undefined): void {
    const former = this.#byId.get(id);
    if (former === undefined) return;
    if (former.pending !== undefined) this.#onTheirWay++;
    const again = {since: undefined, pending: undefined, tag: tag ?? former.tag};
    this.#byId.set(id, {...former, ...again});
  }

  /** @returns What is told of it, if it had failed. */
  confirmedBy(id: number, by: string): ConfirmedEvent | undefined {
    const former = this.#byId.get(id);
    if (former === undefined || former.confirmed.includes(by)) return undefined;
    const pending = former.pending?.filter(nick => nick !== by);
    this.#byId.set(id, {...former, confirmed: [...former.confirmed, by], pending});
    // Of the last one `delivered` tells.
    if (pending === undefined || pending.length === 0) return undefined;
    return {type: 'confirmed', id, by, pending, late: true};
  }

  /** @returns The same, with those who have confirmed it. */
  over(event: Outcome, now: number): Extract<PrintedEvent, {type: 'delivered' | 'failed'}> {
    const {id} = event;
    const former = this.#byId.get(id);
    if (former === undefined) return event;
    const {confirmed, since, pending} = former;
    if (pending === undefined) this.#onTheirWay--;
    if (event.type === 'failed') this.#failed(id, {...former, pending: event.pending});
    else {
      this.#byId.delete(id);
      if (since !== undefined && pending === undefined) this.#times.add(now - since);
    }
    return confirmed.length === 0 ? event : {...event, confirmed};
  }

  /** @returns What `--trace` tells of it. */
  step(step: TextStep): TraceEvent {
    if (step.type !== 'attempt') return step;
    const {type, id, to, frame, timeoutMs, left} = step;
    const text = this.#byId.get(id);
    const number = (text?.attempts.get(to ?? '') ?? 0) + 1;
    if (text !== undefined) {
      const attempts = new Map(text.attempts).set(to ?? '', number);
      this.#byId.set(id, {...text, attempts});
    }
    return {
      type,
      id,
      ...(to === undefined ? {} : {to}),
      number,
      timeoutMs,
      left,
      bytes: frame.length,
      frame: Buffer.from(frame).toString('hex'),
    };
  }

  /** As many as the engine remembers. */
  #failed(id: number, text: Sent): void {
    // The newest failure last.
    this.#byId.delete(id);
    this.#byId.set(id, text);
    if (this.#byId.size - this.#onTheirWay <= maximumUndelivered) return;
    for (const [oldest, {pending}] of this.#byId) {
      if (pending === undefined) continue;
      this.#byId.delete(oldest);
      return;
    }
  }
}
