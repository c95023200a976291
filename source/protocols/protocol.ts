/**
 * What a protocol is to the rest of the program: a folder that can be one end of a hub and one
 * end of a client, in words that no protocol owns.
 */
import type {Command, Dialect, Outcome} from '../chat/chat.ts';
import type {ChatEvent} from '../chat/events.ts';
import type {RegistrationRefusal} from '../chat/refusals.ts';
import type {ChatView} from '../chat/view.ts';
import type {Mode, UserId} from '../chat/words.ts';
import type {Connection} from '../transport/connection.ts';
import type {Endpoint} from '../transport/endpoint.ts';
import type {OutgoingListener, TimedListener} from '../transport/timed-listener.ts';
import type {TimedMachine} from '../transport/timer.ts';

export type {Connection, Endpoint, Mode, OutgoingListener, RegistrationRefusal, TimedListener};

/** What users of a protocol can do beyond talking in public and asking who is there. */
export type Feature =
  | 'invitations'
  | 'centralised-rooms'
  | 'decentralised-rooms'
  | 'named-rooms'
  | 'direct-messages'
  | 'links'
  | 'presence';

export type Protocol = DatagramProtocol | StreamProtocol;

type ProtocolTraits = Dialect & {
  readonly defaultPort: number;
  readonly features: ReadonlySet<Feature>;
  /** In UTF-8 bytes. */
  readonly maximumTextBytes: number;
  /** False: a text is one line, and the wire has spaces where it had line breaks. The client sends each line as a message. */
  readonly carriesLineFeeds: boolean;
  /** What a nickname may be, as the end of a sentence: "1 to 10 ASCII letters or digits". */
  readonly nicknameRule: string;
  /** Of protocols with the feature `named-rooms`. */
  readonly namedRooms?: NamedRooms;
};

export type DatagramProtocol = ProtocolTraits & {
  readonly transport: 'udp';
  createHubEnd(host: DatagramHubHost): DatagramHubEnd;
  createClientEnd(host: DatagramClientHost): DatagramClientEnd;
};

export type StreamProtocol = ProtocolTraits & {
  readonly transport: 'tcp';
  createHubEnd(host: HubHost): StreamHubEnd;
  createClientEnd(host: StreamClientHost): ClientEnd;
};

export type NamedRooms = {
  /** What a room's name may be, as the end of a sentence: "1 to 50 bytes without #". */
  readonly nameRule: string;
  isName(text: string): boolean;
  /** The largest limit that a room can be given. */
  readonly maximumMembers: number;
};

/** A state machine that is told of datagrams and of the time; others own its socket and timer. */
export type DatagramMachine = TimedMachine & {
  receive(datagram: Uint8Array, from: Endpoint, now: number): void;
};

/** One protocol's side of the hub: turns its wire into commands, and events into its wire. */
export type HubEnd = TimedMachine & {
  /** Tells those of `to`, users of this end alone, what has happened, in nicknames and texts that can be written here. */
  deliver(event: ChatEvent, to: readonly UserId[], now: number): void;
  /**
   * Somebody wants the name of that user, who may have gone without a word: finds out now, not in a minute.
   *
   * @param from Where the other asks from: the same host, where it is the user themselves who comes back.
   */
  suspect?(user: UserId, from: Endpoint, now: number): void;
  /** Ends the session of that user: they have left the chat for that reason, and hear it if the protocol has a word for it. */
  expel(user: UserId, reason: DepartureReason, now: number): void;
  /** Tells everybody, in the protocol's own way, that the hub ends. */
  close(now: number): void;
  /** True while something is still to be confirmed, or to be taken by the network. */
  readonly isBusy: boolean;
  /** True while a reader has so much still to confirm that no more should be said. */
  readonly isBehind?: boolean;
};

export type DatagramHubEnd = HubEnd &
  DatagramMachine & {
    /** The user who has registered from there. */
    userAt(from: Endpoint): UserId | undefined;
  };

export type StreamHubEnd = HubEnd & {
  /** Somebody has connected. @returns What listens to that connection. */
  accept(connection: Connection, now: number): HubListener;
};

export type HubListener = TimedListener & {
  /** Ends this connection and the session that it belongs to, if there is one. */
  expel(reason: DepartureReason, now: number): void;
};

/** Told of what became of a command. @param now When that was decided, which may be later than it was proposed. */
export type OnOutcome = (outcome: Outcome, now: number) => void;

