/** What one public text costs a hub: encoded once, it should grow with its readers and no faster. */
import {test} from 'vitest';
import {Hub} from '../source/hub/hub.ts';
import {silentLog} from '../source/hub/silent-log.ts';
import {res302} from '../source/protocols/res302/index.ts';
import * as wire from '../source/protocols/res302/wire.ts';
import type {Endpoint} from '../source/transport/endpoint.ts';

/** A hub whose users confirm whatever they are sent, at once. */
class Crowd {
  readonly #hub: Hub;
  readonly #pending: {readonly datagram: Uint8Array; readonly to: Endpoint}[] = [];
  readonly #nicknames = new Map<number, string>();
  #sequence = 1;
  #now = 0;

  constructor(users: number) {
    this.#hub = new Hub({
      protocols: [res302],
      log: silentLog,
      send: (_protocol, datagram, to) => this.#pending.push({datagram, to}),
    });
    for (let port = 1; port <= users; port++) {
      this.#nicknames.set(port, `user${port}`);
      this.#receive(wire.message('A', {nickname: `user${port}`}), port);
    }
    this.#pending.length = 0;
  }

  say(text: string): void {
    this.#sequence = (this.#sequence + 1) % 128;
    this.#now += 100;
    const data = wire.encodeText(text);
    this.#receive(wire.message('C', {nickname: 'user1', sequence: this.#sequence, data}), 1);
    for (const {datagram, to} of this.#pending.splice(0)) {
      const decoded = wire.decode(datagram);
      if (!decoded.ok || decoded.message.ack) continue;
      const {type, sequence} = decoded.message;
      const nickname = this.#nicknames.get(to.port) ?? '';
      this.#receive(wire.message(type, {ack: true, sequence, nickname}), to.port);
    }
  }

  #receive(message: wire.Message, port: number): void {
    this.#hub.receive(res302, wire.encode(message), {host: '192.0.2.1', port}, this.#now);
  }
}

test('one public text, confirmed by all its readers', async ({bench}) => {
  const crowds = [10, 100, 1000].map(users => ({users, crowd: new Crowd(users)}));
  await bench.compare(
    ...crowds.map(({users, crowd}) => bench(`${users} users`, () => crowd.say('bonjour à tous'))),
  );
});
