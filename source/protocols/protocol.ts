/**
 * The contract between a protocol and the rest of the program. A protocol is a folder with a hub end and a client end;
 * the words of this contract belong to no single protocol.
 */
import type {Command, Dialect, Outcome} from '../chat/chat.ts';
import type {ChatEvent} from '../chat/events.ts';
import type {RegistrationRefusal} from '../chat/refusals.ts';
import type {ChatView} from '../chat/view.ts';
import type {Mode, UserId} from '../chat/words.ts';
import type {Connection} from '../transport/connection.ts';
import type {Endpoint} from '../transport/endpoint.ts';
import type {Field} from '../transport/fields.ts';
import type {OutgoingListener, TimedListener} from '../transport/timed-listener.ts';
import type {TimedMachine} from '../transport/timer.ts';

export type {
  Connection,
  Endpoint,
  Field,
  Mode,
  OutgoingListener,
  RegistrationRefusal,
  TimedListener,
};

/** What users of a protocol can do besides talking in public and asking who is there. */
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
  /** If false, a text is one line: on the wire, spaces replace line breaks. The client sends each line as a message. */
  readonly carriesLineFeeds: boolean;
  /** The rule for nicknames, as the end of a sentence: "1 to 10 ASCII letters or digits". */
  readonly nicknameRule: string;
  /** How long an invitation or a request for a private connection can be answered, in a protocol that has one. */
  readonly invitationMs?: number;
  /** Only with the feature `named-rooms`. */
  readonly namedRooms?: NamedRooms;
  readonly inquiry: Inquiry;
  /**
   * What the bytes of a datagram mean, or of one or several frames of a stream, read by the decoder that the protocol uses
   * itself. The fields have every bit once. What cannot be read is one field with the reason.
   *
   * @param by Who has written them. In a stream, after the registration.
   */
  explain(frame: Uint8Array, by: Writer): readonly Field[];
};

/** How to find out that a hub speaks the protocol, without entering it. */
export type Inquiry = {
  /** What such a hub has to answer, and lets nobody in for. Empty if the hub speaks first. */
  readonly question: Uint8Array;
  /**
   * What a datagram says, or the bytes so far of a connection. `let-in`: the hub has registered us all the same.
   * Undefined: nothing that such a hub says.
   */
  read(answer: Uint8Array): 'is-there' | 'let-in' | undefined;
  /** After `let-in`. Over connections ending the connection is enough. */
  readonly goodbye?: Uint8Array;
};

/** Who has written a frame: the `peer` is the other side of a private connection. */
export type Writer = 'client' | 'hub' | 'peer';

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
  /** The rule for names of rooms, as the end of a sentence: "1 to 50 bytes without #". */
  readonly nameRule: string;
  isName(text: string): boolean;
  /** The largest limit that a room can have. */
  readonly maximumMembers: number;
};

/** A state machine that gets datagrams and the time. Its owner has the socket and the timer. */
export type DatagramMachine = TimedMachine & {
  receive(datagram: Uint8Array, from: Endpoint, now: number): void;
};

/** One protocol's end of the hub: turns messages into commands, and events into messages. */
export type HubEnd = TimedMachine & {
  /** Tells the users in `to`, who are all of this end, of an event. Its nicknames and texts can be written here. */
  deliver(event: ChatEvent, to: readonly UserId[], now: number): void;
  /**
   * Somebody else wants the name of that user, who may have gone without a goodbye: finds out now, not in a minute.
   *
   * @param from Address of the asker. The same host suggests that it is the user, coming back.
   */
  suspect?(user: UserId, from: Endpoint, now: number): void;
  /** Ends the session of that user for that reason. The user is told of it if the protocol has a word for it. */
  expel(user: UserId, reason: DepartureReason, now: number): void;
  /** Tells everybody, in the way of the protocol, that the hub ends. */
  close(now: number): void;
  /** True while a confirmation is missing, or the network has not taken everything. */
  readonly isBusy: boolean;
  /** True while a reader has so much to confirm that authors should wait. */
  readonly isBehind?: boolean;
};

export type DatagramHubEnd = HubEnd &
  DatagramMachine & {
    /** The user who has registered from that address. */
    userAt(from: Endpoint): UserId | undefined;
  };

export type StreamHubEnd = HubEnd & {
  /** Somebody has connected. @returns The listener of that connection. */
  accept(connection: Connection, now: number): HubListener;
};

export type HubListener = TimedListener & {
  /** Ends this connection and the session that it belongs to, if there is one. */
  expel(reason: DepartureReason, now: number): void;
};

/** Gets the outcome of a command. @param now Time of the decision, which may be later than that of the proposal. */
export type OnOutcome = (outcome: Outcome, now: number) => void;