/** What the hub lends to a hub end. */
export type HubHost = {
  /** As the users of this protocol know it: every nickname is one that can be written in it. */
  readonly chat: ChatView;
  /**
   * Asks for a place in the chat under that nickname. The outcome has the user, or a {@link RegistrationRefusal}.
   *
   * @param from Where the request came from.
   */
  register(nickname: string, from: Endpoint, onOutcome: OnOutcome): void;
  /**
   * Proposes a command of a user of this end; nothing else changes the chat. A hub of its own carries it out at once and
   * calls `onOutcome` before this returns; where several hubs share a chat the outcome comes later. So an end may not
   * assume that it has come. The events are delivered after the end has returned to the hub.
   */
  propose(command: Command, onOutcome?: OnOutcome): void;
  /**
   * What is done for that user has thrown: a bug of ours. The hub logs it and expels them; nobody else notices. An end
   * says so for each reader of what many are told; what else it throws the hub catches itself.
   */
  fault(user: UserId, error: unknown): void;
  /** What users on the hub's own machine are told to others as, instead of a loopback address. */
  readonly publicHost: string | undefined;
  /** Something from the network that was not served, for the counters. */
  drop(reason: DropReason): void;
  /** Readers somewhere are so far behind that whoever can be made to wait should. */
  isCongested(): boolean;
  readonly log: HubLog;
};

export type DatagramHubHost = HubHost & {
  /** @param to As it was received: the answer leaves through the listener that has heard the question. */
  send(datagram: Uint8Array, to: Endpoint): void;
};

export type DropReason =
  | 'malformed'
  | 'unregistered'
  | 'impostor'
  | 'too-long'
  | 'unexpected'
  /** A bug of ours, at what somebody sent: see {@link HubHost.fault}. */
  | 'internal-error';

export type DepartureReason =
  | 'disconnected'
  | 'silent'
  | 'too-slow'
  | 'protocol-error'
  /** By the operator. */
  | 'expelled'
  | 'internal-error';

/** The story of the sessions of one protocol, without a word of what was written. */
export type HubLog = {
  /** @param aliases What users of other protocols call them, by protocol, where it is something else. */
  connected(nickname: string, from: Endpoint, aliases?: ReadonlyMap<string, string>): void;
  refused(nickname: string, from: Endpoint, reason: RegistrationRefusal): void;
  left(nickname: string, from: Endpoint, reason: DepartureReason): void;
  /** A bug of ours has cost somebody their session. @param nickname Undefined if they had not registered. */
  fault(nickname: string | undefined, error: unknown): void;
  /** A list was longer than a message of the protocol: of so many, so many were told. */
  cut(nickname: string, list: 'users' | 'members', told: number, of: number): void;
};

/** How the hub end describes its users to the chat. */
export type {Dialect};

/** One protocol's side of the client. */
export type ClientEnd = TimedMachine & {
  readonly statistics: Statistics;
  /** Registers, or registers again after {@link ClientEvent} `lost`. */
  connect(now: number): void;
  request(request: Request, now: number): void;
  /** Says goodbye; `disconnected` follows when the hub has confirmed or stays silent. */
  disconnect(now: number): void;
};

export type DatagramClientEnd = ClientEnd & DatagramMachine;

export type ClientHost = {
  readonly nickname: string;
  emit(event: ClientEvent): void;
};

export type DatagramClientHost = ClientHost & {
  /** Where the hub is, from the first {@link ClientEnd.connect} on. At the next one it may be elsewhere. */
  hub(): Endpoint;
  send(datagram: Uint8Array, to: Endpoint): void;
};

export type StreamClientHost = ClientHost & {
  /** Connects to the hub. @param localPort To connect from; any by default. */
  open(listener: OutgoingListener, localPort?: number): Connection;
  /** Finds a port to connect from later, and keeps it. Undefined: the system gives none. */
  reserve(onReserved: (reservation: Reservation | undefined, now: number) => void): void;
  /** Who gets the bytes of a private connection with that user. Undefined: they are texts. */
  takeLink(nick: string, connection: Connection): TimedListener | undefined;
};

/** A port that nobody else can take. */
export type Reservation = {
  readonly port: number;
  /** Lets it go; it can be connected from when `onFree` is called. */
  release(onFree: (now: number) => void): void;
};

export type Statistics = {
  /** Messages, first transmissions only. */
  readonly sent: number;
  readonly received: number;
  readonly retransmissions: number;
  /** Of the newest message that was confirmed without being sent again. */
  readonly roundTripMs: number | undefined;
};

/** Where a text is said. */
export type Conversation = 'public' | 'room';

