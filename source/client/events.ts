/**
 * What the engine tells its fronts. The members of {@link PublicEvent} are the interface of
 * `--headless` (docs/headless.md): their fields are a promise to the programs of others.
 */
import type {
  Conversation,
  FailureReason,
  Feature,
  ListedUser,
  Mode,
  Statistics,
} from '../protocols/protocol.ts';

export type {Statistics};

export type RefusalReason = 'nickname-in-use' | 'nickname-invalid' | 'hub-full' | 'unreachable';

export type Scope = Conversation | 'direct' | 'link';

export type PublicEvent =
  | {
      readonly type: 'connected';
      readonly protocol: string;
      readonly server: string;
      readonly nick: string;
      readonly features: readonly Feature[];
    }
  | {readonly type: 'refused'; readonly reason: RefusalReason; readonly message: string}
  | {readonly type: 'message'; readonly scope: Scope; readonly from: string; readonly text: string}
  | {
      readonly type: 'sent';
      readonly id: number;
      readonly scope: Scope;
      readonly to?: string;
      readonly text: string;
    }
  | {readonly type: 'delivered'; readonly id: number}
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly reason: FailureReason;
      readonly pending: readonly string[];
    }
  | {
      readonly type: 'users';
      readonly users: readonly (ListedUser & {readonly self: boolean})[];
    }
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
  | {readonly type: 'error'; readonly code: string; readonly message: string}
  | {readonly type: 'disconnected'; readonly reason: string}
  | {readonly type: 'reconnecting'; readonly attempt: number; readonly delay: number};

export type ConnectionChange =
  | {readonly phase: 'connecting'}
  | {readonly phase: 'connected'}
  /** `at`: milliseconds since 1970 of the next attempt. */
  | {readonly phase: 'retrying'; readonly attempt: number; readonly at: number}
  | {readonly phase: 'refused'; readonly reason: RefusalReason; readonly message: string}
  | {readonly phase: 'closed'};

/** What only a front with a screen has a use for. */
export type ScreenEvent =
  | {
      readonly type: 'connection';
      readonly connection: ConnectionChange;
      readonly server: string;
      readonly nick: string;
    }
  | {readonly type: 'statistics'; readonly statistics: Statistics}
  | {readonly type: 'retransmitted'; readonly id: number}
  | {
      readonly type: 'progress';
      readonly id: number;
      readonly confirmed: number;
      readonly of: number;
    }
  /** A message that failed is on its way again. */
  | {readonly type: 'resent'; readonly id: number}
  /** Something to read that is no error: the answer to `/stats`, for one. */
  | {readonly type: 'notice'; readonly text: string}
  | {readonly type: 'ignoring'; readonly nick: string; readonly isIgnored: boolean}
  | {readonly type: 'cleared'; readonly conversation: Conversation}
  | {readonly type: 'help'; readonly topic: string | undefined}
  /** The user wants to leave: the front ends, and closes the client. */
  | {readonly type: 'quit'};

export type EngineEvent = PublicEvent | ScreenEvent;