/** What a hub end gets from the hub. */
export type HubHost = {
  /** As the users of this protocol know it: every nickname can be written in the protocol. */
  readonly chat: ChatView;
  /**
   * Proposes a registration under that nickname. The outcome has the user, or a {@link RegistrationRefusal}.
   *
   * @param from Where the request came from.
   */
  register(nickname: string, from: Endpoint, onOutcome: OnOutcome): void;
  /**
   * Proposes a command of a user of this end; nothing else changes the chat. A single hub carries it out at once, and
   * calls `onOutcome` before this returns. If several hubs shared a chat, the outcome would come later. So an end must
   * not assume that it has come. The events are delivered after the end has returned to the hub.
   */
  propose(command: Command, onOutcome?: OnOutcome): void;
  /**
   * Work for that user has thrown: a bug of ours. The hub logs it and expels the user; nobody else notices. An end that
   * tells many readers calls this for each of them that fails. The hub itself catches everything else that an end throws.
   */
  fault(user: UserId, error: unknown): void;
  /** The address that other users get for a user on the hub's own machine, instead of a loopback address. */
  readonly publicHost: string | undefined;
  /** Counts input from the network that was not served. */
  drop(reason: DropReason): void;
  /** True while some readers are so far behind that authors over TCP should wait. */
  isCongested(): boolean;
  readonly log: HubLog;
};

export type DatagramHubHost = HubHost & {
  /** @param to The endpoint as it was received, so that the answer leaves through the listener that heard the request. */
  send(datagram: Uint8Array, to: Endpoint): void;
};

export type DropReason =
  | 'malformed'
  | 'unregistered'
  | 'impostor'
  | 'too-long'
  | 'unexpected'
  /** A bug of ours while serving a message: see {@link HubHost.fault}. */
  | 'internal-error';

export type DepartureReason =
  | 'disconnected'
  | 'silent'
  | 'too-slow'
  | 'protocol-error'
  /** By the operator. */
  | 'expelled'
  | 'internal-error';

/** The log of one protocol's sessions. It never contains a text that somebody wrote. */
export type HubLog = {
  /** @param aliases Other names of the user in other protocols, by protocol. */
  connected(nickname: string, from: Endpoint, aliases?: ReadonlyMap<string, string>): void;
  refused(nickname: string, from: Endpoint, reason: RegistrationRefusal): void;
  left(nickname: string, from: Endpoint, reason: DepartureReason): void;
  /** A bug of ours has ended somebody's session. @param nickname Undefined if they had not registered. */
  fault(nickname: string | undefined, error: unknown): void;
  /** A list did not fit into a message: `told` of its `of` entries were sent. */
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
  /** Watches the texts on their way. Undefined, as by default: nobody does, and nothing is kept for it. */
  readonly trace?: ((step: Step) => void) | undefined;
};

/** What happens to a text of ours on the wire; and in which frame a message of others has come. */
export type Step =
  /** It is written to the hub or to another user, for the first time or again. */
  | {
      readonly type: 'attempt';
      readonly id: number;
      /** Undefined: the hub. */
      readonly to?: string;
      /** The bytes, which stay as they are. A stream may have a question behind the text. */
      readonly frame: Uint8Array;
      /** If it is not confirmed within this time, it is sent again, as many times as are left; then it is given up. */
      readonly timeoutMs: number;
      readonly left: number;
    }
  /** It is answered, perhaps after it was given up. */
  | {readonly type: 'confirmation'; readonly id: number; readonly by?: string}
  /** It is no longer tried: nobody has confirmed it in time; or the reader is gone, or we are. */
  | {
      readonly type: 'given-up';
      readonly id: number;
      readonly to?: string;
      readonly reason: 'silent' | 'gone';
    }
  /**
   * What is told until the end of this call has come in that frame, whose bytes are valid until then.
   *
   * @param at The time at which it came, if that was earlier.
   */
  | {readonly type: 'arrival'; readonly frame: Uint8Array; readonly at?: number};

export type DatagramClientHost = ClientHost & {
  /** The hub's address, from the first {@link ClientEnd.connect} on. It may change at the next one. */
  hub(): Endpoint;
  send(datagram: Uint8Array, to: Endpoint): void;
};

export type StreamClientHost = ClientHost & {
  /** Connects to the hub. @param localPort Local port of the connection; any by default. */
  open(listener: OutgoingListener, localPort?: number): Connection;
  /** Reserves a local port for a later connection. Undefined: the system gives none. */
  reserve(onReserved: (reservation: Reservation | undefined, now: number) => void): void;
  /** The listener that gets the bytes of a private connection with that user. Undefined: they are read as texts. */
  takeLink(nick: string, connection: Connection): TimedListener | undefined;
};

