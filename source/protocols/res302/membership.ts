import {pendingMs} from '../../chat/words.ts';
import type {Endpoint} from '../../transport/endpoint.ts';
import {horizonMs} from '../../transport/reliability.ts';
import {OwnRoom, type OwnRoomHost} from '../datagrams/own-room.ts';
import type {Peers} from '../datagrams/peers.ts';
import type {ListedUser, Mode} from '../protocol.ts';
import {reliability} from './reliability.ts';

/** A hub has at most this many users. */
const maximumMembers = 2000;

type MembershipHost = OwnRoomHost & {
  askForRoomList(): void;
  /** Tells the hub that we leave. */
  sayLeave(mode: Mode): void;
};

/**
 * Our room and its members, as the hub and the peers tell them. Any of their messages may be lost. We ask for the lists
 * again and again, and they correct what is missing.
 */
export class Membership {
  readonly #host: MembershipHost;
  readonly #peers: Peers;
  readonly #room: OwnRoom;
  #epoch = 0;
  /** An invitation that we have accepted. We are in the room when the hub shows us in it. */
  #joining: {readonly from: string; readonly mode: Mode} | undefined;
  /** A list has shown us in a room that we do not know yet. */
  #isElsewhere = false;
  /** The epoch in which our last room ended: since then no room can have got an earlier text. */
  #endedAt = 0;
  /** We know our room from a list only: its mode is a guess. */
  #isModeGuessed = false;
  #isLeaving = false;
  #mayBeForgotten = false;
  /** Until this time a late notice may come of a closing that we have learnt from a list. */
  #lateClosingUntil = Number.NEGATIVE_INFINITY;
  /** Mode of our newest invitation. It is assumed for a room that we know from a list only. */
  #invitedMode: Mode = 'centralised';
  #invitedUntil = Number.NEGATIVE_INFINITY;
  /** The hub was lost before it confirmed our acceptance, but it may have received it. */
  #mayHaveAccepted = false;
  /** Until this time the hub may receive a late copy of it. */
  #acceptanceUntil = Number.NEGATIVE_INFINITY;
  /** Invitations to our room that the hub has not confirmed: it may pass them on after the room was closed. */
  #unheardInvitations = 0;
  #mayHaveInvited = false;
  /** Until this time a notice of a closing may mean that our acceptance came too late (R10). */
  #tooLateUntil = Number.NEGATIVE_INFINITY;
  /** Such a notice has come while we are in a room: the next list will tell what it means. */
  #mayBeClosed = false;
  /** Peers that have said goodbye to us. The hub may learn of it later. */
  readonly #departed = new Set<string>();

  constructor(host: MembershipHost, peers: Peers) {
    this.#host = host;
    this.#peers = peers;
    this.#room = new OwnRoom(host, peers);
  }

  get mode(): Mode | undefined {
    return this.#room.mode;
  }

  /** The other members. */
  get others(): readonly string[] {
    return this.#room.others;
  }

  /** Goes up when somebody, also us, enters or leaves our room. A list that was requested before is out of date. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Whether a list of our room's members would tell us something. */
  get wantsRoomList(): boolean {
    return this.mode !== undefined || this.#joining !== undefined;
  }

  /** @returns The mode of the invitation. In a room it is that of the room, whatever was wanted. */
  invite(nicknames: readonly string[], wanted: Mode, now: number): Mode {
    const mode = this.mode ?? wanted;
    this.#invitedMode = mode;
    this.#invitedUntil = now + pendingMs + horizonMs(reliability);
    this.#room.invite(nicknames);
    return mode;
  }

  /** We have sent an invitation to the hub. */
  saidInvitation(): void {
    this.#unheardInvitations++;
  }

  /** The hub has confirmed an invitation, or is lost. */
  heardInvitation(): void {
    this.#unheardInvitations--;
  }

  /** We accept an invitation, which may be over. */
  accepting(): void {
    this.#tooLateUntil = Number.POSITIVE_INFINITY;
  }

  /** The hub has our acceptance. The list of the room will tell whether it came in time. */
  join(invitation: {readonly from: string; readonly mode: Mode}, now: number): void {
    this.#tooLateUntil = now + horizonMs(reliability);
    // If a member's address or a text has come before the confirmation, we are in the room already.
    if (this.mode !== undefined) {
      const {from} = invitation;
      this.#host.emit({type: 'invitation-ended', from, reason: 'accepted'});
      return;
    }
    this.#joining = invitation;
    this.#host.askForRoomList();
  }

