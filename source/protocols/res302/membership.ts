import {pendingMs} from '../../chat/words.ts';
import type {Endpoint} from '../../transport/endpoint.ts';
import {horizonMs} from '../../transport/reliability.ts';
import {OwnRoom, type OwnRoomHost} from '../datagrams/own-room.ts';
import type {Peers} from '../datagrams/peers.ts';
import type {ListedUser, Mode} from '../protocol.ts';
import {reliability} from './reliability.ts';

/** As many as a hub has users. */
const maximumMembers = 2000;

type MembershipHost = OwnRoomHost & {
  askForRoomList(): void;
  /** Tells the hub that we leave. */
  sayLeave(mode: Mode): void;
};

/**
 * Which room we are in and with whom, out of what the hub and the peers say, any of which may be lost.
 * The lists, asked for again and again, set right what is missing.
 */
export class Membership {
  readonly #host: MembershipHost;
  readonly #peers: Peers;
  readonly #room: OwnRoom;
  #epoch = 0;
  /** An invitation we have accepted; the room is ours when the hub shows us in it. */
  #joining: {readonly from: string; readonly mode: Mode} | undefined;
  /** A list has shown us in a room that we do not know yet. */
  #isElsewhere = false;
  /** Since that epoch there is no room that a text from before could have been given to. */
  #endedAt = 0;
  /** A list alone has told of our room: its mode is a guess. */
  #isModeGuessed = false;
  #isLeaving = false;
  #mayBeForgotten = false;
  /** Until then the notice of a closing that a list has told of may come. */
  #lateClosingUntil = Number.NEGATIVE_INFINITY;
  /** Of our newest invitation: the mode of a room that we learn of by a list alone. */
  #invitedMode: Mode = 'centralised';
  #invitedUntil = Number.NEGATIVE_INFINITY;
  /** The hub was lost before it had confirmed an acceptance of ours, but may have heard it. */
  #mayHaveAccepted = false;
  /** Until then it may hear a late copy of it. */
  #acceptanceUntil = Number.NEGATIVE_INFINITY;
  /** Peers that have said goodbye to us; the hub may learn of it later. */
  readonly #departed = new Set<string>();

  constructor(host: MembershipHost, peers: Peers) {
    this.#host = host;
    this.#peers = peers;
    this.#room = new OwnRoom(host, peers);
  }

  get mode(): Mode | undefined {
    return this.#room.mode;
  }

  /** The members besides us. */
  get others(): readonly string[] {
    return this.#room.others;
  }

  /** Goes up when somebody enters or leaves our room, we too: a list asked for before knows less. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Whether a list of our room's members would tell us something. */
  get wantsRoomList(): boolean {
    return this.mode !== undefined || this.#joining !== undefined;
  }

  /** @returns The mode of the invitation: that of the room we are in wins. */
  invite(nicknames: readonly string[], wanted: Mode, now: number): Mode {
    const mode = this.mode ?? wanted;
    this.#invitedMode = mode;
    this.#invitedUntil = now + pendingMs + horizonMs(reliability);
    this.#room.invite(nicknames);
    return mode;
  }

  /** The hub has our acceptance. Whether it came in time, the list of the room tells. */
  join(invitation: {readonly from: string; readonly mode: Mode}): void {
    // A member's address or a text has come before the confirmation: then we are in it already.
    if (this.mode !== undefined) {
      const {from} = invitation;
      this.#host.emit({type: 'invitation-ended', from, reason: 'accepted'});
      return;
    }
    this.#joining = invitation;
    this.#host.askForRoomList();
  }

  /** Takes effect here at once: what is said afterwards is said after it, and in public. */
  leave(now: number): void {
    if (this.mode === undefined) return;
    this.#isLeaving = true;
    this.#host.sayLeave(this.mode);
    this.#exit('left', now);
  }

  leaveConfirmed(): void {
    this.#isLeaving = false;
  }

