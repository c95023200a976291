import {horizonMs, hubWindow} from '../../../transport/reliability.ts';
import {OwnRoom, type OwnRoomHost} from '../../datagrams/own-room.ts';
import type {Peers} from '../../datagrams/peers.ts';
import type {Mode} from '../../protocol.ts';
import {reliability} from '../reliability.ts';
import type {Member} from '../wire/text.ts';
import {maximumMembers} from '../wire.ts';

/** A room that we have left, from which messages may still come. */
type Left = {
  /** What {@link Membership.place} was in it. */
  readonly place: number;
  /** The hub has said that we are not in it any more, though it has yet to confirm that we have left. */
  readonly isOver: boolean;
  /** Infinity while the hub has not confirmed that we have left. */
  readonly until: number;
  /** The hub's number of the last message that may be from that room, if we know it (R12). */
  readonly last: number | undefined;
  /** We know that number from a roll call. */
  readonly isCalled: boolean;
  /** A roster that may be from this room, or from one that we have entered since. */
  readonly doubted: readonly Member[];
};

function leaving(place: number): Left {
  const until = Number.POSITIVE_INFINITY;
  return {place, isOver: false, until, last: undefined, isCalled: false, doubted: []};
}

type MembershipHost = OwnRoomHost & {
  /** Tells the hub that we leave. */
  sayLeave(now: number): void;
  /** Whether that is under way, or waits for its turn. */
  isSayingLeave(): boolean;
};

/** Our room and its members, as the hub's rosters tell them. */
export class Membership {
  readonly #host: MembershipHost;
  readonly #peers: Peers;
  readonly #room: OwnRoom;
  /** An invitation that we have accepted. We wait for its roster until `until`. */
  #joining: {readonly from: string; readonly until: number} | undefined;
  /** Mode of our newest invitation, sent or accepted: that of a room whose roster does not tell it. */
  #expectedMode: Mode = 'centralised';
  #left: Left | undefined;
  /** The hub has us in a room whose roster has not come. We wait for it until this time. */
  #elsewhereUntil = Number.POSITIVE_INFINITY;

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

  /** A new number for each room that we enter, and for each return to public. */
  get place(): number {
    return this.#room.place;
  }

  /** The hub has not confirmed that we have left. */
  get isLeaving(): boolean {
    return this.#left?.until === Number.POSITIVE_INFINITY;
  }

