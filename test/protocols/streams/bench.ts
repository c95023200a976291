import {Hub} from '../../../source/hub/hub.ts';
import {silentLog} from '../../../source/hub/silent-log.ts';
import type {DropReason, StreamProtocol} from '../../../source/protocols/protocol.ts';
import {Random} from '../../network/random.ts';
import {SimulatedNetwork} from '../../network/simulated-network.ts';
import {
  goodStreams,
  SimulatedStreams,
  type StreamConditions,
} from '../../network/simulated-streams.ts';
import {hubEndpoint} from '../../network/world.ts';

/** The real hub in virtual time, and clients that send it bytes. */
export abstract class StreamBench<RawClient extends {take(): unknown}> {
  readonly network: SimulatedNetwork;
  readonly streams: SimulatedStreams;
  readonly hub: Hub;
  /** What the log has heard. */
  readonly story: string[] = [];
  #people = 0;

  constructor(protocol: StreamProtocol, conditions: StreamConditions = goodStreams, seed = 1) {
    const random = new Random(seed);
    this.network = new SimulatedNetwork(random);
    this.streams = new SimulatedStreams(this.network, random, conditions);
    this.hub = new Hub({
      protocols: [protocol],
      log: () => ({
        ...silentLog(),
        connected: nickname => this.story.push(`${nickname} connected`),
        refused: (nickname, _from, reason) => this.story.push(`${nickname} refused: ${reason}`),
        left: (nickname, _from, reason) => this.story.push(`${nickname} left: ${reason}`),
      }),
      send() {},
    });
    const {hub} = this;
    this.streams.listen(hubEndpoint, (connection, now) => hub.accept(protocol, connection, now));
    this.network.attach(hubEndpoint, {
      get dueAt() {
        return hub.dueAt;
      },
      receive() {},
      onTime: now => hub.onTime(now),
    });
  }

  /** Opens a connection from that host. */
  protected abstract create(host: string): RawClient;

  /** Says the nickname. */
  protected abstract register(client: RawClient, nickname: string): void;

  /** A client that has connected, and said nothing yet. */
  visit(host = `198.51.100.${++this.#people}`): RawClient {
    const client = this.create(host);
    this.run(0);
    return client;
  }

  /** Clients of those users, registered, with nothing left to read. */
  connect(...nicknames: readonly string[]): RawClient[] {
    const clients = nicknames.map(nickname => {
      const client = this.visit();
      this.register(client, nickname);
      return client;
    });
    for (const client of clients) client.take();
    return clients;
  }

  run(durationMs: number): void {
    this.network.run(durationMs);
  }

  dropped(reason: DropReason): number {
    return this.hub.drops.get(reason) ?? 0;
  }
}