  /**
   * Whether a public text that the hub has confirmed was given to anybody. It confirms one of
   * somebody who is in a room, too, and gives that to nobody: so not if we have been in one since the
   * text was written or are about to be; and while an invitee, or an acceptance that we believe lost, may be moving us
   * into one, a list has to tell.
   *
   * @param epoch When the text was written.
   */
  wasPublic(epoch: number, now: number): 'yes' | 'no' | 'ask' {
    const mayBeMoved =
      (this.#room.hasInvited && now < this.#invitedUntil) || now < this.#acceptanceUntil;
    const isMoving = this.#joining !== undefined || this.#isElsewhere || this.#isLeaving;
    if (epoch !== this.#epoch || isMoving) return 'no';
    return mayBeMoved ? 'ask' : 'yes';
  }

  /** Whether a text that the hub has confirmed was said in a room that was not closed by then. */
  wasInRoom(epoch: number): boolean {
    return epoch >= this.#endedAt;
  }

  /** A list of everybody, asked for in that epoch. */
  learnList(users: readonly ListedUser[], epoch: number, now: number): void {
    if (epoch !== this.#epoch || this.#joining !== undefined) return;
    const isInRoom = users.some(
      ({nick, status}) => nick === this.#host.nickname && status === 'room',
    );
    // Both ways: what told us may have been lost, or the hub has forgotten us in the meantime.
    this.#isElsewhere = isInRoom && this.mode === undefined;
    if (!isInRoom) this.#isLeaving = false;
    if (!isInRoom && this.mode !== undefined) this.#exitUnnoticed(users, now);
    this.#mayBeForgotten = false;
    if (!this.#isElsewhere) return;
    if (this.#isLeaving) this.#host.sayLeave(this.#invitedMode);
    else this.#host.askForRoomList();
  }

  /** A list of those in our room, asked for in that epoch. */
  learnRoomList(users: readonly ListedUser[], epoch: number, now: number): void {
    if (epoch !== this.#epoch) return;
    const members = users
      .filter(({nick, status}) => status === 'room' && !this.#departed.has(nick))
      .map(({nick}) => nick);
    const isInRoom = members.includes(this.#host.nickname);
    if (this.mode === undefined) {
      const isGuess = this.#joining === undefined;
      if (isInRoom) this.#enter(this.#joining?.mode ?? this.#invitedMode, members, isGuess);
      else this.#missJoining();
    } else if (isInRoom) {
      for (const nick of this.#room.members) {
        if (!members.includes(nick)) this.#peers.remove(nick, now);
      }
      this.#room.setMembers(members);
    }
  }

  /** An invitee is in our centralised room. */
  accepted(nick: string): void {
    if (this.#isLeaving || this.#isFull) return;
    this.#room.joined(nick);
    this.#add('centralised', nick);
  }

  /** A member of our decentralised room, and where to reach them. */
  introduced(nick: string, endpoint: Endpoint, now: number): void {
    if (this.#isLeaving || this.#isFull) return;
    // Of a room that we were in before. But if all we have is a guess, it was wrong.
    if (this.mode === 'centralised' && !this.#isModeGuessed) return;
    this.#departed.delete(nick);
    this.#peers.add(nick, endpoint, now);
    this.#room.joined(nick);
    this.#add('decentralised', nick);
  }

  declined(nick: string): void {
    this.#room.declined(nick);
  }

  /** The hub did not pass our invitation on. */
  notInvited(nick: string): void {
    this.#room.notInvited(nick);
  }

  left(nick: string): void {
    this.#remove(nick);
  }

  /** A peer has told us that they leave, before or after the hub has heard it. */
  saidGoodbye(nick: string): void {
    this.#departed.add(nick);
    this.#remove(nick);
  }

  /** We were registered anew: if the hub no longer has us in our room, it may have forgotten us. */
  reconnected(now: number): void {
    this.#mayBeForgotten = true;
    if (!this.#mayHaveAccepted) return;
    this.#mayHaveAccepted = false;
    this.#acceptanceUntil = now + horizonMs(reliability) + reliability.memoryMs;
  }

  /** The hub has not confirmed it. */
  acceptanceLost(): void {
    this.#mayHaveAccepted = true;
  }

  closed(now: number): void {
    if (now < this.#lateClosingUntil) this.#lateClosingUntil = Number.NEGATIVE_INFINITY;
    else if (this.mode === undefined) this.#missJoining();
    else this.#exit('closed', now);
  }

  /** @returns Whether a text that the hub has relayed from a room is for us to show. */
  hears(author: string): boolean {
    // What was under way when we left reaches us no more.
    if (this.#isLeaving || this.mode === 'decentralised') return false;
    if (this.mode === undefined) this.#enterOnEvidence('centralised', author);
    return true;
  }

  /** No honest hub has more: a hostile one shall not fill our memory. */
  get #isFull(): boolean {
    return this.#room.members.size >= maximumMembers;
  }

  /** The invitation we have accepted was over. */
  #missJoining(): void {
    if (this.#joining === undefined) return;
    const {from} = this.#joining;
    this.#joining = undefined;
    this.#host.emit({type: 'invitation-ended', from, reason: 'expired'});
  }

  #add(mode: Mode, nick: string): void {
    if (this.mode === undefined) this.#enterOnEvidence(mode, nick);
    else if (this.mode !== mode && this.#isModeGuessed) {
      this.#enter(mode, [...new Set([...this.#room.members, nick])]);
    } else {
      this.#epoch++;
      this.#isModeGuessed = false;
      this.#room.setMembers([...this.#room.members, nick]);
    }
  }

  #remove(nick: string): void {
    this.#epoch++;
    this.#room.setMembers([...this.#room.members].filter(member => member !== nick));
  }

  /** The hub has treated us as a member before it told us that we are one. The list says who else is. */
  #enterOnEvidence(mode: Mode, nick: string): void {
    const inviter = this.#joining === undefined ? [] : [this.#joining.from];
    this.#enter(mode, [...new Set([this.#host.nickname, ...inviter, nick])]);
    this.#host.askForRoomList();
  }

  #enter(mode: Mode, members: readonly string[], isModeGuessed = false): void {
    this.#isModeGuessed = isModeGuessed;
    const joining = this.#joining;
    this.#joining = undefined;
    this.#isElsewhere = false;
    this.#departed.clear();
    this.#epoch++;
    if (joining !== undefined) {
      this.#host.emit({type: 'invitation-ended', from: joining.from, reason: 'accepted'});
    }
    this.#room.enter(mode, members);
  }

  /** A list shows us in public: if none of the others is in a room either, the notice of its closing is late. */
  #exitUnnoticed(users: readonly ListedUser[], now: number): void {
    const goesOn = users.some(
      ({nick, status}) => status === 'room' && this.#room.members.has(nick),
    );
    const isClosed = !goesOn && !this.#mayBeForgotten;
    if (isClosed) this.#lateClosingUntil = now + horizonMs(reliability);
    this.#exit(isClosed ? 'closed' : 'disconnected', now);
  }

  #exit(reason: 'left' | 'closed' | 'disconnected', now: number): void {
    this.#epoch++;
    // One that we leave hears what we said before.
    if (reason !== 'left') this.#endedAt = this.#epoch;
    this.#room.exit(reason, now);
  }
}
