/** A hub that owes an answer and gives none for this time is lost. */
export const silenceMs = 10_000;

/** A client that has asked nothing for this time asks for a sign of life. */
const idleMs = 30_000;

/** At most this many questions are unanswered at the hub. Further ones wait here. */
const maximumUnanswered = 16;

/** Something said to the hub. Without bytes it is only the question. */
export type Saying = {readonly bytes?: Uint8Array};

export type FencesHost<One extends Saying> = {
  /** @param saying What is said with the question in them, if anything. */
  write(bytes: Uint8Array, saying: One | undefined): void;
  /** A question that the hub answers in its turn, and that has no other effect. */
  question(): Uint8Array;
  /** Whether it may be said now. If not, it waits, and so does everything after it. */
  mayGo?(saying: One): boolean;
};

/**
 * Proof of delivery. TCP does not tell what has arrived, and the protocols over it do not confirm a text. But a hub
 * answers in the order in which it is asked. So a question, the fence, is written behind each text, in one piece with it:
 * when its answer comes, the hub has served the text. Fences also measure the round trip, and a hub that leaves one
 * unanswered is lost.
 */
export class Fences<One extends Saying> {
  readonly #host: FencesHost<One>;
  /** Oldest first, which is the order of the answers. `saying` is undefined for a sign of life. */
  readonly #asked: {readonly saying: One | undefined; readonly at: number}[] = [];
  #waiting: One[] = [];
  #askedAt: number;
  #answeredAt: number;
  #roundTripMs: number | undefined;

  constructor(host: FencesHost<One>, now: number) {
    this.#host = host;
    this.#askedAt = now;
    this.#answeredAt = now;
  }

  /** Round trip of the newest answer. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  get unanswered(): number {
    return this.#asked.length;
  }

  /** Everything that was said and is not answered, oldest first. */
  get said(): readonly One[] {
    return this.#asked.flatMap(({saying}) => saying ?? []);
  }

  /** The saying that the next answer is for, if any. */
  get oldest(): One | undefined {
    return this.#asked[0]?.saying;
  }

  get dueAt(): number {
    return this.#asked.length > 0 ? this.#silentAt : this.#askedAt + idleMs;
  }

  isSilent(now: number): boolean {
    return this.#asked.length > 0 && now >= this.#silentAt;
  }

  /** Says it as soon as that is allowed. */
  say(saying: One, now: number): void {
    this.#waiting.push(saying);
    this.pump(now);
  }

  /** Asks only the question. */
  ask(now: number): void {
    this.#send(undefined, now);
  }

  /** The oldest question is answered. @returns The saying before it, if any. */
  answered(now: number): One | undefined {
    const asked = this.#asked.shift();
    if (asked === undefined) return undefined;
    this.#answeredAt = now;
    this.#roundTripMs = now - asked.at;
    return asked.saying;
  }

  /** Says everything that waits and may be said now. To be called after an answer. */
  pump(now: number): void {
    while (this.#asked.length < maximumUnanswered) {
      const [saying] = this.#waiting;
      if (saying === undefined || this.#host.mayGo?.(saying) === false) return;
      this.#waiting.shift();
      this.#send(saying, now);
    }
  }

  /** We leave: says everything that waits, allowed or not. The hub serves it before our goodbye. */
  flush(now: number): void {
    for (const saying of this.#waiting.splice(0)) this.#send(saying, now);
  }

  /** Removes and returns those that wait and are meant. */
  withdraw(isMeant: (saying: One) => boolean): One[] {
    const meant = this.#waiting.filter(isMeant);
    this.#waiting = this.#waiting.filter(saying => !isMeant(saying));
    return meant;
  }

  /** Nothing is answered any more. @returns What was said, and what waited and was not; the oldest first. */
  abandon(): {readonly said: readonly One[]; readonly unsaid: readonly One[]} {
    const {said} = this;
    this.#asked.length = 0;
    return {said, unsaid: this.#waiting.splice(0)};
  }

  onTime(now: number): void {
    if (this.#asked.length === 0 && now >= this.#askedAt + idleMs) this.ask(now);
  }

  get #silentAt(): number {
    return Math.max(this.#asked[0]?.at ?? 0, this.#answeredAt) + silenceMs;
  }

  #send(saying: One | undefined, now: number): void {
    this.#asked.push({saying, at: now});
    this.#askedAt = now;
    const question = this.#host.question();
    const bytes = saying?.bytes;
    this.#host.write(bytes === undefined ? question : joined(bytes, question), saying);
  }
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length);
  bytes.set(one);
  bytes.set(other, one.length);
  return bytes;
}
