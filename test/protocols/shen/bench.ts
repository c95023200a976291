import type {Endpoint, Mode, UserStatus} from '../../../source/protocols/protocol.ts';
import {shen} from '../../../source/protocols/shen/index.ts';
import {invitationRequest, sentences} from '../../../source/protocols/shen/wire/text.ts';
import * as wire from '../../../source/protocols/shen/wire.ts';
import {DatagramBench} from '../datagrams/bench.ts';

/** The real hub, and clients that send it bytes. */
export class Bench extends DatagramBench<RawClient> {
  constructor(publicHost?: string) {
    super(shen, publicHost);
  }

  protected override create(nickname: string, endpoint: Endpoint): RawClient {
    return new RawClient(this, nickname, endpoint);
  }

  protected override register(client: RawClient): void {
    client.send('connexion', client.nickname);
  }

  /** All of them in one private room that the first has founded, and nothing left to read. */
  gather(mode: Mode, founder: RawClient, ...others: readonly RawClient[]): void {
    founder.invite(mode, ...others.map(({nickname}) => nickname));
    for (const other of others) other.answer('accepter');
    this.clear();
  }
}

/** Sends what it is told to, confirms what it gets unless it is silent, and remembers everything. */
export class RawClient {
  readonly nickname: string;
  readonly endpoint: Endpoint;
  /** Confirms nothing. */
  isSilent = false;
  /** Confirms no list: the original shows no confirmation of one. */
  confirmsLists = true;
  /** The number that the next message goes out under. */
  next = 0;
  readonly #bench: Bench;
  #received: wire.Message[] = [];
  /** Number of the newest invitation. */
  #invitation = 0;

  constructor(bench: Bench, nickname: string, endpoint: Endpoint) {
    this.#bench = bench;
    this.nickname = nickname;
    this.endpoint = endpoint;
  }

  /** @returns The number it went out under. */
  send(type: wire.TextType, ...parts: readonly string[]): number {
    return this.write({type, sequence: this.#take(), parts});
  }

  write(message: wire.Message): number {
    this.#bench.send(wire.encode(message), this.endpoint);
    return message.sequence;
  }

  say(state: UserStatus, ...parts: readonly string[]): number {
    const fields = {type: 'message', state, mode: 'centralised'} as const;
    return this.write({...fields, sequence: this.#take(), parts});
  }

  /** Asks the hub to invite them; it asks for the mode. */
  ask(...nicknames: readonly string[]): number {
    const parts = [invitationRequest(this.nickname, nicknames)];
    const fields = {type: 'invitation', state: 'public', mode: 'centralised'} as const;
    return this.write({...fields, sequence: this.#take(), parts});
  }

  choose(mode: Mode): number {
    const fields = {type: 'choisirLeMode', state: 'public', mode} as const;
    return this.write({...fields, sequence: this.#take(), parts: []});
  }

  invite(mode: Mode, ...nicknames: readonly string[]): void {
    this.ask(...nicknames);
    this.choose(mode);
  }

  /** Answers the newest invitation, or the one with that number. */
  answer(decision: 'accepter' | 'refuser', sequence = this.#invitation): void {
    this.write({type: decision, sequence, parts: []});
  }

  confirm(sequence: number): void {
    this.write({type: 'ack', sequence, parts: []});
  }

  /** What has come since the last time, each as a line (see {@link show}). */
  take(): string[] {
    const received = this.#received;
    this.#received = [];
    return received.map(show);
  }

  /** Asks the hub for a list, and reads it. */
  list(): string {
    const before = this.#received;
    this.#received = [];
    this.send('demandeDeListe');
    const list = this.#received.find(({type}) => type === 'liste');
    this.#received = before;
    return list === undefined ? 'no list' : show(list).replace(/^0x15 #\d+ ?/, '');
  }

  receive(datagram: Uint8Array): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok) throw new Error(`the hub has sent nonsense: ${decoded.reason}`);
    const {message} = decoded;
    const {type, sequence} = message;
    this.#received.push(message);
    if (type === 'invitation') this.#invitation = sequence;
    if (this.isSilent || (type === 'liste' && !this.confirmsLists)) return;
    // Under the number of our newest request it is the answer to that.
    const isAnswer = type === 'envoieInvalide' && sequence === (this.next + 1023) % 1024;
    if (confirmed.has(type) && !isAnswer) this.confirm(sequence);
  }

  #take(): number {
    const sequence = this.next;
    this.next = (this.next + 1) % 1024;
    return sequence;
  }
}

/** What a client confirms. */
const confirmed: ReadonlySet<wire.MessageType> = new Set([
  'refuser',
  'diffusion',
  'invitationValide',
  'compter',
  'fermer',
  'envoieInvalide',
  'invitation',
  'liste',
]);

/**
 * `0x08 #3`, `0x09 #0 hello|alice`, `0x13 #1 public centralised alice vous invite messagerie`,
 * `0x15 #4 bob public, carl room`; a sentence that is always the same is left out.
 */
export function show(message: wire.Message): string {
  const {type, sequence} = message;
  const words = [`0x${wire.types[type].toString(16).padStart(2, '0')}`, `#${sequence}`];
  if (message.type === 'liste') {
    words.push(message.users.map(({nick, status}) => `${nick} ${status}`).join(', '));
  } else {
    if ('state' in message) words.push(message.state, message.mode);
    const [first, ...others] = message.parts;
    const sentence = new Map<string, string>(Object.entries(sentences)).get(type);
    const isSentence = first !== undefined && first === sentence;
    words.push((isSentence ? others : message.parts).join('|'));
  }
  return words.filter(word => word !== '').join(' ');
}
