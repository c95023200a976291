import type {DatagramProtocol} from '../../../source/protocols/protocol.ts';
import type {Endpoint} from '../../../source/transport/endpoint.ts';
import {Random} from '../../network/random.ts';
import {SimulatedNetwork} from '../../network/simulated-network.ts';
import {hubEndpoint, SimulatedUser} from '../../network/world.ts';

/**
 * A hub that says exactly what a test wants said to one real client, alice, and answers only what has to be
 * answered for her to be there: each protocol says what that is.
 */
export abstract class DatagramScriptedHub<Message> {
  readonly network = new SimulatedNetwork(new Random(1));
  readonly alice: SimulatedUser;
  readonly dueAt = Number.POSITIVE_INFINITY;
  isAnswering = true;
  protected received: Message[] = [];

  constructor(protocol: DatagramProtocol) {
    const endpoint = {host: '198.51.100.1', port: 40_000};
    this.alice = new SimulatedUser('alice', endpoint, protocol, this.network, new Random(1));
    this.network.attach(hubEndpoint, this);
  }

  /** @throws Error if it is nothing that a client may send. */
  protected abstract read(datagram: Uint8Array): Message;

  protected abstract respond(message: Message, from: Endpoint): void;

  /** Alice connects, and what was said for that is out of the way. */
  connect(): this {
    this.alice.start();
    this.run(0);
    this.takeAll();
    return this;
  }

  /** Sends that from the hub's address or another one, and lets it arrive. */
  sendBytes(bytes: string | Uint8Array, from: Endpoint = hubEndpoint): void {
    const datagram = typeof bytes === 'string' ? Buffer.from(bytes, 'hex') : bytes;
    this.network.sender(from)(Uint8Array.from(datagram), this.alice.endpoint);
    this.run(0);
  }

  run(durationMs: number): void {
    this.network.run(durationMs);
  }

  /** What alice has sent since the last time. */
  takeAll(): Message[] {
    const received = this.received;
    this.received = [];
    return received;
  }

  onTime(): void {}

  receive(datagram: Uint8Array, from: Endpoint): void {
    const message = this.read(datagram);
    this.received.push(message);
    this.respond(message, from);
  }
}