  get dueAt(): number {
    return Math.min(this.#joiningUntil, this.#elsewhereUntil);
  }

  onTime(now: number): void {
    // A long roster does not show everybody: perhaps the inviter was not on it.
    if (now >= this.#joiningUntil) {
      this.#endJoining(this.mode === undefined ? 'expired' : 'accepted');
    }
    if (now < this.#elsewhereUntil) return;
    this.#elsewhereUntil = Number.POSITIVE_INFINITY;
    this.#left = leaving(this.place);
    // Our client shows public, so we go there in the hub too, or nobody would read us.
    this.#host.sayLeave(now);
  }

  /** The hub has us in a room that we do not know. Its roster is on its way, or lost for good. */
  foundElsewhere(now: number): void {
    if (this.mode !== undefined || this.isLeaving) return;
    this.#elsewhereUntil = Math.min(this.#elsewhereUntil, now + horizonMs(reliability));
  }

  /** @returns The mode of the invitation. In a room it is that of the room, whatever was wanted. */
  invite(nicknames: readonly string[], wanted: Mode): Mode {
    const mode = this.mode ?? wanted;
    this.#expectedMode = mode;
    this.#room.invite(nicknames);
    return mode;
  }

  /** The hub did not pass our invitation on. */
  notInvited(nickname: string): void {
    this.#room.notInvited(nickname);
  }

  declined(nick: string): void {
    this.#room.declined(nick);
  }

  /** We accept: the next roster with the inviter in it is that of their room. */
  accept({from, mode}: {readonly from: string; readonly mode: Mode}): void {
    this.#endJoining('expired');
    this.#expectedMode = mode;
    this.#joining = {from, until: Number.POSITIVE_INFINITY};
  }

  /** The hub has our acceptance, and has let us in. */
  accepted(now: number): void {
    if (this.#joining === undefined) return;
    this.#joining = {...this.#joining, until: now + horizonMs(reliability)};
    const doubted = this.#left?.doubted ?? [];
    if (this.#hasInviter(doubted)) this.#believe(doubted, now);
  }

  /** The hub has our acceptance, and has not let us in. */
  notAccepted(): void {
    this.#endJoining('expired');
  }

  /** The hub has not received our acceptance. */
  acceptanceLost(): void {
    this.#joining = undefined;
  }

  /**
   * Takes effect here at once: later texts go to the hub after it, and are said in public.
   *
   * @returns Whether there is a room that the hub has to be told about.
   */
  leave(now: number): boolean {
    if (this.mode === undefined) return false;
    this.#left = leaving(this.place);
    this.#room.exit('left', now);
    return true;
  }

  /** @param newest The newest number that the hub has used, as far as we know. */
  leaveConfirmed(newest: number, now: number): void {
    if (!this.isLeaving || this.#left === undefined) return;
    const {last = newest} = this.#left;
    this.#left = {...this.#left, last, until: now + reliability.memoryMs};
  }

  /** A roll call has come, perhaps before its turn. Messages with later numbers are not from the room that we have left. */
  rollCalled(sequence: number): void {
    // After the confirmation only the first roll call counts.
    if (this.#left === undefined || (this.#left.isCalled && !this.isLeaving)) return;
    const last = (sequence - 1 + reliability.modulus) % reliability.modulus;
    this.#left = {...this.#left, last, isCalled: true};
  }

  /** The place where a text was said. The text names its author, but only the hub's number tells the place (R12). */
  placeOf(sequence: number, now: number): 'public' | 'room' {
    if (this.mode !== undefined) return 'room';
    const left = this.#leftBy(now);
    return left !== undefined && !left.isOver && mayBeOf(left, sequence) ? 'room' : 'public';
  }

  /** @param others The other members of our room; empty from a hub that follows the original. */
  learn(others: readonly Member[], sequence: number, now: number): void {
    if (this.isLeaving) return;
    const members = others
      .filter(({nick}) => nick !== this.#host.nickname)
      .slice(0, maximumMembers - 1);
    const left = this.#leftBy(now);
    const isPast = left === undefined || (left.isCalled && !mayBeOf(left, sequence));
    if (!isPast && this.#isDoubtful(members)) this.#left = {...left, doubted: members};
    else this.#believe(members, now);
  }

  /** A peer has told us that they leave. The hub may learn of it before or later. */
  saidGoodbye(nick: string): void {
    this.#setNicks(this.others.filter(other => other !== nick));
  }

  /** The hub says that we are in no room. @param place The place in which we were when we asked. */
  ended(place: number, reason: 'closed' | 'disconnected', now: number): void {
    // Our 0x07 may still take us out of the room that comes next. Until it is confirmed no roster is believed.
    if (this.#left !== undefined && this.isLeaving && this.#host.isSayingLeave()) {
      // Perhaps asked before we left.
      const isOver = place === this.place || place === this.#left.place;
      this.#left = {...this.#left, isOver: isOver || this.#left.isOver};
      return;
    }
    if (place !== this.place) return;
    this.#left = undefined;
    this.#elsewhereUntil = Number.POSITIVE_INFINITY;
    if (this.mode !== undefined) this.#room.exit(reason, now);
  }

  /** At this time an acceptance without a roster is taken for lost. */
  get #joiningUntil(): number {
    return this.#joining?.until ?? Number.POSITIVE_INFINITY;
  }

  /** The room that we have left, if messages from it may still come. */
  #leftBy(now: number): Left | undefined {
    return this.#left !== undefined && now < this.#left.until ? this.#left : undefined;
  }

  /** Whether a roster may be from the room that we have left: it shows neither our inviter nor one of our invitees. */
  #isDoubtful(members: readonly Member[]): boolean {
    const isLetIn = this.#joiningUntil < Number.POSITIVE_INFINITY && this.#hasInviter(members);
    return !isLetIn && !members.some(({nick}) => this.#room.isInvited(nick));
  }

  #believe(members: readonly Member[], now: number): void {
    // We were in a room with invitees of ours, who were faster, and are in our inviter's room now.
    if (this.mode !== undefined && this.#hasInviter(members)) this.#room.exit('left', now);
    if (this.mode === undefined) this.#enter(members);
    // From a hub that follows the original the roster is empty.
    else if (members.length > 0) this.#setNicks(members.map(({nick}) => nick));
    this.#learnAddresses(members, now);
    for (const {nick} of members) this.#room.joined(nick);
  }

  #hasInviter(members: readonly Member[]): boolean {
    return members.some(({nick}) => nick === this.#joining?.from);
  }

  #enter(members: readonly Member[]): void {
    const {nickname} = this.#host;
    const inviter = this.#joining?.from;
    const isNamed = members.length > 0 || inviter === undefined;
    const nicks = [nickname, ...(isNamed ? members.map(({nick}) => nick) : [inviter])];
    const hasAddresses = members.some(({endpoint}) => endpoint !== undefined);
    const shownMode = hasAddresses ? 'decentralised' : 'centralised';
    const mode = members.length === 0 ? this.#expectedMode : shownMode;
    this.#left = undefined;
    this.#elsewhereUntil = Number.POSITIVE_INFINITY;
    if (inviter !== undefined && nicks.includes(inviter)) this.#endJoining('accepted');
    this.#room.enter(mode, nicks);
  }

  #learnAddresses(members: readonly Member[], now: number): void {
    if (this.mode !== 'decentralised') return;
    const peers = members.flatMap(({nick, endpoint}) =>
      endpoint === undefined ? [] : [{nick, endpoint}],
    );
    this.#peers.become(peers, now);
  }

  #setNicks(others: readonly string[]): void {
    if (this.#room.setMembers([this.#host.nickname, ...others])) this.#host.refreshSoon();
  }

  /** The invitation that we have accepted is settled. */
  #endJoining(reason: 'accepted' | 'expired'): void {
    if (this.#joining === undefined) return;
    const {from} = this.#joining;
    this.#joining = undefined;
    this.#host.emit({type: 'invitation-ended', from, reason});
  }
}

/** Whether the number is at most one window of a hub before the last one of that room. */
function mayBeOf({last}: Left, sequence: number): boolean {
  const {modulus} = reliability;
  return last === undefined || (last - sequence + modulus) % modulus < hubWindow;
}
