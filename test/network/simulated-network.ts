import {type Endpoint, endpointKey} from '../../source/transport/endpoint.ts';
import type {TimedMachine} from '../../source/transport/timer.ts';
import type {Random} from './random.ts';

type Machine = TimedMachine & {
  receive(datagram: Uint8Array, from: Endpoint, now: number): void;
};

export type Faults = {
  /** Probability that a datagram is lost. */
  readonly loss: number;
  /** Probability that a datagram has a second copy, which is lost or delayed independently. */
  readonly duplication: number;
  /** Each copy takes its own time from 0 to this, so that later ones overtake earlier ones. */
  readonly maximumDelayMs: number;
  /** At most this many copies of a repeated datagram are lost before one gets through. */
  readonly maximumLosses?: number;
};

export const noFaults: Faults = {loss: 0, duplication: 0, maximumDelayMs: 0};

/** A machine that is due again at once, again and again, would never let time pass. */
const maximumStepsAtOnce = 100_000;

type Copy = {readonly at: number; deliver(now: number): void};

/** Machines that send each other datagrams over a bad network, in virtual time. */
export class SimulatedNetwork {
  readonly #random: Random;
  readonly #machines = new Map<string, Machine>();
  readonly #silent = new Set<string>();
  /** What was sent to machines that stand still, and the system keeps for them. */
  readonly #frozen = new Map<string, ((now: number) => void)[]>();
  /** The first to come is the last of them. */
  readonly #pending: Copy[] = [];
  /** By endpoints and bytes: the number of copies of a datagram lost since one got through. */
  readonly #losses = new Map<string, number>();
  #stepsAtOnce = 0;
  faults: Faults;
  now = 0;

  constructor(random: Random, faults: Faults = noFaults) {
    this.#random = random;
    this.faults = faults;
  }

  attach(endpoint: Endpoint, machine: Machine): void {
    this.#machines.set(endpointKey(endpoint), machine);
  }

  /** The function with which a machine at that endpoint sends. */
  sender(from: Endpoint): (datagram: Uint8Array, to: Endpoint) => void {
    return (datagram, to) => {
      const copies = this.#random.chance(this.faults.duplication) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        if (this.#isLost(datagram, from, to)) continue;
        this.after(this.#random.next() * this.faults.maximumDelayMs, now => {
          if (this.#silent.has(endpointKey(from))) return;
          if (this.#silent.has(endpointKey(to))) return;
          const receive = (at: number) =>
            this.#machines.get(endpointKey(to))?.receive(datagram, from, at);
          const waiting = this.#frozen.get(endpointKey(to));
          if (waiting === undefined) receive(now);
          else waiting.push(receive);
        });
      }
    };
  }

  /** Cuts a machine off and stops its clock, as a stopped process is. */
  silence(endpoint: Endpoint): void {
    this.#silent.add(endpointKey(endpoint));
  }

  restore(endpoint: Endpoint): void {
    this.#silent.delete(endpointKey(endpoint));
  }

  /** Stops a machine's clock; what is sent to it is kept. @returns What lets it go on, and read that. */
  freeze(endpoint: Endpoint): () => void {
    const key = endpointKey(endpoint);
    const waiting: ((now: number) => void)[] = [];
    this.#frozen.set(key, waiting);
    return () => {
      this.#frozen.delete(key);
      for (const receive of waiting) this.after(0, receive);
    };
  }

  after(delayMs: number, deliver: (now: number) => void): void {
    const at = this.now + delayMs;
    const later = this.#pending.findLastIndex(copy => copy.at > at);
    this.#pending.splice(later + 1, 0, {at, deliver});
  }

  /** Lets that much time pass. */
  run(durationMs: number): void {
    const end = this.now + durationMs;
    while (this.#step(end));
    this.now = end;
  }

  /** Lets time pass until something is so. */
  runUntil(isReached: () => boolean, maximumMs: number, what = 'what was waited for'): void {
    const end = this.now + maximumMs;
    while (!isReached()) {
      if (!this.#step(end)) throw new Error(`${what} has not come after ${maximumMs} ms`);
    }
  }

  /** Carries out the next step, unless it is after `end`. */
  #step(end: number): boolean {
    const copy = this.#pending.at(-1);
    const machine = this.#firstDue();
    const copyAt = copy?.at ?? Number.POSITIVE_INFINITY;
    const machineAt = Math.max(machine?.dueAt ?? Number.POSITIVE_INFINITY, this.now);
    const at = Math.min(copyAt, machineAt);
    if (at > end || at === Number.POSITIVE_INFINITY) return false;
    if (at > this.now) this.#stepsAtOnce = 0;
    this.now = at;
    if (copy !== undefined && copyAt <= machineAt) {
      this.#pending.pop();
      copy.deliver(at);
    } else {
      if (++this.#stepsAtOnce > maximumStepsAtOnce)
        throw new Error(`time stands still at ${at} ms`);
      machine?.onTime(at);
    }
    return true;
  }

  #isLost(datagram: Uint8Array, from: Endpoint, to: Endpoint): boolean {
    const isUnlucky = this.#random.chance(this.faults.loss);
    const {maximumLosses} = this.faults;
    if (maximumLosses === undefined) return isUnlucky;
    const key = [endpointKey(from), endpointKey(to), Buffer.from(datagram).toString('hex')].join();
    const losses = this.#losses.get(key) ?? 0;
    const isLost = isUnlucky && losses < maximumLosses;
    if (isLost) this.#losses.set(key, losses + 1);
    else this.#losses.delete(key);
    return isLost;
  }

  #firstDue(): Machine | undefined {
    let first: Machine | undefined;
    let firstDueAt = Number.POSITIVE_INFINITY;
    for (const [key, machine] of this.#machines) {
      const {dueAt} = machine;
      if (dueAt >= firstDueAt || this.#silent.has(key) || this.#frozen.has(key)) continue;
      first = machine;
      firstDueAt = dueAt;
    }
    return first;
  }
}
