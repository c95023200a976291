import {horizonMs} from '../../../transport/reliability.ts';
import type {Peers} from '../../datagrams/peers.ts';
import type {ClientHost, Mode} from '../../protocol.ts';
import {reliability} from '../reliability.ts';
import type {Member} from '../wire/text.ts';
import {maximumMembers} from '../wire.ts';

type Room = {readonly mode: Mode; readonly members: ReadonlySet<string>};

type Left = {
  readonly members: ReadonlySet<string>;
  /** Infinity as long as the hub has not confirmed that we have left. */
  readonly until: number;
  /** The hub has called the roll since we said so. */
  readonly isCalled: boolean;
  /** A roster that may be of this room, or of one that we have entered since. */
  readonly doubted: readonly Member[];
};

type MembershipHost = Pick<ClientHost, 'emit' | 'nickname'> & {
  /** What we know of others has changed with our place. */
  refreshSoon(): void;
};

/** Which room we are in and with whom, as the hub's rosters say. */
export class Membership {
  readonly #host: MembershipHost;
  readonly #peers: Peers;
  #room: Room | undefined;
  #epoch = 0;
  /** An invitation that we have accepted; until then its roster is waited for. */
  #joining: {readonly from: string; readonly until: number} | undefined;
  /** Of our newest invitation, sent or accepted: the mode of a room whose roster says nothing. */
  #expectedMode: Mode = 'centralised';
  /** In lower case, as a hub does not care about it. */
  readonly #invited = new Set<string>();
  /** A room of which something may still be under way. */
  #left: Left | undefined;

  constructor(host: MembershipHost, peers: Peers) {
    this.#host = host;
    this.#peers = peers;
  }

  get mode(): Mode | undefined {
    return this.#room?.mode;
  }

