/**
 * The cost of one public text for a hub. It is encoded once for each protocol, so that the cost should grow linearly with
 * the readers, and readers of five protocols should cost no more than the same number of one.
 */
import {test} from 'vitest';
import {Hub} from '../source/hub/hub.ts';
import {silentLog} from '../source/hub/silent-log.ts';
import {cosp} from '../source/protocols/cosp/index.ts';
import {encodeNickname} from '../source/protocols/cosp/wire.ts';
import {protocols} from '../source/protocols/index.ts';
import {messagerie} from '../source/protocols/messagerie/index.ts';
import * as messagerieWire from '../source/protocols/messagerie/wire.ts';
import type {Connection, DatagramProtocol, Protocol} from '../source/protocols/protocol.ts';
import {res302} from '../source/protocols/res302/index.ts';
import * as res302Wire from '../source/protocols/res302/wire.ts';
import {shen} from '../source/protocols/shen/index.ts';
import * as shenWire from '../source/protocols/shen/wire.ts';
import {whoiam} from '../source/protocols/whoiam/index.ts';
import {type Endpoint, endpointKey} from '../source/transport/endpoint.ts';

/** A user who reads datagrams. */
type Reader = {
  readonly hello: Uint8Array;
  /** The confirmation of that datagram, if it needs one. */
  answer(datagram: Uint8Array): Uint8Array | undefined;
};

const readers: Readonly<Record<string, (nickname: string) => Reader>> = {
  [res302.name]: nickname => ({
    hello: res302Wire.encode(res302Wire.message('A', {nickname})),
    answer(datagram) {
      const decoded = res302Wire.decode(datagram);
      if (!decoded.ok || decoded.message.ack) return undefined;
      const {type, sequence} = decoded.message;
      return res302Wire.encode(res302Wire.message(type, {ack: true, sequence, nickname}));
    },
  }),
  [messagerie.name](name) {
    let userId = 0;
    return {
      hello: messagerieWire.encode({type: 'connexion', userId, sequence: 0, name}),
      answer(datagram) {
        const decoded = messagerieWire.decode(datagram);
        if (!decoded.ok) return undefined;
        const {message} = decoded;
        if (message.type === 'reponseConnexion' && 'id' in message) userId = message.id;
        if (message.type !== 'texte') return undefined;
        return messagerieWire.encode({type: 'reponseTexte', userId, sequence: message.sequence});
      },
    };
  },
  [shen.name]: nickname => ({
    hello: shenWire.encode({type: 'connexion', sequence: 0, parts: [nickname]}),
    answer(datagram) {
      const decoded = shenWire.decode(datagram);
      if (!decoded.ok || decoded.message.type === 'ack') return undefined;
      return shenWire.encode({type: 'ack', sequence: decoded.message.sequence, parts: []});
    },
  }),
};

/** The first bytes on a connection. */
const greetings: Readonly<Record<string, (nickname: string) => Uint8Array>> = {
  [whoiam.name]: nickname => Buffer.from(`IAM ${nickname}\n`),
  [cosp.name]: encodeNickname,
};

/** A hub whose users confirm every message at once. */
class Crowd {
  readonly #hub: Hub;
  readonly #pending: {readonly datagram: Uint8Array; readonly to: Endpoint}[] = [];
  readonly #readers = new Map<
    string,
    {readonly protocol: DatagramProtocol; readonly one: Reader}
  >();
  readonly #write: (bytes: Uint8Array) => void;
  #now = 0;

  /** @param spoken Protocols of its users, in turn. */
  constructor(users: number, ...spoken: readonly Protocol[]) {
    this.#hub = new Hub({
      protocols,
      log: silentLog,
      send: (_protocol, datagram, to) => this.#pending.push({datagram, to}),
    });
    for (let port = 1; port <= users; port++) {
      const protocol = spoken[port % spoken.length];
      if (protocol !== undefined) this.#join(protocol, `user${port}`, port);
    }
    this.#write = this.#join(whoiam, 'author', users + 1);
  }

  say(text: string): void {
    this.#now += 100;
    this.#write(Buffer.from(`MSG ${text}\n`));
    this.#confirm();
  }

  /** @returns A function that writes on their connection. */
  #join(protocol: Protocol, nickname: string, port: number): (bytes: Uint8Array) => void {
    const endpoint = {host: '192.0.2.1', port};
    if (protocol.transport === 'tcp') {
      const listener = this.#hub.accept(protocol, sink(endpoint), this.#now);
      const write = (bytes: Uint8Array) => listener.received(bytes, this.#now);
      write(greetings[protocol.name]?.(nickname) ?? new Uint8Array(0));
      return write;
    }
    const one = readers[protocol.name]?.(nickname);
    if (one === undefined) throw new Error(`nobody reads ${protocol.name}`);
    this.#readers.set(endpointKey(endpoint), {protocol, one});
    this.#hub.receive(protocol, one.hello, endpoint, this.#now);
    this.#confirm();
    return () => {};
  }

  #confirm(): void {
    for (const {datagram, to} of this.#pending.splice(0)) {
      const reader = this.#readers.get(endpointKey(to));
      const answer = reader?.one.answer(datagram);
      if (reader !== undefined && answer !== undefined) {
        this.#hub.receive(reader.protocol, answer, to, this.#now);
      }
    }
  }
}

/** A connection whose other side reads everything at once. */
function sink(remote: Endpoint): Connection {
  return {remote, waiting: 0, write() {}, end() {}, destroy() {}, pause() {}, resume() {}};
}

test('one public text, confirmed by all its readers', async ({bench}) => {
  const crowds = [10, 100, 1000].map(users => ({users, crowd: new Crowd(users, res302)}));
  await bench.compare(
    ...crowds.map(({users, crowd}) => bench(`${users} users`, () => crowd.say('bonjour à tous'))),
  );
});

test('one public text for 250 readers of one protocol, or of all', async ({bench}) => {
  const crowds = [
    ...protocols.map(protocol => ({name: protocol.name, crowd: new Crowd(250, protocol)})),
    {name: 'all five', crowd: new Crowd(250, ...protocols)},
  ];
  await bench.compare(
    ...crowds.map(({name, crowd}) => bench(name, () => crowd.say('bonjour à tous'))),
  );
});
