import type {Named} from './naming.ts';
import type {InvitationId, Mode, RoomId, UserId} from './words.ts';

/** The user who did it or whom it concerns; they may have left since. */
type Who = Named & {readonly user: UserId};

type Where = {
  readonly room: RoomId;
  /** Undefined for a room that began with an invitation. */
  readonly name: string | undefined;
  readonly mode: Mode;
};

/** Something that has happened, and the users to be told. */
export type ChatEvent = {readonly to: readonly UserId[]} & (
  | ({readonly type: 'arrived'} & Who)
  | ({readonly type: 'departed'} & Who)
  | ({readonly type: 'said'; readonly scope: 'public' | 'room'; readonly text: string} & Who)
  /** To one reader, who is in the same private room as the author, or in public like the author. */
  | ({readonly type: 'told'; readonly scope: 'public' | 'room'; readonly text: string} & Who)
  | ({
      readonly type: 'invited';
      readonly invitation: InvitationId;
      readonly mode: Mode;
    } & Who)
  /** The invitation cannot be accepted any more. Not sent for one that was answered. */
  | {readonly type: 'invitation-ended'; readonly invitation: InvitationId}
  | ({readonly type: 'invitation-declined'} & Who)
  /** To the user who enters; the members include that user. */
  | ({readonly type: 'room-entered'; readonly members: readonly UserId[]} & Where & Who)
  | ({readonly type: 'member-joined'} & Where & Who)
  | ({readonly type: 'member-left'} & Where & Who)
  /** To the last member, who is in the public room again. */
  | ({readonly type: 'room-closed'} & Where)
  | ({readonly type: 'link-requested'} & Who)
  /** To each side, about the other. */
  | ({readonly type: 'link-opened'; readonly wasAsked: boolean} & Who)
  | ({readonly type: 'link-refused'} & Who)
  | ({readonly type: 'link-closed'} & Who)
);
