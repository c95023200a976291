/**
 * What is printed: one event a line, with `type`, `at` and these fields (docs/headless.md). Programs of other people rely
 * on them; schema.ts says the same in the language of JSON Schema, and the tests hold every line against it.
 */
import type {PublicEvent, Scope} from '../client/events.ts';
import type {Invitation} from '../client/state.ts';

/** What a program puts on a line to know its answers again. */
export type Tag = string | number;

/** The version of this interface. It changes when a program that was written for the former one could fail. */
export const interfaceVersion = 1;

type Engine<Type extends PublicEvent['type']> = Extract<PublicEvent, {readonly type: Type}>;

/** Events of the engine that are printed with more fields, or with others. */
type Changed = 'connected' | 'message' | 'delivered' | 'failed' | 'disconnected' | 'refused';

export type PrintedEvent = Tagged<
  | Exclude<PublicEvent, {readonly type: Changed}>
  | (Engine<'connected'> & {readonly v: number})
  | MessageEvent
  /** `confirmed`: in a room from peer to peer, the members who have it. */
  | (Engine<'delivered'> & {readonly confirmed?: readonly string[]})
  | (Engine<'failed'> & {readonly confirmed?: readonly string[]})
  /** `back`: to the hub and the name before; otherwise the program ends. */
  | (Engine<'refused'> & {readonly back?: true})
  | DisconnectedEvent
  | ConfirmedEvent
  | StatsEvent
  | InvitationsEvent
  | FoundEvent
  | InvitationSentEvent
  | InvitationFailedEvent
  | SlowDownEvent
  | TraceEvent
  | LostEvents
>;

type Tagged<Event> = Event & {readonly tag?: Tag};

export type MessageEvent = {
  readonly type: 'message';
  /** Number of the message among those that came. The numbers of one's own texts are others. */
  readonly id?: number;
  readonly scope: Scope;
  /** The name of the room, if it has one. */
  readonly room?: string;
  readonly from: string;
  readonly text: string;
  /** The text says what its author does: `* bob waves`. */
  readonly action?: true;
  /** It names the user. */
  readonly mention?: true;
};

export type DisconnectedEvent = {
  readonly type: 'disconnected';
  /** `left`, `hub-silent`, `hub-closed`; `too-slow`: it closed while events waited here for their reader. */
  readonly reason: string;
};

/** After `failed`, one more member has confirmed that text; `pending` are those who have not. */
export type ConfirmedEvent = {
  readonly type: 'confirmed';
  readonly id: number;
  readonly by: string;
  readonly pending: readonly string[];
  readonly late: true;
};

/** The answer to `/stats`. Times are in milliseconds. */
export type StatsEvent = {
  readonly type: 'stats';
  readonly sent: number;
  readonly received: number;
  readonly retransmissions: number;
  readonly roundTripMs?: number;
  /** From `sent` to `delivered`, of the last texts that were not sent twice. */
  readonly deliveryMs?: {readonly median: number; readonly p99: number; readonly of: number};
  /** How the members of a room from peer to peer answer. */
  readonly members: readonly {
    readonly nick: string;
    readonly roundTripMs?: number;
    /** ISO 8601. */
    readonly silentSince?: string;
  }[];
};

/** The answer to `/invites`. `leftMs`: how long each can still be answered. */
export type InvitationsEvent = {
  readonly type: 'invitations';
  readonly received: readonly {
    readonly from: string;
    readonly mode: Invitation['mode'];
    readonly room?: string;
    readonly leftMs?: number;
  }[];
  readonly sent: readonly {
    readonly to: string;
    readonly mode: Invitation['mode'];
    readonly leftMs?: number;
  }[];
};

/** The answer to `/search`: the newest of `count` messages, oldest first. */
export type FoundEvent = {
  readonly type: 'found';
  readonly wanted: string;
  readonly count: number;
  readonly messages: readonly {
    /** As in `message`; or, of one's own, as in `sent`. */
    readonly id?: number;
    readonly own: boolean;
    /** ISO 8601. */
    readonly said: string;
    readonly from: string;
    readonly text: string;
    readonly action?: true;
  }[];
};

/** An invitation, or a request for a private connection, goes to the hub. */
export type InvitationSentEvent = {
  readonly type: 'invitation-sent';
  readonly to: string;
  readonly mode: Invitation['mode'];
  readonly lifetimeMs?: number;
};

/** Nobody will answer it any more. */
export type InvitationFailedEvent = {
  readonly type: 'invitation-failed';
  readonly to: string;
  readonly mode: Invitation['mode'];
  readonly reason:
    | 'expired'
    | 'not-passed-on'
    | 'withdrawn'
    | 'departed'
    | 'room-left'
    | 'disconnected';
};

/** More texts are on their way than the hub confirms: no line is read for about `for` milliseconds. */
export type SlowDownEvent = {
  readonly type: 'slow-down';
  readonly for: number;
  /** Texts on their way. */
  readonly pending: number;
};

/** With `--trace`: what happens to a text on the wire. `to` and `by` are missing for the hub. */
export type TraceEvent =
  | {
      readonly type: 'attempt';
      readonly id: number;
      readonly to?: string;
      /** From 1, of the attempts to bring that text to that reader. */
      readonly number: number;
      /** After this time it is sent again, as many times as are left. */
      readonly timeoutMs: number;
      readonly left: number;
      readonly bytes: number;
      /** The bytes, in hexadecimal digits. */
      readonly frame: string;
    }
  | {readonly type: 'confirmation'; readonly id: number; readonly by?: string}
  | {
      readonly type: 'given-up';
      readonly id: number;
      readonly to?: string;
      readonly reason: 'silent' | 'gone';
    };

/** `count` events are missing here, because nobody read the earlier ones. */
export type LostEvents = {readonly type: 'lost'; readonly count: number};
