/**
 * The journeys of the last messages: every attempt to bring a text of ours to the hub or to a member, with the bytes, and
 * every answer; and the frame in which each message of others has come.
 */
import type {ClientEvent, Field, Protocol, Step} from '../protocols/protocol.ts';
import type {EngineEvent, Scope} from './events.ts';

export type {Field};

/** Bytes as they were sent or came. */
export type Frame = {
  readonly length: number;
  /** Undefined if they were too many to be kept. No text of our own protocols is so long. */
  readonly bytes: Uint8Array | undefined;
};

/** What happened on the way to one reader. Times are those of the monotonic clock, in milliseconds. */
export type Mark =
  | {
      readonly type: 'sent';
      readonly at: number;
      readonly frame: Frame;
      /** If nobody answers within this time, it is sent again, as many times as are left. */
      readonly timeoutMs: number;
      readonly left: number;
    }
  | {readonly type: 'confirmed'; readonly at: number}
  | {readonly type: 'given-up'; readonly at: number; readonly reason: 'silent' | 'gone'};

/** The way to the hub, to a member, or over a private connection. */
export type Course = {
  /** Undefined: the hub. */
  readonly to: string | undefined;
  /** In their order; at least one. */
  readonly marks: readonly Mark[];
};

type Common = {
  readonly scope: Scope;
  readonly text: string;
  readonly protocol: Protocol;
  /** When it was written or came, by the monotonic clock and in milliseconds since 1970. */
  readonly startedAt: number;
  readonly wallClock: number;
};

export type SentJourney = Common & {
  readonly kind: 'sent';
  readonly id: number;
  /** The reader of a text to one person. */
  readonly to: string | undefined;
  readonly courses: readonly Course[];
  /** There were more marks than are kept. */
  readonly isCut: boolean;
  /** When it was sent again, or for the first time after it was kept, in milliseconds since 1970. */
  readonly resentAt: number | undefined;
  readonly deliveredAt: number | undefined;
};

export type ReceivedJourney = Common & {
  readonly kind: 'received';
  readonly from: string;
  /** Undefined if it did not come in a frame of its own. */
  readonly frame: Frame | undefined;
  /** When it was told: if messages before it were missing, later than it came. */
  readonly readAt: number;
};

export type Journey = SentJourney | ReceivedJourney;

/** What an engine tells of the texts on their way. */
export type Watch = {
  /** Before anybody else is told. */
  told(event: EngineEvent, now: number): void;
  step(step: TextStep, now: number): void;
  /** @returns The number by which the journey is found. */
  received(message: Message, arrival: Arrival | undefined, now: number): number;
};

export type TextStep = Exclude<Step, {type: 'arrival'}>;
export type Arrival = {readonly frame: Uint8Array; readonly at: number};
type Message = Extract<ClientEvent, {type: 'message'}>;

export const maximumJourneys = 300;
/** Of all frames, marks and texts together. */
export const maximumBytes = 2 * 1024 * 1024;
/** Of one message, for all its readers. */
export const maximumMarks = 512;
/** Any text of our protocols fits, with the question behind it. */
const maximumFrameBytes = 9 * 1024;
/** An estimate. */
const bytesOfMark = 128;

type Kept = {readonly journey: Journey; readonly bytes: number; readonly marks: number};

export class Journeys {
  readonly #wallClock: () => number;
  /** Oldest first. */
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;
  #lastReceipt = 0;

  /** @param wallClock Milliseconds since 1970. */
  constructor(wallClock: () => number) {
    this.#wallClock = wallClock;
  }

  /** For an engine that speaks that protocol. */
  watch(protocol: Protocol): Watch {
    return {
      told: (event, now) => this.#told(event, protocol, now),
      step: (step, now) => this.#step(step, now),
      received: (message, arrival, now) => this.#received(message, protocol, arrival, now),
    };
  }

  get size(): number {
    return this.#kept.size;
  }

  /** At most {@link maximumBytes}, but for the newest message. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Undefined if it is not kept any more. */
  of({id, receipt}: {readonly id?: number; readonly receipt?: number}): Journey | undefined {
    const key = id === undefined ? receivedKey(receipt ?? 0) : sentKey(id);
    return this.#kept.get(key)?.journey;
  }

  /** How long each of our texts that was sent at once, and once, took from Enter to its mark. In milliseconds. */
  get deliveryTimes(): readonly number[] {
    return [...this.#kept.values()].flatMap(({journey}) =>
      journey.kind === 'sent' && journey.resentAt === undefined && journey.deliveredAt !== undefined
        ? journey.deliveredAt - journey.startedAt
        : [],
    );
  }

