/**
 * What the engine tells its fronts. `--headless` prints the members of {@link PublicEvent}, with a few fields more
 * (docs/headless.md): programs of other people rely on them.
 */
import type {
  ClientEvent,
  Conversation,
  Feature,
  MemberState,
  Mode,
  PresentUser,
  Statistics,
} from '../protocols/protocol.ts';
import type {ConversationId, DirectId} from './conversations.ts';

export type {MemberState, Statistics};

export type RefusalReason = 'nickname-in-use' | 'nickname-invalid' | 'hub-full' | 'unreachable';

/** Events of a client end that the engine passes on unchanged. */
type PassedOn =
  | 'failed'
  | 'arrived'
  | 'departed'
  | 'invitation-ended'
  | 'invitation-answer'
  | 'rooms'
  | 'room-entered'
  | 'room-members'
  | 'room-left'
  | 'link-opened'
  | 'link-closed';

export type Scope = Conversation | 'direct' | 'link';

export type PublicEvent =
  | Extract<ClientEvent, {readonly type: PassedOn}>
  /** `receipt`: number of its journey, if journeys are recorded. */
  | (Extract<ClientEvent, {readonly type: 'message'}> & {readonly receipt?: number})
  | {
      readonly type: 'connected';
      readonly protocol: string;
      readonly server: string;
      readonly nick: string;
      readonly features: readonly Feature[];
    }
  /** `lifetimeMs`: how long it can be answered, where the protocol says so. */
  | (Extract<ClientEvent, {readonly type: 'invitation'}> & {readonly lifetimeMs?: number})
  /** `late`: after `failed`, when the confirmation has come all the same. */
  | {readonly type: 'delivered'; readonly id: number; readonly late?: true}
  | {
      readonly type: 'refused';
      readonly reason: RefusalReason;
      readonly message: string;
      /** Of a hub that answers there, in another protocol. */
      readonly offer?: string;
    }
  | {
      readonly type: 'sent';
      readonly id: number;
      readonly scope: Scope;
      readonly to?: string;
      readonly text: string;
    }
  | {
      readonly type: 'users';
      readonly users: readonly (PresentUser & {readonly self: boolean})[];
    }
  | {
      readonly type: 'error';
      readonly code: string;
      readonly message: string;
      /** Of an answer of the hub: the person or the room that was asked for, or the hub's own words. */
      readonly about?: string;
    }
  | {readonly type: 'disconnected'; readonly reason: string}
  /** Connected again: what was said between these times (ISO 8601) may be missing. */
  | {readonly type: 'gap'; readonly from: string; readonly to: string}
  | {readonly type: 'reconnecting'; readonly attempt: number; readonly delay: number};

export type ConnectionState =
  | {
      readonly phase: 'connecting';
      /** How often the hub has been asked, over datagrams. */
      readonly tries?: Tries;
      /** It is being found out whether a hub of another protocol is there. */
      readonly isInquiring?: boolean;
    }
  | {readonly phase: 'connected'}
  | {
      readonly phase: 'retrying';
      readonly attempt: number;
      /** Milliseconds since 1970 of the next attempt. */
      readonly at: number;
      /** The same, of the last time that the hub was heard, if it ever was. */
      readonly since?: number;
    }
  | {
      readonly phase: 'refused';
      readonly reason: RefusalReason;
      readonly message: string;
      /** Milliseconds since 1970 of the next attempt, if there is one. */
      readonly retryAt?: number;
      /** The address of a hub that answers there, in another protocol. */
      readonly offer?: string;
    }
  | {readonly phase: 'closed'};

export type Tries = {readonly count: number; readonly of: number};

/** Events that only a front with a screen needs. */
export type ScreenEvent =
  | {
      readonly type: 'connection';
      readonly connection: ConnectionState;
      readonly server: string;
      readonly nick: string;
    }
  | {readonly type: 'statistics'; readonly statistics: Statistics}
  /** A hub of another protocol answers where one was only guessed: it is the one that is meant. */
  | {readonly type: 'found'; readonly server: string}
  | {readonly type: 'retransmitted'; readonly id: number}
  | {
      readonly type: 'progress';
      readonly id: number;
      readonly confirmed: number;
      readonly of: number;
      readonly by: string;
    }
  /** `silentSince`: in milliseconds since 1970. */
  | {readonly type: 'member-state'; readonly nick: string; readonly state: MemberState}
  /** A message that failed is on its way again, or one that was kept is now. */
  | {readonly type: 'resent'; readonly id: number}
  /** A message is kept: it was never sent, and goes out when the hub is back. */
  | {readonly type: 'kept'; readonly id: number}
  /** The user's invitation, or request for a private connection, goes to the hub. */
  | {
      readonly type: 'asked';
      readonly nicks: readonly string[];
      readonly mode: Mode | 'link';
      /** How long it can be answered, where the protocol says so. */
      readonly lifetimeMs?: number;
    }
  /** The hub does not pass it on. */
  | {readonly type: 'not-asked'; readonly nick: string}
  /** Something to read that is no error: for example the answer to `/stats`. */
  | {readonly type: 'notice'; readonly text: string}
  | {readonly type: 'ignoring'; readonly nick: string; readonly isIgnored: boolean}
  | {readonly type: 'cleared'; readonly conversation: ConversationId}
  /** What the user types goes to that conversation from now on, if one can speak there. */
  | {readonly type: 'turned'; readonly conversation: ConversationId}
  /** The user closes a conversation with one person. */
  | {readonly type: 'conversation-closed'; readonly conversation: DirectId}
  /** The user closes the private connection; `link-closed` follows when the other side knows of it. */
  | {readonly type: 'unlinked'; readonly nick: string}
  | {readonly type: 'help'; readonly topic: string | undefined}
  /** The user wants to see where they were mentioned. */
  | {readonly type: 'mentions'}
  /** The user wants to see the named rooms: the hub was asked, and `rooms` follows with its answer. */
  | {readonly type: 'room-list'}
  | {readonly type: 'open-link'; readonly target: string}
  /** `what`: in the words of a sentence. */
  | {readonly type: 'copy'; readonly text: string; readonly what: string}
  /** `until`: milliseconds since 1970; undefined: nothing is muted any more. */
  | {readonly type: 'muted'; readonly until: number | undefined}
  /** The user wants to go to another hub, and has not said to which. */
  | {readonly type: 'choose-hub'}
  /** How others join this hub. `note`: a sentence for the user about who can. */
  | {readonly type: 'share'; readonly link: string; readonly note: string}
  /** The user wants to leave: the front ends, and closes the client. */
  | {readonly type: 'quit'};

export type EngineEvent = PublicEvent | ScreenEvent;
