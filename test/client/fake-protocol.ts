import type {
  ClientEvent,
  DatagramClientEnd,
  DatagramClientHost,
  DatagramProtocol,
  Feature,
  Request,
} from '../../source/protocols/protocol.ts';

/** A client end with the test as its hub: it is let in at once, records requests, and emits the events it is given. */
export class FakeEnd implements DatagramClientEnd {
  readonly requests: Request[] = [];
  readonly statistics = {sent: 0, received: 0, retransmissions: 0, roundTripMs: undefined};
  readonly dueAt = Number.POSITIVE_INFINITY;
  readonly #host: DatagramClientHost;
  readonly #isReached: () => boolean;

  constructor(host: DatagramClientHost, isReached: () => boolean) {
    this.#host = host;
    this.#isReached = isReached;
  }

  tell(...events: readonly ClientEvent[]): void {
    for (const event of events) this.#host.emit(event);
  }

  connect(): void {
    this.tell(this.#isReached() ? {type: 'connected'} : {type: 'refused', reason: 'unreachable'});
  }

  request(request: Request): void {
    this.requests.push(request);
  }

  disconnect(): void {
    this.tell({type: 'disconnected'});
  }

  receive(): void {}

  onTime(): void {}
}

/** A protocol with named rooms and direct messages, or with those features alone that are given. */
export class FakeProtocol implements DatagramProtocol {
  readonly transport = 'udp';
  readonly defaultPort = 30_299;
  readonly maximumUsers = 100;
  readonly maximumRoomMembers = 100;
  readonly maximumRooms = 100;
  readonly changesRooms = true;
  readonly hasLinks = false;
  readonly maximumTextBytes = 100;
  carriesLineFeeds = true;
  readonly nicknameRule = '1 to 10 letters';
  explain = () => [];
  readonly namedRooms = {
    nameRule: '1 to 20 characters without #',
    isName: (text: string) => /^[^#]{1,20}$/.test(text),
    maximumMembers: 254,
  };
  readonly inquiry = {question: new Uint8Array(0), read: () => undefined};
  readonly features: ReadonlySet<Feature>;
  readonly name: string;
  /** Otherwise nobody answers. */
  isReached = true;
  /** One for each connection, the newest last. */
  readonly ends: FakeEnd[] = [];

  constructor(
    name = 'fake',
    features: readonly Feature[] = ['invitations', 'named-rooms', 'direct-messages'],
  ) {
    this.name = name;
    this.features = new Set(features);
  }

  /** That of the newest connection. */
  get end(): FakeEnd {
    const end = this.ends.at(-1);
    if (end === undefined) throw new Error('nobody has connected');
    return end;
  }

  isNickname(text: string): boolean {
    return /^[a-zA-Z]{1,10}$/.test(text);
  }

  createClientEnd(host: DatagramClientHost): DatagramClientEnd {
    const end = new FakeEnd(host, () => this.isReached);
    this.ends.push(end);
    return end;
  }

  createHubEnd(): never {
    throw new Error('the hub is the test');
  }
}