/** A port that nobody else can take. */
export type Reservation = {
  readonly port: number;
  /** Frees the port. It can be used for a connection when `onFree` is called. */
  release(onFree: (now: number) => void): void;
};

export type Statistics = {
  /** Number of messages, without retransmissions. */
  readonly sent: number;
  readonly received: number;
  readonly retransmissions: number;
  /** Round trip of the newest message that was confirmed without being sent again. */
  readonly roundTripMs: number | undefined;
};

/** The place where a text is said. */
export type Conversation = 'public' | 'room';

export type Request =
  | {
      readonly type: 'say';
      readonly id: number;
      readonly scope: Conversation;
      readonly text: string;
      /** In a decentralised room: only these members get it, because the others have confirmed it. */
      readonly only?: readonly string[];
    }
  /** To one user: through the hub, or over the private connection with them. */
  | {
      readonly type: 'tell';
      readonly id: number;
      readonly scope: 'direct' | 'link';
      readonly to: string;
      readonly text: string;
    }
  /** Asks for a private connection; {@link Request} `answer` answers one. */
  | {readonly type: 'link'; readonly to: string}
  /** Closes the private connection with that user, or withdraws our request. */
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
/** A user in a list. Some protocols do not say who is in a room. */
export type PresentUser = {readonly nick: string; readonly status?: UserStatus};
/** A named room: everybody may enter it. */
export type ListedRoom = {readonly name: string; readonly mode: Mode; readonly members: number};

/** How a member of a decentralised room answers. */
export type MemberState = {
  /** Of the newest text that was confirmed without being sent again. */
  readonly roundTripMs?: number;
  /** For more than two seconds there was no answer: when we said what is not answered. In the clock of its reader. */
  readonly silentSince?: number;
};

/** Why a text was not delivered. */
export type FailureReason =
  | 'hub-silent'
  | 'peers-silent'
  | 'not-connected'
  | 'left-room'
  | 'entered-room'
  /** Direct message: nobody has that name. */
  | 'no-such-user'
  /** Direct message: its reader is in a private room, and cannot be reached from outside. */
  | 'recipient-in-room'
  /** Direct message: its author is in a private room, and its reader is not in the same one. */
  | 'recipient-outside'
  | 'refused-by-hub'
  /** The private connection that it was for is no more. */
  | 'link-closed'
  /** It was kept for the hub to come back, and we have gone to another one. */
  | 'left-hub';

/** Events from a client end to the engine. */
export type ClientEvent =
  | {readonly type: 'connected'}
  /** The hub is asked to let us in, over datagrams. `of`: how often it is asked at most. */
  | {readonly type: 'asked'; readonly count: number; readonly of: number}
  | {readonly type: 'refused'; readonly reason: RegistrationRefusal | 'unreachable'}
  /**
   * The hub has stopped answering, or, `isClosed`, has ended the connection. A decentralised room continues without it.
   */
  | {readonly type: 'lost'; readonly isClosed?: true}
  | {readonly type: 'disconnected'}
  | {
      readonly type: 'message';
      readonly scope: 'public' | 'room' | 'direct' | 'link';
      readonly from: string;
      readonly text: string;
    }
  | {readonly type: 'retransmitted'; readonly id: number}
  /** One more of a decentralised room's members has confirmed; perhaps after `failed`. */
  | {
      readonly type: 'progress';
      readonly id: number;
      readonly confirmed: number;
      readonly of: number;
      /** Who that is. */
      readonly by: string;
    }
  /** How a member of our decentralised room answers now. */
  | {readonly type: 'member-state'; readonly nick: string; readonly state: MemberState}
  /** Everybody whom the text is for has it, or the hub has; perhaps after `failed`, when somebody has confirmed late. */
  | {readonly type: 'delivered'; readonly id: number}
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly reason: FailureReason;
      /** Nicknames of the peers that did not confirm. */
      readonly pending: readonly string[];
    }
  /** Everybody who is here: the first list, and every requested one. Some protocols have no other news of people. */
  | {readonly type: 'users'; readonly users: readonly PresentUser[]}
  /** Somebody has come since the list. */
  | {readonly type: 'arrived'; readonly nick: string; readonly status?: UserStatus}
  /** Somebody has left since the list. */
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
  /** `about` is the nickname or the name of the room in the request, if any; or the hub's own words. */
  | {readonly type: 'error'; readonly code: ErrorCode; readonly about: string};

/** Why a hub refuses a request, in the client's words. */
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
  /** There is a private connection with that user already, or one is requested. */
  | 'link-exists'
  | 'no-such-link'
  /** For another reason: the client only has the hub's own words. */
  | 'refused-by-hub';
