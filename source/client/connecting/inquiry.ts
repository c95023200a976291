/**
 * Finds out which protocol a hub speaks, where nobody answers in the one that was tried: each of the others asks what
 * only its own hubs answer, and for which nobody is let in.
 */
import type {
  DatagramMachine,
  Endpoint,
  Inquiry,
  OutgoingListener,
} from '../../protocols/protocol.ts';
import {isSameEndpoint} from '../../transport/endpoint.ts';
import type {Resolver} from '../../transport/resolver.ts';
import {type Address, alternatives} from '../address.ts';
import {Line} from './line.ts';
import type {Network} from './network.ts';

/** A datagram that nobody answers is sent again after this time, so that one that is lost does not decide. */
const repeatMs = 500;
const questions = 3;
/** Longer than the last question has to be answered. */
const patienceMs = repeatMs * questions;
/** Of a name with many addresses only these are asked. */
const maximumAddresses = 4;
/** No answer of a hub needs more bytes to be recognised. */
const maximumAnswerBytes = 1024;

/**
 * Asks at all places where a hub of another protocol can be meant by that address.
 *
 * @returns `found`: the first of them that has answered; undefined if nobody has in time. After `stop`, which resolves
 * when everything is free, it is undefined too.
 */
export function inquire(
  address: Address,
  resolve: Resolver,
): {readonly found: Promise<Address | undefined>; stop(): Promise<void>} {
  const {promise: found, resolve: tell} = Promise.withResolvers<Address | undefined>();
  const lines = new Set<Line<Question>>();
  const stop = async () => {
    tell(undefined);
    const closing = [...lines];
    lines.clear();
    await Promise.all(
      closing.map(line => {
        line.run((question, now) => question.stop(now));
        return line.close();
      }),
    );
  };
  for (const place of alternatives(address)) {
    const line: Line<Question> = new Line(
      place,
      resolve,
      network =>
        new Question(place.protocol, network, isThere => {
          if (isThere) tell(place);
          else lines.delete(line);
          if (isThere || lines.size === 0) void stop();
          if (!isThere) void line.close();
        }),
    );
    lines.add(line);
  }
  for (const line of [...lines]) line.run((question, now) => question.start(now));
  return {found, stop};
}

/** One protocol's question at one address. Calls `onAnswer` once: whether such a hub is there. */
export class Question implements DatagramMachine {
  readonly #protocol: {readonly transport: 'udp' | 'tcp'; readonly inquiry: Inquiry};
  readonly #network: Network;
  readonly #onAnswer: (isThere: boolean) => void;
  #asked: readonly Endpoint[] = [];
  #left = questions;
  #askAt = Number.POSITIVE_INFINITY;
  #endAt = Number.POSITIVE_INFINITY;
  #hangUp = () => {};
  #isOver = false;

  constructor(
    protocol: {readonly transport: 'udp' | 'tcp'; readonly inquiry: Inquiry},
    network: Network,
    onAnswer: (isThere: boolean) => void,
  ) {
    this.#protocol = protocol;
    this.#network = network;
    this.#onAnswer = onAnswer;
  }

  get dueAt(): number {
    return this.#isOver ? Number.POSITIVE_INFINITY : Math.min(this.#askAt, this.#endAt);
  }

  start(now: number): void {
    // The search for the address counts too: it may never end.
    this.#endAt = now + patienceMs;
    this.#network.locate((found, at) => {
      if (this.#isOver) return;
      if (typeof found === 'string') this.#end(false);
      else if (this.#protocol.transport === 'tcp') this.#connect(found);
      else {
        this.#asked = found.slice(0, maximumAddresses);
        this.#ask(at);
      }
    });
  }

  receive(datagram: Uint8Array, from: Endpoint): void {
    if (this.#isOver || !this.#asked.some(one => isSameEndpoint(one, from))) return;
    const {goodbye, read} = this.#protocol.inquiry;
    const answer = read(datagram);
    if (answer === undefined) return;
    if (answer === 'let-in' && goodbye !== undefined) this.#network.send(goodbye, from);
    this.#end(true);
  }

  onTime(now: number): void {
    if (now >= this.#endAt) this.#end(false);
    else if (now >= this.#askAt) this.#ask(now);
  }

  /** Nobody wants to know any more. */
  stop(_now: number): void {
    this.#isOver = true;
    this.#hangUp();
  }

  #ask(now: number): void {
    this.#left--;
    this.#askAt = this.#left > 0 ? now + repeatMs : Number.POSITIVE_INFINITY;
    for (const endpoint of this.#asked) {
      this.#network.send(this.#protocol.inquiry.question, endpoint);
    }
  }

  /** Over a connection, ending it is the goodbye. */
  #connect(to: Parameters<Network['open']>[0]): void {
    const {question, read} = this.#protocol.inquiry;
    let heard = new Uint8Array(0);
    const listener: OutgoingListener = {
      opened: () => {
        if (question.length > 0) connection.write(question);
      },
      received: bytes => {
        heard = Uint8Array.from([...heard, ...bytes.subarray(0, maximumAnswerBytes)]);
        if (read(heard) !== undefined) this.#end(true);
        else if (heard.length >= maximumAnswerBytes) this.#end(false);
      },
      ended: () => this.#end(false),
      drained() {},
      closed: () => this.#end(false),
    };
    const connection = this.#network.open(to, listener);
    this.#hangUp = () => connection.destroy();
  }

  #end(isThere: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hangUp();
    this.#onAnswer(isThere);
  }
}
