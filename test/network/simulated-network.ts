import {type Endpoint, endpointKey} from '../../source/transport/endpoint.ts';
import type {TimedMachine} from '../../source/transport/timer.ts';
import type {Random} from './random.ts';

type Machine = TimedMachine & {
  receive(datagram: Uint8Array, from: Endpoint, now: number): void;
};

export type Faults = {
  /** Of each datagram. */
  readonly loss: number;
  /** Of each datagram: a second copy, lost or delayed on its own. */
  readonly duplication: number;
  /** Each copy takes its own time from 0 to this, so that later ones overtake earlier ones. */
  readonly maximumDelayMs: number;
};

export const noFaults: Faults = {loss: 0, duplication: 0, maximumDelayMs: 0};

type Copy = {readonly at: number; readonly order: number; deliver(now: number): void};

/** Machines that send each other datagrams over a bad network, in virtual time. */
export class SimulatedNetwork {
  readonly #random: Random;
  readonly #machines = new Map<string, Machine>();
  readonly #silent = new Set<string>();
  #pending: Copy[] = [];
  #order = 0;
  faults: Faults;
  now = 0;

  constructor(random: Random, faults: Faults = noFaults) {
    this.#random = random;
    this.faults = faults;
  }

  attach(endpoint: Endpoint, machine: Machine): void {
    this.#machines.set(endpointKey(endpoint), machine);
  }

  /** What a machine at that endpoint sends with. */
  sender(from: Endpoint): (datagram: Uint8Array, to: Endpoint) => void {
    return (datagram, to) => {
      const copies = this.#random.chance(this.faults.duplication) ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) {
        if (this.#random.chance(this.faults.loss)) continue;
        this.after(this.#random.next() * this.faults.maximumDelayMs, now => {
          if (this.#silent.has(endpointKey(from))) return;
          if (this.#silent.has(endpointKey(to))) return;
          this.#machines.get(endpointKey(to))?.receive(datagram, from, now);
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

  after(delayMs: number, deliver: (now: number) => void): void {
    this.#pending.push({at: this.now + delayMs, order: this.#order++, deliver});
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

  /** Does what comes next, unless that is after `end`. */
  #step(end: number): boolean {
    const copy = this.#pending.reduce<Copy | undefined>(
      (first, other) =>
        first === undefined ||
        other.at < first.at ||
        (other.at === first.at && other.order < first.order)
          ? other
          : first,
      undefined,
    );
    const [machine] = [...this.#machines]
      .filter(([key]) => !this.#silent.has(key))
      .map(([, candidate]) => candidate)
      .sort((one, other) => one.dueAt - other.dueAt);
    const copyAt = copy?.at ?? Number.POSITIVE_INFINITY;
    const machineAt = Math.max(machine?.dueAt ?? Number.POSITIVE_INFINITY, this.now);
    const at = Math.min(copyAt, machineAt);
    if (at > end || at === Number.POSITIVE_INFINITY) return false;
    this.now = at;
    if (copy !== undefined && copyAt <= machineAt) {
      this.#pending = this.#pending.filter(other => other !== copy);
      copy.deliver(at);
    } else {
      machine?.onTime(at);
    }
    return true;
  }
}
