import type {Endpoint} from '../../../source/protocols/protocol.ts';
import {res302} from '../../../source/protocols/res302/index.ts';
import * as wire from '../../../source/protocols/res302/wire.ts';
import {DatagramBench} from '../datagrams/bench.ts';

type Fields = Partial<Omit<wire.Message, 'type'>>;

/** The real hub, and clients that send it bytes. */
export class Bench extends DatagramBench<RawClient> {
  constructor(publicHost?: string) {
    super(res302, publicHost);
  }

  protected override create(nickname: string, endpoint: Endpoint): RawClient {
    return new RawClient(this, nickname, endpoint);
  }

  protected override register(client: RawClient): void {
    client.send('A');
  }

  /** All of them in one private room that the first has founded, and nothing left to read. */
  gather(mode: wire.Message['flag'], founder: RawClient, ...others: readonly RawClient[]): void {
    founder.invite(mode, ...others.map(({nickname}) => nickname));
    for (const other of others) other.answer('accept');
    this.clear();
  }
}

/** Sends what it is told to, confirms what it gets unless it is silent, and remembers everything. */
export class RawClient {
  readonly nickname: string;
  readonly endpoint: Endpoint;
  /** Confirms nothing. */
  isSilent = false;
  readonly #bench: Bench;
  #received: wire.Message[] = [];
  /** Number of the newest invitation. */
  #invitation = 0;
  #next = 0;

  constructor(bench: Bench, nickname: string, endpoint: Endpoint) {
    this.#bench = bench;
    this.nickname = nickname;
    this.endpoint = endpoint;
  }

  /** @returns The number it went out under: the next of its counter, unless one is given. */
  send(type: wire.MessageType, fields: Fields = {}): number {
    const sequence = fields.sequence ?? this.#next++ % 128;
    const message = wire.message(type, {nickname: this.nickname, ...fields, sequence});
    this.#bench.send(wire.encode(message), this.endpoint);
    return sequence;
  }

  say(text: string, type: 'C' | 'D' = 'C'): number {
    return this.send(type, {data: wire.encodeText(text)});
  }

  invite(flag: boolean, ...nicknames: readonly string[]): number {
    return this.send('F', {flag, data: wire.encodeNicknames(nicknames)});
  }

  /** Answers the newest invitation, or the one with that number. */
  answer(decision: 'accept' | 'refuse', sequence = this.#invitation): void {
    this.send('G', {ack: true, flag: decision === 'refuse', sequence});
  }

  /** What has come since the last time, each as a line (see {@link show}). */
  take(): string[] {
    return this.takeMessages().map(show);
  }

  takeMessages(): wire.Message[] {
    const received = this.#received;
    this.#received = [];
    return received;
  }

  /** Asks the hub for a list, and reads it. */
  list(scope: 'everyone' | 'room' = 'everyone'): string {
    const before = this.takeMessages();
    this.send('E', {flag: scope === 'room'});
    const list = this.takeMessages().find(({type}) => type === 'E');
    this.#received = before;
    return wire.decodeText(list?.data ?? new Uint8Array(0));
  }

  receive(datagram: Uint8Array): void {
    const decoded = wire.decode(datagram);
    if (!decoded.ok) throw new Error(`the hub has sent nonsense: ${decoded.reason}`);
    const {message} = decoded;
    const {type, sequence, flag, code, ack} = message;
    this.#received.push(message);
    if (type === 'F' && !ack) this.#invitation = sequence;
    if (!this.isSilent && (!ack || type === 'E'))
      this.send(type, {ack: true, sequence, flag, code});
  }
}

/** `C+ #3`: a confirmation, `B #0 error 0x04 ghost`, `F #1 flag alice`, `C #2 alice "hello"`. */
export function show({type, ack, sequence, flag, code, nickname, data}: wire.Message): string {
  return [
    `${type}${ack ? '+' : ''}`,
    `#${sequence}`,
    flag ? (type === 'B' ? 'error' : 'flag') : '',
    code === 0 ? '' : `0x${code.toString(16).padStart(2, '0')}`,
    nickname,
    data.length === 0 ? '' : `"${wire.decodeText(data)}"`,
  ]
    .filter(part => part !== '')
    .join(' ');
}