  #told(event: EngineEvent, protocol: Protocol, now: number): void {
    switch (event.type) {
      case 'sent': {
        const {id, scope, to, text} = event;
        const common = this.#common(scope, text, protocol, now);
        const outcome = {courses: [], isCut: false, resentAt: undefined, deliveredAt: undefined};
        this.#keep(sentKey(id), {...common, kind: 'sent', id, to, ...outcome}, text.length, 0);
        break;
      }
      case 'resent':
        this.#change(event.id, () => ({resentAt: this.#wallClock()}));
        break;
      case 'delivered':
        this.#change(event.id, ({deliveredAt = now}) => ({deliveredAt}));
        break;
      default:
    }
  }

  #common(scope: Scope, text: string, protocol: Protocol, now: number): Common {
    return {scope, text, protocol, startedAt: now, wallClock: this.#wallClock()};
  }

  #received(
    {scope, from, text}: Message,
    protocol: Protocol,
    arrival: Arrival | undefined,
    now: number,
  ): number {
    const receipt = ++this.#lastReceipt;
    const at = arrival?.at ?? now;
    const common = this.#common(scope, text, protocol, at);
    const wallClock = common.wallClock - (now - at);
    const frame = arrival && frameOf(arrival.frame);
    const journey = {...common, wallClock, kind: 'received', from, frame, readAt: now} as const;
    this.#keep(receivedKey(receipt), journey, text.length + (frame?.bytes?.length ?? 0), 0);
    return receipt;
  }

  #step(step: TextStep, now: number): void {
    const key = sentKey(step.id);
    const kept = this.#kept.get(key);
    if (kept?.journey.kind !== 'sent') return;
    const {journey} = kept;
    const to = step.type === 'confirmation' ? step.by : step.to;
    const index = journey.courses.findIndex(course => course.to === to);
    const course = journey.courses[index] ?? {to, marks: []};
    const mark = markOf(step, course, now);
    const isFull = kept.marks >= maximumMarks;
    // The first attempt stays, and so does the end.
    const [first, , ...others] = course.marks;
    if (isFull && first === undefined) {
      this.#keep(key, {...journey, isCut: true}, kept.bytes, kept.marks);
      return;
    }
    const marks =
      isFull && first !== undefined ? [first, ...others, mark] : [...course.marks, mark];
    const changed = {to, marks};
    const courses =
      index === -1 ? [...journey.courses, changed] : journey.courses.with(index, changed);
    const isNew =
      mark.type === 'sent' && !course.marks.some(m => m.type === 'sent' && m.frame === mark.frame);
    const bytes = kept.bytes + bytesOfMark + (isNew ? (mark.frame.bytes?.length ?? 0) : 0);
    const isCut = journey.isCut || isFull;
    const added = marks.length - course.marks.length;
    this.#keep(key, {...journey, courses, isCut}, bytes, kept.marks + added);
  }

  #change(id: number, change: (journey: SentJourney) => Partial<SentJourney>): void {
    const key = sentKey(id);
    const kept = this.#kept.get(key);
    if (kept?.journey.kind !== 'sent') return;
    this.#keep(key, {...kept.journey, ...change(kept.journey)}, kept.bytes, kept.marks);
  }

  #keep(key: string, journey: Journey, bytes: number, marks: number): void {
    this.#bytes += bytes - (this.#kept.get(key)?.bytes ?? 0);
    this.#kept.set(key, {journey, bytes, marks});
    for (const [oldest, {bytes: freed}] of this.#kept) {
      const isTooMuch = this.#kept.size > maximumJourneys || this.#bytes > maximumBytes;
      if (!isTooMuch || oldest === key) return;
      this.#kept.delete(oldest);
      this.#bytes -= freed;
    }
  }
}

/** What the bytes of a frame of that journey mean, by the decoder of its protocol. */
export function explain({protocol, scope, kind}: Journey, bytes: Uint8Array): readonly Field[] {
  const other = kind === 'sent' ? 'client' : 'hub';
  return protocol.explain(bytes, scope === 'link' ? 'peer' : other);
}

function markOf(step: TextStep, {marks}: Course, at: number): Mark {
  switch (step.type) {
    case 'attempt': {
      const {timeoutMs, left} = step;
      const former = marks.findLast(mark => mark.type === 'sent')?.frame;
      // What is sent again is the same bytes: they are kept once.
      const isSame = former?.bytes !== undefined && isEqual(former.bytes, step.frame);
      return {type: 'sent', at, frame: isSame ? former : frameOf(step.frame), timeoutMs, left};
    }
    case 'confirmation':
      return {type: 'confirmed', at};
    case 'given-up':
      return {type: 'given-up', at, reason: step.reason};
  }
}

/** A copy: the bytes may be a part of something larger. */
function frameOf(bytes: Uint8Array): Frame {
  const {length} = bytes;
  return {length, bytes: length > maximumFrameBytes ? undefined : Uint8Array.from(bytes)};
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function sentKey(id: number): string {
  return `sent ${id}`;
}

function receivedKey(receipt: number): string {
  return `received ${receipt}`;
}