  /** The members besides us. */
  get others(): readonly string[] {
    return [...(this.#room?.members ?? [])].filter(nick => nick !== this.#host.nickname);
  }

  /** Another number for each room that we are in, and for each time in public. */
  get epoch(): number {
    return this.#epoch;
  }

  /** The hub has not confirmed that we have left. */
  get isLeaving(): boolean {
    return this.#left?.until === Number.POSITIVE_INFINITY;
  }

  /** When an acceptance that no roster has followed is taken for lost. */
  get dueAt(): number {
    return this.#joining?.until ?? Number.POSITIVE_INFINITY;
  }

  onTime(now: number): void {
    // A long roster does not show everybody: it need not have shown the inviter.
    if (now >= this.dueAt) this.#endJoining(this.#room === undefined ? 'expired' : 'accepted');
  }

  /** @returns The mode of the invitation: that of the room we are in wins. */
  invite(nicknames: readonly string[], wanted: Mode): Mode {
    const mode = this.mode ?? wanted;
    this.#expectedMode = mode;
    for (const nickname of nicknames) this.#invited.add(nickname.toLowerCase());
    return mode;
  }

  /** The hub did not pass our invitation on. */
  notInvited(nickname: string): void {
    this.#invited.delete(nickname.toLowerCase());
  }

  declined(nick: string): void {
    this.notInvited(nick);
    this.#host.emit({type: 'invitation-answer', nick, accepted: false});
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
    if (this.#hasInviter(doubted)) this.learn(doubted, now);
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
    if (this.#room === undefined) return false;
    const {members} = this.#room;
    this.#left = {members, until: Number.POSITIVE_INFINITY, isCalled: false, doubted: []};
    this.#exit('left', now);
    return true;
  }

  /** What the hub has sent before may still come. */
  leaveConfirmed(now: number): void {
    if (this.#left === undefined) return;
    const until = this.#left.isCalled ? now : now + reliability.memoryMs;
    this.#left = {...this.#left, until};
  }

  /** Our hub calls the roll of who leaves: what it sends after that is not of the room any more. */
  rollCalled(): void {
    this.#left = this.isLeaving && this.#left ? {...this.#left, isCalled: true} : undefined;
  }

  /** A text says who has written it, not where. */
  placeOf(author: string, now: number): 'public' | 'room' {
    if (this.#room !== undefined) return 'room';
    const left = this.#leftBy(now);
    return left?.members.has(author) && !left.isCalled ? 'room' : 'public';
  }

  /** @param others The members of our room besides us; empty from a hub that follows the original. */
  learn(others: readonly Member[], now: number): void {
    const members = others
      .filter(({nick}) => nick !== this.#host.nickname)
      .slice(0, maximumMembers - 1);
    if (this.#left !== undefined && this.isLeaving) {
      // Who joins after we have left says things there, too.
      this.#left = {...this.#left, members: new Set(members.map(({nick}) => nick))};
      return;
    }
    const left = this.#leftBy(now);
    if (left !== undefined && this.#isDoubtful(members)) {
      this.#left = {...left, doubted: members};
      return;
    }
    // Our own invitees were faster: we were in a room with them, and are in the inviter's now.
    if (this.#room !== undefined && this.#hasInviter(members)) this.#exit('left', now);
    if (this.#room === undefined) this.#enter(members);
    else this.#setMembers(members);
    this.#learnAddresses(members, now);
    this.#acknowledge(members);
  }

  /** A peer has told us that they leave, before or after the hub has heard it. */
  saidGoodbye(nick: string): void {
    this.#setNicks(this.others.filter(other => other !== nick));
  }

  /** @param epoch In which the hub has found that we are in no room: neither there nor about to leave one. */
  ended(epoch: number, reason: 'closed' | 'disconnected', now: number): void {
    if (epoch !== this.#epoch) return;
    this.#left = undefined;
    if (this.#room !== undefined) this.#exit(reason, now);
  }

  /** The room that we have left, if something of it may still come. */
  #leftBy(now: number): Left | undefined {
    return this.#left !== undefined && now < this.#left.until ? this.#left : undefined;
  }

  /** Whether it may be of the room that we have left: it shows neither who has let us in nor whom we have. */
  #isDoubtful(members: readonly Member[]): boolean {
    const isLetIn = this.dueAt < Number.POSITIVE_INFINITY && this.#hasInviter(members);
    return !isLetIn && !members.some(({nick}) => this.#invited.has(nick.toLowerCase()));
  }

  #hasInviter(members: readonly Member[]): boolean {
    return members.some(({nick}) => nick === this.#joining?.from);
  }

  #enter(members: readonly Member[]): void {
    const {nickname, emit, refreshSoon} = this.#host;
    const inviter = this.#joining?.from;
    const isNamed = members.length > 0 || inviter === undefined;
    const nicks = [nickname, ...(isNamed ? members.map(({nick}) => nick) : [inviter])];
    const hasAddresses = members.some(({endpoint}) => endpoint !== undefined);
    const shownMode = hasAddresses ? 'decentralised' : 'centralised';
    const mode = members.length === 0 ? this.#expectedMode : shownMode;
    this.#left = undefined;
    this.#room = {mode, members: new Set(nicks)};
    this.#epoch++;
    if (inviter !== undefined && nicks.includes(inviter)) this.#endJoining('accepted');
    emit({type: 'room-entered', mode, members: nicks});
    refreshSoon();
  }

  #learnAddresses(members: readonly Member[], now: number): void {
    if (this.#room?.mode !== 'decentralised') return;
    const peers = members.flatMap(({nick, endpoint}) =>
      endpoint === undefined ? [] : [{nick, endpoint}],
    );
    this.#peers.become(peers, now);
  }

  /** Somebody whom we had invited is there: that is their answer. */
  #acknowledge(members: readonly Member[]): void {
    for (const {nick} of members) {
      if (!this.#invited.delete(nick.toLowerCase())) continue;
      this.#host.emit({type: 'invitation-answer', nick, accepted: true});
    }
  }

  #setMembers(members: readonly Member[]): void {
    // It says nothing if the hub follows the original.
    if (members.length > 0) this.#setNicks(members.map(({nick}) => nick));
  }

  #setNicks(others: readonly string[]): void {
    if (this.#room === undefined) return;
    const {mode, members: former} = this.#room;
    const members = [this.#host.nickname, ...others];
    if (former.symmetricDifference(new Set(members)).size === 0) return;
    this.#room = {mode, members: new Set(members)};
    this.#host.emit({type: 'room-members', members});
    this.#host.refreshSoon();
  }

  /** An invitation that we have accepted is settled. */
  #endJoining(reason: 'accepted' | 'expired'): void {
    if (this.#joining === undefined) return;
    const {from} = this.#joining;
    this.#joining = undefined;
    this.#host.emit({type: 'invitation-ended', from, reason});
  }

  #exit(reason: 'left' | 'closed' | 'disconnected', now: number): void {
    if (this.#room?.mode === 'decentralised') this.#peers.leave(now);
    this.#room = undefined;
    this.#epoch++;
    this.#invited.clear();
    this.#host.emit({type: 'room-left', reason});
    this.#host.refreshSoon();
  }
}
