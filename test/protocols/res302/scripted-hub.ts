import {res302} from '../../../source/protocols/res302/index.ts';
import * as wire from '../../../source/protocols/res302/wire.ts';
import type {Endpoint} from '../../../source/transport/endpoint.ts';
import {Random} from '../../network/random.ts';
import {SimulatedNetwork} from '../../network/simulated-network.ts';
import {hubEndpoint, SimulatedUser} from '../../network/world.ts';

/**
 * A hub that says exactly what a test wants said to one real client, and answers only what has to be
 * answered for the client to be there: A, texts and requests with a confirmation, E with the lists.
 */
export class ScriptedHub {
  readonly network = new SimulatedNetwork(new Random(1));
  readonly alice: SimulatedUser;
  readonly dueAt = Number.POSITIVE_INFINITY;
  /** What E shows. */
  everyone = 'alice: Pu&bob: Pu';
  room = 'alice: Pu&bob: Pu';
  isAnswering = true;
  #received: wire.Message[] = [];

  constructor() {
    const endpoint = {host: '198.51.100.1', port: 40_000};
    this.alice = new SimulatedUser('alice', endpoint, res302, this.network, new Random(1));
    this.network.attach(hubEndpoint, this);
  }

  /** With alice connected, and what was said for that out of the way. */
  static connected(): ScriptedHub {
    const hub = new ScriptedHub();
    hub.alice.start();
    hub.run(0);
    hub.take();
    return hub;
  }

  /** Says that from the hub's address or another one, and lets it arrive. */
  send(
    type: wire.MessageType,
    fields: Partial<Omit<wire.Message, 'type'>> = {},
    from: Endpoint = hubEndpoint,
  ): void {
    const datagram = wire.encode(wire.message(type, fields));
    this.network.sender(from)(datagram, this.alice.endpoint);
    this.run(0);
  }

  text(sequence: number, nickname: string, text: string, type: 'C' | 'D' = 'C'): void {
    this.send(type, {sequence, nickname, data: wire.encodeText(text)});
  }

  run(durationMs: number): void {
    this.network.run(durationMs);
  }

  /** What the client has sent since the last time, the requests for lists left out. */
  take(): wire.Message[] {
    const received = this.#received;
    this.#received = [];
    return received.filter(({type}) => type !== 'E');
  }

  onTime(): void {}

  receive(datagram: Uint8Array, from: Endpoint): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok) throw new Error(`the client has sent nonsense: ${decoded.reason}`);
    const {type, ack, flag, sequence} = decoded.message;
    this.#received.push(decoded.message);
    if (ack || !this.isAnswering) return;
    const data = wire.encodeText(type !== 'E' ? '' : flag ? this.room : this.everyone);
    const answer = wire.encode(wire.message(type, {ack: true, flag, sequence, data}));
    this.network.sender(hubEndpoint)(answer, from);
  }
}
