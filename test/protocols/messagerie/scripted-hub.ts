import {messagerie} from '../../../source/protocols/messagerie/index.ts';
import {
  hubUserId,
  type ListedRoom,
  type Message,
  type MessageType,
  type Peer,
} from '../../../source/protocols/messagerie/wire/messages.ts';
import * as wire from '../../../source/protocols/messagerie/wire.ts';
import type {Mode} from '../../../source/protocols/protocol.ts';
import type {Endpoint} from '../../../source/transport/endpoint.ts';
import {hubEndpoint} from '../../network/world.ts';
import {DatagramScriptedHub} from '../datagrams/scripted-hub.ts';
import type {Unsent} from './bench.ts';

/** Gives each request the simplest answer there is, unless the test has another one or none. */
export class ScriptedHub extends DatagramScriptedHub<Message> {
  everyone: readonly string[] = ['alice', 'bob'];
  /** The members of every room, for who asks. */
  members: readonly string[] = ['alice', 'bob'];
  rooms: readonly ListedRoom[] = [];
  /** Mode and other members of every room that is entered. */
  mode: Mode = 'centralised';
  peers: readonly Peer[] = [];
  /** In place of the simplest answer; undefined for none. */
  readonly answers = new Map<MessageType, (request: Message) => Unsent | undefined>();

  constructor() {
    super(messagerie);
  }

  static connected(): ScriptedHub {
    return new ScriptedHub().connect();
  }

  /** With alice in a room called "den", with those of {@link members} or at those addresses. */
  static inRoom(mode: Mode, peers: readonly Peer[] = []): ScriptedHub {
    const hub = ScriptedHub.connected();
    hub.mode = mode;
    hub.peers = peers;
    if (mode === 'decentralised') hub.members = ['alice', ...peers.map(({name}) => name)];
    hub.alice.joinRoom('den');
    hub.run(1500);
    hub.take();
    return hub;
  }

  /** Says that from the hub's address or another one, and lets it arrive. */
  send(message: Unsent, from: Endpoint = hubEndpoint): void {
    this.sendBytes(encode(message), from);
  }

  /** A text that the hub relays. */
  text(sequence: number, author: string, text: string): void {
    this.send({type: 'texte', userId: 2, sequence, text: `${author}#${text}`});
  }

  /** What the hub says of somebody, in its order among the texts. */
  notice(sequence: number, text: string): void {
    this.send({type: 'texte', sequence, text: `#${text}`});
  }

  invite(sequence: number, inviter: string, mode: Mode = 'centralised', room = 'lair'): void {
    this.send({type: 'demandeMessageriePrivee', sequence, inviter, mode, room});
  }

  roster(sequence: number, ...peers: readonly Peer[]): void {
    this.send({type: 'reponseAcces', sequence, mode: 'decentralised', status: 'entered', peers});
  }

  closing(sequence: number): void {
    this.send({type: 'reponseQuitter', sequence, done: true});
  }

  /** What the client has sent since the last time, the requests for names left out. */
  take(): Message[] {
    return this.takeAll().filter(({type}) => type !== 'demanderListeClient');
  }

  protected override read(datagram: Uint8Array): Message {
    const decoded = wire.decode(datagram);
    if (!decoded.ok) throw new Error(`the client has sent nonsense: ${decoded.reason}`);
    const {message} = decoded;
    if (message.type === 'unknown') throw new Error(`the client has sent type ${message.code}`);
    return message;
  }

  protected override respond(message: Message, from: Endpoint): void {
    if (!this.isAnswering) return;
    const answer = this.answers.has(message.type)
      ? this.answers.get(message.type)?.(message)
      : this.#simplest(message);
    if (answer === undefined) return;
    this.network.sender(hubEndpoint)(encode({sequence: message.sequence, ...answer}), from);
  }

  /** Undefined for what is an answer itself. */
  #simplest(message: Message): Unsent | undefined {
    const {mode} = this;
    const peers = mode === 'decentralised' ? this.peers : [];
    switch (message.type) {
      case 'connexion':
        return message.name === undefined
          ? {type: 'reponseConnexion', status: 'connected'}
          : {type: 'reponseConnexion', status: 'registered', id: 1};
      case 'creerMessageriePrivee':
        return {type: 'reponseCreer', status: 'created', id: 1};
      case 'demanderListeMessagerie':
        return {type: 'reponseDemanderListeMessagerie', rooms: this.rooms};
      case 'demandeAcces':
        return {type: 'reponseAcces', mode, status: 'entered', peers};
      case 'changerMessagerie':
        return {type: 'reponseChanger', mode, status: 'entered', peers};
      case 'demanderListeClient': {
        const names = message.room === '' ? this.everyone : this.members;
        return {type: 'reponseDemanderListeClient', names};
      }
      case 'inviter':
        return {type: 'reponseInviter'};
      case 'reponseMessageriePrivee':
        return message.accepted
          ? {type: 'reponseAcces', mode, status: 'entered', peers}
          : {type: 'reponseInviter'};
      case 'texte':
        return {type: 'reponseTexte'};
      case 'quitter':
        return {type: 'reponseQuitter', done: true};
      case 'deconnexion':
        return {type: 'reponseDeconnexion', done: true};
      default:
        return undefined;
    }
  }
}

function encode({userId = hubUserId, sequence = 0, ...message}: Unsent): Uint8Array {
  return wire.encode({...message, userId, sequence} as Message);
}
