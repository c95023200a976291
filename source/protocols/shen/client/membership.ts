import {horizonMs, hubWindow} from '../../../transport/reliability.ts';
import {OwnRoom, type OwnRoomHost} from '../../datagrams/own-room.ts';
import type {Peers} from '../../datagrams/peers.ts';
import type {Mode} from '../../protocol.ts';
import {reliability} from '../reliability.ts';
import type {Member} from '../wire/text.ts';
import {maximumMembers} from '../wire.ts';

/** A room that we have left, of which something may still come. */
type Left = {
  /** Infinity as long as the hub has not confirmed that we have left. */
  readonly until: number;
  /** The hub's number of the last message that may be of that room, if we know it (R12). */
  readonly last: number | undefined;
  /** A roll call has told which one that is. */
  readonly isCalled: boolean;
  /** A roster that may be of this room, or of one that we have entered since. */
  readonly doubted: readonly Member[];
};

const leaving: Left = {
  until: Number.POSITIVE_INFINITY,
  last: undefined,
  isCalled: false,
  doubted: [],
};

type MembershipHost = OwnRoomHost & {
  /** Tells the hub that we leave. */
  sayLeave(now: number): void;
};

/** Which room we are in and with whom, as the hub's rosters say. */
export class Membership {
  readonly #host: MembershipHost;
  readonly #peers: Peers;
  readonly #room: OwnRoom;
  /** An invitation that we have accepted; until then its roster is waited for. */
  #joining: {readonly from: string; readonly until: number} | undefined;
  /** Of our newest invitation, sent or accepted: the mode of a room whose roster says nothing. */
  #expectedMode: Mode = 'centralised';
  #left: Left | undefined;
  /** The hub has us in a room whose roster has not come: until then it is waited for. */
  #elsewhereUntil = Number.POSITIVE_INFINITY;

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

  /** Another number for each room that we are in, and for each time in public. */
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
    // A long roster does not show everybody: it need not have shown the inviter.
    if (now >= this.#joiningUntil) {
      this.#endJoining(this.mode === undefined ? 'expired' : 'accepted');
    }
    if (now < this.#elsewhereUntil) return;
    this.#elsewhereUntil = Number.POSITIVE_INFINITY;
    this.#left = leaving;
    // We are shown in public: there we can be heard again.
    this.#host.sayLeave(now);
  }

  /** The hub has us in a room that we do not know: its roster is on its way, or was lost for good. */
  foundElsewhere(now: number): void {
    if (this.mode !== undefined || this.isLeaving) return;
    this.#elsewhereUntil = Math.min(this.#elsewhereUntil, now + horizonMs(reliability));
  }

  /** @returns The mode of the invitation: that of the room we are in wins. */
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

  /** We accept: the next roster with the inviter in it is of their room. */
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

  /** The hub has not heard it. */
  acceptanceLost(): void {
    this.#joining = undefined;
  }

  /**
   * Takes effect here at once: what is said afterwards is said after it, and in public.
   *
   * @returns Whether there is a room that the hub has to be told about.
   */
  leave(now: number): boolean {
    if (this.mode === undefined) return false;
    this.#left = leaving;
    this.#room.exit('left', now);
    return true;
  }

  /** @param newest The newest number that the hub has used, as far as we know. */
  leaveConfirmed(newest: number, now: number): void {
    if (!this.isLeaving || this.#left === undefined) return;
    const {last = newest} = this.#left;
    this.#left = {...this.#left, last, until: now + reliability.memoryMs};
  }

  /** A roll call has come, perhaps before its turn: what has a later number is not of the room that we have left. */
  rollCalled(sequence: number): void {
    // After the confirmation the first one counts: the others are the usual ones.
    if (this.#left === undefined || (this.#left.isCalled && !this.isLeaving)) return;
    const last = (sequence - 1 + reliability.modulus) % reliability.modulus;
    this.#left = {...this.#left, last, isCalled: true};
  }

  /** Where a text was said: it says who has written it, but only the hub's number tells where (R12). */
  placeOf(sequence: number, now: number): 'public' | 'room' {
    if (this.mode !== undefined) return 'room';
    const left = this.#leftBy(now);
    return left !== undefined && mayBeOf(left, sequence) ? 'room' : 'public';
  }

  /** @param others The members of our room besides us; empty from a hub that follows the original. */
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

  /** A peer has told us that they leave, before or after the hub has heard it. */
  saidGoodbye(nick: string): void {
    this.#setNicks(this.others.filter(other => other !== nick));
  }

  /** @param place Where the hub has found that we are in no room: neither there nor about to leave one. */
  ended(place: number, reason: 'closed' | 'disconnected', now: number): void {
    if (place !== this.place) return;
    this.#left = undefined;
    this.#elsewhereUntil = Number.POSITIVE_INFINITY;
    if (this.mode !== undefined) this.#room.exit(reason, now);
  }

  /** When an acceptance that no roster has followed is taken for lost. */
  get #joiningUntil(): number {
    return this.#joining?.until ?? Number.POSITIVE_INFINITY;
  }

  /** The room that we have left, if something of it may still come. */
  #leftBy(now: number): Left | undefined {
    return this.#left !== undefined && now < this.#left.until ? this.#left : undefined;
  }

  /** Whether it may be of the room that we have left: it shows neither who has let us in nor whom we have. */
  #isDoubtful(members: readonly Member[]): boolean {
    const isLetIn = this.#joiningUntil < Number.POSITIVE_INFINITY && this.#hasInviter(members);
    return !isLetIn && !members.some(({nick}) => this.#room.isInvited(nick));
  }

  #believe(members: readonly Member[], now: number): void {
    // Our own invitees were faster: we were in a room with them, and are in the inviter's now.
    if (this.mode !== undefined && this.#hasInviter(members)) this.#room.exit('left', now);
    if (this.mode === undefined) this.#enter(members);
    // It says nothing if the hub follows the original.
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

  /** An invitation that we have accepted is settled. */
  #endJoining(reason: 'accepted' | 'expired'): void {
    if (this.#joining === undefined) return;
    const {from} = this.#joining;
    this.#joining = undefined;
    this.#host.emit({type: 'invitation-ended', from, reason});
  }
}

/** No window of a hub reaches further back than that. */
function mayBeOf({last}: Left, sequence: number): boolean {
  const {modulus} = reliability;
  return last === undefined || (last - sequence + modulus) % modulus < hubWindow;
}
