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
 * A nickname is what whoever gives the command calls somebody. Times are milliseconds of whatever
 * clock the caller keeps to.
 */
export type Command =
  | {readonly type: 'connect'; readonly nickname: string; readonly dialect: Dialect}
  | {readonly type: 'disconnect'; readonly user: UserId}
  | {
      readonly type: 'say';
      readonly user: UserId;
      readonly scope: 'public' | 'room';
      readonly text: string;
    }
  | {readonly type: 'tell'; readonly user: UserId; readonly nickname: string; readonly text: string}
  | {
      readonly type: 'create-room';
      readonly user: UserId;
      readonly name: string;
      readonly mode: Mode;
      readonly maximumMembers: number;
    }
  | {readonly type: 'enter-room'; readonly user: UserId; readonly name: string}
  | {readonly type: 'leave-room'; readonly user: UserId}
  | {
      readonly type: 'invite';
      readonly user: UserId;
      readonly nickname: string;
      readonly mode: Mode;
      readonly now: number;
    }
  | {readonly type: 'accept'; readonly user: UserId; readonly invitation: InvitationId}
  | {readonly type: 'decline'; readonly user: UserId; readonly invitation: InvitationId}
  | {
      readonly type: 'request-link';
      readonly user: UserId;
      readonly nickname: string;
      readonly now: number;
    }
  | {readonly type: 'accept-link'; readonly user: UserId; readonly nickname: string}
  | {readonly type: 'close-link'; readonly user: UserId; readonly nickname: string}
  /** Ends the invitations and link requests whose time is over. */
  | {readonly type: 'expire'; readonly now: number};
