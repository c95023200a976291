import type {Naming} from './naming.ts';
import type {InvitationId, Mode, UserId} from './words.ts';

/**
 * What a user's program can do, as far as the rules depend on it. Programs whose `name` is the same
 * can speak to each other without a hub.
 */
export type Dialect = {
  readonly name: string;
  /** What can be written as a nickname; of a longer one the beginning can. */
  isNickname(text: string): boolean;
  /** Of this dialect, at once. */
  readonly maximumUsers: number;
  /** 0 for a dialect that has no rooms. */
  readonly maximumRoomMembers: number;
  /** Opened by users of this dialect, at once. */
  readonly maximumRooms: number;
  /** Somebody in a private room may be invited into another. */
  readonly changesRooms: boolean;
  readonly hasLinks: boolean;
};

/**
 * Plain data: a command can be written down, and carried out again elsewhere with the same result. Whatever could differ
 * between two machines (names and their keys, the time) is decided by the one that proposes the command, and is in it.
 *
 * Times are milliseconds of whatever clock the proposer keeps to.
 */
export type Command =
  /** Made by {@link registration}. */
  | {
      readonly type: 'connect';
      readonly nickname: string;
      /** By name. */
      readonly dialect: string;
      readonly names: Naming;
    }
  | {readonly type: 'disconnect'; readonly user: UserId}
  | {
      readonly type: 'say';
      readonly user: UserId;
      readonly scope: 'public' | 'room';
      readonly text: string;
    }
  | {readonly type: 'tell'; readonly user: UserId; readonly to: UserId; readonly text: string}
  | {
      readonly type: 'create-room';
      readonly user: UserId;
      readonly name: string;
      /** Of the name: see `roomKey`. */
      readonly key: string;
      readonly mode: Mode;
      readonly maximumMembers: number;
    }
  | {readonly type: 'enter-room'; readonly user: UserId; readonly key: string}
  | {readonly type: 'leave-room'; readonly user: UserId}
  | {
      readonly type: 'invite';
      readonly user: UserId;
      readonly to: UserId;
      readonly mode: Mode;
      readonly now: number;
    }
  | {readonly type: 'accept'; readonly user: UserId; readonly invitation: InvitationId}
  | {readonly type: 'decline'; readonly user: UserId; readonly invitation: InvitationId}
  | {
      readonly type: 'request-link';
      readonly user: UserId;
      readonly to: UserId;
      readonly now: number;
    }
  | {readonly type: 'accept-link'; readonly user: UserId; readonly from: UserId}
  /** Refuses a request, withdraws one's own, or closes what is open. */
  | {readonly type: 'close-link'; readonly user: UserId; readonly with: UserId}
  /** Ends the invitations and link requests whose time is over. */
  | {readonly type: 'expire'; readonly now: number};