export type Request =
  | {
      readonly type: 'say';
      readonly id: number;
      readonly scope: Conversation;
      readonly text: string;
      /** In a decentralised room: those members alone, because the others have confirmed already. */
      readonly only?: readonly string[];
    }
  /** To that user alone: through the hub, or over the private connection there is. */
  | {
      readonly type: 'tell';
      readonly id: number;
      readonly scope: 'direct' | 'link';
      readonly to: string;
      readonly text: string;
    }
  /** Asks for a private connection; {@link Request} `answer` answers one. */
  | {readonly type: 'link'; readonly to: string}
  /** Closes the private connection with that user, or withdraws what was asked. */
  | {readonly type: 'unlink'; readonly from: string}
  | {readonly type: 'list'}
  | {readonly type: 'rooms'}
  | {
      readonly type: 'create-room';
      readonly name: string;
      readonly mode: Mode;
      readonly maximumMembers: number;
    }
  | {readonly type: 'join-room'; readonly name: string}
  | {readonly type: 'invite'; readonly nicknames: readonly string[]; readonly mode: Mode}
  | {readonly type: 'answer'; readonly from: string; readonly accepted: boolean}
  | {readonly type: 'leave'};

export type UserStatus = 'public' | 'room';
export type ListedUser = {readonly nick: string; readonly status: UserStatus};
/** A user in the list of a protocol that may not say who is in a room. */
export type PresentUser = {readonly nick: string; readonly status?: UserStatus};
/** A named room: whoever knows the name may enter. */
export type ListedRoom = {readonly name: string; readonly mode: Mode; readonly members: number};

/** Why a text was not delivered. */
export type FailureReason =
  | 'hub-silent'
  | 'peers-silent'
  | 'not-connected'
  | 'left-room'
  | 'entered-room'
  /** Of a direct message: nobody has that name. */
  | 'no-such-user'
  /** Of a direct message: its reader is in a private room, and cannot be reached from outside. */
  | 'recipient-in-room'
  /** Of a direct message: its author is in a private room, and its reader is not in that one. */
  | 'recipient-outside'
  | 'refused-by-hub'
  /** The private connection that it was for is no more. */
  | 'link-closed';

/** What a client end tells the engine. */
export type ClientEvent =
  | {readonly type: 'connected'}
  | {readonly type: 'refused'; readonly reason: RegistrationRefusal | 'unreachable'}
  /** The hub has stopped answering. A decentralised room goes on without it. */
  | {readonly type: 'lost'}
  | {readonly type: 'disconnected'}
  | {
      readonly type: 'message';
      readonly scope: 'public' | 'room' | 'direct' | 'link';
      readonly from: string;
      readonly text: string;
    }
  | {readonly type: 'retransmitted'; readonly id: number}
  /** Some of a decentralised room's members have confirmed. */
  | {
      readonly type: 'progress';
      readonly id: number;
      readonly confirmed: number;
      readonly of: number;
    }
  | {readonly type: 'delivered'; readonly id: number}
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly reason: FailureReason;
      /** Nicknames of the peers that did not confirm. */
      readonly pending: readonly string[];
    }
  /** Everybody: the first list, one that was asked for, and all that a protocol of lists alone can tell. */
  | {readonly type: 'users'; readonly users: readonly PresentUser[]}
  /** One more than on the list. */
  | {readonly type: 'arrived'; readonly nick: string; readonly status?: UserStatus}
  /** One less than on the list. */
  | {readonly type: 'departed'; readonly nick: string}
  | {readonly type: 'rooms'; readonly rooms: readonly ListedRoom[]}
  | {
      readonly type: 'invitation';
      readonly from: string;
      readonly mode: Mode | 'link';
      readonly room?: string;
    }
  | {
      readonly type: 'invitation-ended';
      readonly from: string;
      readonly reason: 'accepted' | 'declined' | 'expired';
    }
  | {readonly type: 'invitation-answer'; readonly nick: string; readonly accepted: boolean}
  | {
      readonly type: 'room-entered';
      readonly name?: string;
      readonly mode: Mode;
      readonly members: readonly string[];
    }
  | {readonly type: 'room-members'; readonly members: readonly string[]}
  | {readonly type: 'room-left'; readonly reason: 'left' | 'closed' | 'disconnected'}
  | {readonly type: 'link-opened'; readonly nick: string}
  | {readonly type: 'link-closed'; readonly nick: string}
  /** `about` is the nickname or the name of the room that was asked for, if any; or the hub's words. */
  | {readonly type: 'error'; readonly code: ErrorCode; readonly about: string};

/** What a hub can answer to a request that it refuses, in a client's words. */
export type ErrorCode =
  | 'no-such-user'
  | 'already-in-room'
  | 'not-in-room'
  | 'invitation-over'
  | 'no-answer'
  | 'no-such-room'
  | 'room-full'
  | 'room-name-in-use'
  | 'room-name-invalid'
  | 'room-size-invalid'
  | 'too-many-rooms'
  /** There is a private connection with that user already, or one is asked for. */
  | 'link-exists'
  | 'no-such-link'
  /** For a reason that is none of these: the hub's own words are all there is. */
  | 'refused-by-hub';
