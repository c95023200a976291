import type {ListedUser, Mode} from '../../../source/protocols/protocol.ts';
import {shen} from '../../../source/protocols/shen/index.ts';
import * as wire from '../../../source/protocols/shen/wire.ts';
import type {Endpoint} from '../../../source/transport/endpoint.ts';
import {Random} from '../../network/random.ts';
import {SimulatedNetwork} from '../../network/simulated-network.ts';
import {hubEndpoint, SimulatedUser} from '../../network/world.ts';
import {show} from './bench.ts';

/**
 * A hub that says exactly what a test wants said to one real client, and answers only what has to be
 * answered for the client to be there: registrations, texts, leaving, and requests for the list.
 */
export class ScriptedHub {
  readonly network = new SimulatedNetwork(new Random(1));
  readonly alice: SimulatedUser;
  readonly dueAt = Number.POSITIVE_INFINITY;
  /** What a list shows. */
  users: readonly ListedUser[] = [{nick: 'bob', status: 'public'}];
  isAnswering = true;
  /** Of what it answers at all: texts, too. */
  isAnsweringTexts = true;
  #received: wire.Message[] = [];
  /** Lists that are not confirmed yet: what confirms them is nothing that most tests ask about. */
  readonly #lists = new Set<number>();

  constructor() {
    const endpoint = {host: '198.51.100.1', port: 40_000};
    this.alice = new SimulatedUser('alice', endpoint, shen, this.network, new Random(1));
    this.network.attach(hubEndpoint, this);
  }

  /** With alice connected, and what was said for that out of the way: her next number is 2. */
  static connected(): ScriptedHub {
    const hub = new ScriptedHub();
    hub.alice.start();
    hub.run(0);
    hub.take();
    return hub;
  }

  /** With alice in a room with bob, who has accepted her invitation, and the hub's next number 1. */
  static inRoom(mode: Mode = 'centralised', roster = 'bob'): ScriptedHub {
    const hub = ScriptedHub.connected();
    hub.alice.invite(['bob'], mode);
    hub.run(0);
    hub.answer('offrirDeuxModes');
    hub.answer('ack');
    hub.say('invitationValide', 0, roster);
    hub.take();
    return hub;
  }

  /** Says that, and lets it arrive. */
  say(type: wire.TextType, sequence: number, ...parts: readonly string[]): void {
    this.write({type, sequence, parts});
  }

  /** Answers the newest message of the client. */
  answer(type: wire.TextType): void {
    this.say(type, this.#received.at(-1)?.sequence ?? -1);
  }

  invite(sequence: number, from: string, mode: Mode = 'centralised'): void {
    const parts = [`${from} vous invite messagerie`];
    this.write({type: 'invitation', sequence, state: 'public', mode, parts});
  }

  write(message: wire.Message, from: Endpoint = hubEndpoint): void {
    this.network.sender(from)(wire.encode(message), this.alice.endpoint);
    this.run(0);
  }

  run(durationMs: number): void {
    this.network.run(durationMs);
  }

  /** What the client has sent since the last time, each as a line; the requests for lists left out. */
  take(): string[] {
    const received = this.takeAll();
    return received.filter(line => !line.startsWith('0x04'));
  }

  takeAll(): string[] {
    const received = this.#received;
    this.#received = [];
    return received.map(show);
  }

  onTime(): void {}

  receive(datagram: Uint8Array, from: Endpoint): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok) throw new Error(`the client has sent nonsense: ${decoded.reason}`);
    const {type, sequence} = decoded.message;
    if (type === 'ack' && this.#lists.delete(sequence)) return;
    this.#received.push(decoded.message);
    if (!this.isAnswering || (type === 'message' && !this.isAnsweringTexts)) return;
    const send = this.network.sender(hubEndpoint);
    if (type === 'demandeDeListe') {
      this.#lists.add(sequence);
      send(wire.encode({type: 'liste', sequence, users: this.users}), from);
    } else if (answered.has(type)) {
      send(wire.encode({type: 'ack', sequence, parts: []}), from);
    }
  }
}

const answered: ReadonlySet<wire.MessageType> = new Set([
  'connexion',
  'deconnexion',
  'quitter',
  'message',
]);
