import {messagerie} from '../../../source/protocols/messagerie/index.ts';
import {
  hubUserId,
  type Message,
  types,
  unregisteredUserId,
} from '../../../source/protocols/messagerie/wire/messages.ts';
import * as wire from '../../../source/protocols/messagerie/wire.ts';
import type {Endpoint, Mode} from '../../../source/protocols/protocol.ts';
import {BitWriter} from '../../../source/transport/bits.ts';
import {endpointKey} from '../../../source/transport/endpoint.ts';
import vectors from '../../conformance/vectors/messagerie.json' with {type: 'json'};
import {DatagramBench} from '../datagrams/bench.ts';

type Each<Type> = Type extends Message ? Omit<Type, 'userId' | 'sequence'> : never;

/** A message without its header, or with what is to stand there in place of what would. */
export type Unsent = Each<Message> & {readonly userId?: number; readonly sequence?: number};

/** Clients count from here, so that no number of theirs is one of the hub's, too. */
const firstNumber = 1000;

/** The published bytes of a message, in hex. */
export function vector(what: string): string {
  const found = vectors.find(candidate => candidate.what === what);
  if (found === undefined) throw new RangeError(`no vector "${what}"`);
  return found.hex;
}

/** The real hub, and clients that send it bytes. */
export class Bench extends DatagramBench<RawClient> {
  constructor(publicHost?: string) {
    super(messagerie, publicHost);
  }

  protected override create(nickname: string, endpoint: Endpoint): RawClient {
    return new RawClient(this, nickname, endpoint);
  }

  protected override register(client: RawClient): void {
    client.register();
  }

  /** All of them in a room called "den" that the first has created, and nothing left to read. */
  gather(mode: Mode, founder: RawClient, ...others: readonly RawClient[]): void {
    founder.create('den', mode);
    for (const other of others) other.enter('den');
    this.clear();
  }
}

/** Sends what it is told to, confirms what it gets unless it is silent, and remembers everything. */
export class RawClient {
  readonly nickname: string;
  readonly endpoint: Endpoint;
  /** Confirms nothing. */
  isSilent = false;
  /** The user id that the hub has given it. */
  id = unregisteredUserId;
  readonly #bench: Bench;
  #received: Uint8Array[] = [];
  /** Numbers of its requests: a message with one of them is an answer. */
  readonly #asked = new Set<number>();
  /** Of the newest invitation. */
  #invitation = 0;
  #next = firstNumber;

  constructor(bench: Bench, nickname: string, endpoint: Endpoint) {
    this.#bench = bench;
    this.nickname = nickname;
    this.endpoint = endpoint;
  }

