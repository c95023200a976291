import type {ListedUser, Mode} from '../../../source/protocols/protocol.ts';
import {shen} from '../../../source/protocols/shen/index.ts';
import * as wire from '../../../source/protocols/shen/wire.ts';
import type {Endpoint} from '../../../source/transport/endpoint.ts';
import {hubEndpoint} from '../../network/world.ts';
import {DatagramScriptedHub} from '../datagrams/scripted-hub.ts';
import {show} from './bench.ts';

/** Answers registrations, texts, leaving, and requests for the list. */
export class ScriptedHub extends DatagramScriptedHub<wire.Message> {
  /** The users in its lists. */
  users: readonly ListedUser[] = [{nick: 'bob', status: 'public'}];
  /** Whether it answers texts too. */
  isAnsweringTexts = true;
  /** Lists that are not confirmed yet. */
  readonly #lists = new Set<number>();

  constructor() {
    super(shen);
  }

  /** Her next number is 2. */
  static connected(): ScriptedHub {
    return new ScriptedHub().connect();
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
    this.say(type, this.received.at(-1)?.sequence ?? -1);
  }

  invite(sequence: number, from: string, mode: Mode = 'centralised'): void {
    const parts = [`${from} vous invite messagerie`];
    this.write({type: 'invitation', sequence, state: 'public', mode, parts});
  }

  write(message: wire.Message, from: Endpoint = hubEndpoint): void {
    this.sendBytes(wire.encode(message), from);
  }

  /** What the client has sent since the last time, each as a line; the requests for lists left out. */
  take(): string[] {
    return this.takeLines().filter(line => !line.startsWith('0x04'));
  }

  takeLines(): string[] {
    return this.takeAll().map(show);
  }

  protected override read(datagram: Uint8Array): wire.Message {
    const decoded = wire.decode(datagram);
    if (!decoded.ok) throw new Error(`the client has sent nonsense: ${decoded.reason}`);
    return decoded.message;
  }

  protected override respond({type, sequence}: wire.Message, from: Endpoint): void {
    // Most tests are not about the confirmation of lists.
    if (type === 'ack' && this.#lists.delete(sequence)) this.received.pop();
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
