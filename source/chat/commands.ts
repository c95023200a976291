import type {Naming} from './naming.ts';
import type {InvitationId, Mode, UserId} from './words.ts';

/**
 * The abilities of a user's program on which the rules depend. Programs with the same `name` can speak to each other
 * without a hub.
 */
export type Dialect = {
  readonly name: string;
  /** Whether the text can be written as a nickname. Then every beginning of it can be written too. */
  isNickname(text: string): boolean;
  /** Users of this dialect at the same time. */
  readonly maximumUsers: number;
  /** 0 for a dialect that has no rooms. */
  readonly maximumRoomMembers: number;
  /** Rooms opened by users of this dialect, at the same time. */
  readonly maximumRooms: number;
  /** Somebody in a private room may be invited into another. */
  readonly changesRooms: boolean;
  readonly hasLinks: boolean;
};

/**
 * Plain data: a command can be stored, and carried out again elsewhere with the same result. Everything that could
 * differ between two machines (names and their keys, the time) is decided by the proposer and is part of the command.
 *
 * Times are in milliseconds of the proposer's clock.
 */
export type Command =
  /** Made by {@link registration}. */
  | {
      readonly type: 'connect';
      readonly nickname: string;
      /** Name of the dialect. */
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
      /** Key of the name: see `roomKey`. */
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
  /** Refuses a request, withdraws the user's own, or closes an open link. */
  | {readonly type: 'close-link'; readonly user: UserId; readonly with: UserId}
  /** Ends the invitations and link requests whose time is over. */
  | {readonly type: 'expire'; readonly now: number};