  /** Takes effect here at once: later texts go to the hub after it, and are said in public. */
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
   * Whether the hub has passed on a public text that it has confirmed. It also confirms a public text of somebody who is
   * in a room, but drops it. So the answer is no if we have been in a room since the text was written, or are about to
   * enter one. A list has to tell while an invitee, or an acceptance that we believe lost, may be moving us into a room.
   *
   * @param epoch The epoch in which the text was written.
   */
  wasPublic(epoch: number, now: number): 'yes' | 'no' | 'ask' {
    const hasInvited = this.#room.hasInvited || this.#mayHaveInvited;
    const mayBeMoved = (hasInvited && now < this.#invitedUntil) || now < this.#acceptanceUntil;
    const isMoving = this.#joining !== undefined || this.#isElsewhere || this.#isLeaving;
    if (epoch !== this.#epoch || isMoving) return 'no';
    return mayBeMoved ? 'ask' : 'yes';
  }

  /** Whether a text that the hub has confirmed was said in a room, before the room was closed. */
  wasInRoom(epoch: number): boolean {
    return epoch >= this.#endedAt && !this.#mayBeClosed;
  }

  /** A list of everybody, requested in that epoch. */
  learnList(users: readonly ListedUser[], epoch: number, now: number): void {
    if (epoch !== this.#epoch || this.#joining !== undefined) return;
    const isInRoom = users.some(
      ({nick, status}) => nick === this.#host.nickname && status === 'room',
    );
    // In both directions: a message to us may have been lost, or the hub may have forgotten us.
    this.#isElsewhere = isInRoom && this.mode === undefined;
    if (!isInRoom) this.#isLeaving = false;
    if (!isInRoom && this.mode !== undefined) this.#exitUnnoticed(users, now);
    this.#mayBeForgotten = false;
    this.#mayBeClosed = false;
    if (!this.#isElsewhere) return;
    if (this.#isLeaving) this.#host.sayLeave(this.#invitedMode);
    else this.#host.askForRoomList();
  }

  /** A list of the members of our room, requested in that epoch. */
  learnRoomList(users: readonly ListedUser[], epoch: number, now: number): void {
    if (epoch !== this.#epoch) return;
    const members = users
      .filter(({nick, status}) => status === 'room' && !this.#departed.has(nick))
      .map(({nick}) => nick);
    const isInRoom = members.includes(this.#host.nickname);
    if (this.mode === undefined) {
      const isGuess = this.#joining === undefined;
      // Our acceptance came in time.
      if (isInRoom && !isGuess) this.#tooLateUntil = Number.NEGATIVE_INFINITY;
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

  /** The hub has told us the address of a member of our decentralised room. */
  introduced(nick: string, endpoint: Endpoint, now: number): void {
    if (this.#isLeaving || this.#isFull) return;
    // The address is from a former room; unless our mode is only a guess, which was wrong then.
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

  /** A peer has told us that they leave. The hub may learn of it before or later. */
  saidGoodbye(nick: string): void {
    this.#departed.add(nick);
    this.#remove(nick);
  }

  /** We have registered again: if the hub does not have us in our room any more, it may have forgotten us. */
  reconnected(now: number): void {
    this.#mayBeForgotten = true;
    if (!this.#mayHaveAccepted) return;
    this.#mayHaveAccepted = false;
    this.#acceptanceUntil = now + horizonMs(reliability) + reliability.memoryMs;
  }

  /** The hub has not confirmed our acceptance. */
  acceptanceLost(): void {
    this.#tooLateUntil = Number.NEGATIVE_INFINITY;
    this.#mayHaveAccepted = true;
  }

  closed(now: number): void {
    if (now < this.#lateClosingUntil) this.#lateClosingUntil = Number.NEGATIVE_INFINITY;
    else if (this.mode === undefined) this.#missJoining();
    else if (now < this.#tooLateUntil) this.#doubtClosing();
    else this.#exit('closed', now);
  }

  /** @returns Whether to show a text that the hub has relayed from a room. */
  hears(author: string): boolean {
    // Texts that were under way when we left are dropped.
    if (this.#isLeaving || this.mode === 'decentralised') return false;
    if (this.mode === undefined) this.#enterOnEvidence('centralised', author);
    return true;
  }

  /** No honest hub has more members, and a hostile one must not fill our memory. */
  get #isFull(): boolean {
    return this.#room.members.size >= maximumMembers;
  }

  /** The invitation that we have accepted was over. */
  #missJoining(): void {
    if (this.#joining === undefined) return;
    const {from} = this.#joining;
    this.#joining = undefined;
    this.#host.emit({type: 'invitation-ended', from, reason: 'expired'});
  }

  /** An invitee may have brought us into our own room before the hub had our acceptance of another invitation. */
  #doubtClosing(): void {
    this.#tooLateUntil = Number.NEGATIVE_INFINITY;
    this.#mayBeClosed = true;
    this.#epoch++;
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

  /** The hub treats us as a member before it has told us that we are one. The list will tell the other members. */
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
    this.#mayBeClosed = false;
    this.#departed.clear();
    this.#epoch++;
    if (joining !== undefined) {
      this.#host.emit({type: 'invitation-ended', from: joining.from, reason: 'accepted'});
    }
    this.#room.enter(mode, members);
  }

  /** A list shows us in public. If no other member is in a room either, it was closed and the notice of that is late. */
  #exitUnnoticed(users: readonly ListedUser[], now: number): void {
    const isStillOpen = users.some(
      ({nick, status}) => status === 'room' && this.#room.members.has(nick),
    );
    const isClosed = !isStillOpen && !this.#mayBeForgotten;
    if (isClosed) this.#lateClosingUntil = now + horizonMs(reliability);
    this.#exit(isClosed ? 'closed' : 'disconnected', now);
  }

  #exit(reason: 'left' | 'closed' | 'disconnected', now: number): void {
    this.#epoch++;
    this.#mayBeClosed = false;
    this.#mayHaveInvited = this.#unheardInvitations > 0;
    // A room that we leave still gets the texts that we sent before.
    if (reason !== 'left') this.#endedAt = this.#epoch;
    this.#room.exit(reason, now);
  }
}