  /** @returns The number it went out under: the next of its counter, unless one is given. */
  send({userId = this.id, sequence = this.#next++, ...message}: Unsent): number {
    this.#asked.add(sequence);
    this.#bench.send(wire.encode({...message, userId, sequence} as Message), this.endpoint);
    return sequence;
  }

  /** Any bytes, as published or as nobody should write them. */
  sendBytes(bytes: string | Uint8Array): void {
    const datagram = typeof bytes === 'string' ? Buffer.from(bytes, 'hex') : bytes;
    this.#bench.send(Uint8Array.from(datagram), this.endpoint);
  }

  /** A message with that header, and data that no encoder of ours would write. */
  sendRaw(
    type: number,
    write: (writer: BitWriter) => void = () => {},
    userId = this.id,
    sequence = this.#next++,
  ): number {
    const writer = new BitWriter().unsigned(5, type).unsigned(8, userId).unsigned(16, sequence);
    write(writer);
    this.sendBytes(writer.finish());
    return sequence;
  }

  register(sequence?: number): number {
    const header = {userId: unregisteredUserId, ...(sequence === undefined ? {} : {sequence})};
    return this.send({type: 'connexion', name: this.nickname, ...header});
  }

  keepAlive(): number {
    return this.send({type: 'connexion', name: undefined});
  }

  say(text: string): number {
    return this.send({type: 'texte', text});
  }

  create(room: string, mode: Mode = 'centralised', most = 254): number {
    return this.send({type: 'creerMessageriePrivee', mode, room, most});
  }

  enter(room: string): number {
    return this.send({type: 'demandeAcces', room});
  }

  change(room: string): number {
    return this.send({type: 'changerMessagerie', room});
  }

  invite(name: string): number {
    return this.send({type: 'inviter', name});
  }

  leave(): number {
    return this.send({type: 'quitter'});
  }

  disconnect(): number {
    return this.send({type: 'deconnexion'});
  }

  /** Answers the newest invitation, or the one with that number. */
  answer(decision: 'accept' | 'refuse', sequence = this.#invitation): void {
    this.send({type: 'reponseMessageriePrivee', accepted: decision === 'accept', sequence});
  }

  /** What has come since the last time, each as a line (see {@link show}). */
  take(): string[] {
    return this.#takeDatagrams().map(datagram => show(decoded(datagram)));
  }

  /** The same in hex. */
  takeBytes(): string[] {
    return this.#takeDatagrams().map(datagram => Buffer.from(datagram).toString('hex'));
  }

  /** Asks the hub who is there, or in that room. */
  list(room = ''): readonly string[] {
    const answer = this.#ask({type: 'demanderListeClient', room});
    return answer?.type === 'reponseDemanderListeClient' ? answer.names : [];
  }

  /** Asks the hub for the rooms, each as `name mode members`. */
  rooms(): readonly string[] {
    const answer = this.#ask({type: 'demanderListeMessagerie'});
    if (answer?.type !== 'reponseDemanderListeMessagerie') return [];
    return answer.rooms.map(({room, mode, members}) => `${room} ${mode} ${members}`);
  }

  receive(datagram: Uint8Array): void {
    const message = decoded(datagram);
    const {type, sequence} = message;
    this.#received.push(datagram);
    if (type === 'reponseConnexion' && 'id' in message && message.status === 'registered') {
      this.id = message.id;
    }
    if (type === 'demandeMessageriePrivee') this.#invitation = sequence;
    if (this.isSilent) return;
    const confirmation = this.#confirmation(message);
    if (confirmation === undefined) return;
    const header = {userId: this.id, sequence};
    this.#bench.send(wire.encode({...confirmation, ...header} as Message), this.endpoint);
  }

  /** Undefined for an answer. */
  #confirmation({type, sequence}: Message): Unsent | undefined {
    if (type === 'texte') return {type: 'reponseTexte'};
    if (type === 'demandeMessageriePrivee') return {type: 'reponseInviter'};
    if (this.#asked.has(sequence)) return undefined;
    if (type === 'reponseQuitter') return {type, done: true};
    if (type !== 'reponseAcces') return undefined;
    return {type, mode: 'decentralised', status: 'entered', peers: []};
  }

  /** The answer to a request, and whatever came before it left to be read. */
  #ask(request: Unsent): Message | undefined {
    const before = this.#takeDatagrams();
    const asked = this.send(request);
    const messages = this.#takeDatagrams().map(decoded);
    this.#received = before;
    return messages.find(({sequence}) => sequence === asked);
  }

  #takeDatagrams(): Uint8Array[] {
    const received = this.#received;
    this.#received = [];
    return received;
  }
}

function decoded(datagram: Uint8Array): Message {
  const read = wire.decode(datagram);
  if (!read.ok) throw new Error(`the hub has sent nonsense: ${read.reason}`);
  if (read.message.type === 'unknown')
    throw new Error(`the hub has sent type ${read.message.code}`);
  return read.message;
}

/**
 * Type, number, user id unless it is the hub's, and the rest: `16 #3`, `15 #0 by 1 "alice#hello"`,
 * `8 #4 decentralised entered alice@192.0.2.7:40123`, `20 #9 true`.
 */
export function show(message: Message): string {
  const {type, userId, sequence, ...fields} = message;
  return [
    types[type],
    `#${sequence}`,
    ...(userId === hubUserId ? [] : [`by ${userId}`]),
    ...Object.entries(fields).flatMap(([name, value]) =>
      name === 'text' ? JSON.stringify(value) : words(value),
    ),
  ].join(' ');
}

function words(value: unknown): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap(words);
  if (typeof value !== 'object') return [`${value}`];
  if (value !== null && 'endpoint' in value && 'name' in value) {
    return [`${value.name}@${endpointKey(value.endpoint as Endpoint)}`];
  }
  return Object.values(value ?? {}).flatMap(words);
}
