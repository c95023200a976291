import {horizonMs} from '../../../transport/reliability.ts';
import {OwnRoom, type OwnRoomHost} from '../../datagrams/own-room.ts';
import type {Peers} from '../../datagrams/peers.ts';
import type {Mode} from '../../protocol.ts';
import {reliability} from '../reliability.ts';
import type {Peer} from '../wire/messages.ts';
import type {Notice, RelayedText} from '../wire/text.ts';

/** A hub has at most this many users. */
const maximumMembers = 254;

const maximumHeard = 1000;

/** Texts that wait for a room's first list. With more, they are shown without it. */
const maximumWaiting = 100;

type Named = {
  readonly name: string;
  /** Everybody who was a member while we were: their texts may come late. */
  readonly heard: ReadonlySet<string>;
};

/** The hub has let us in, and we have requested the list of the members. */
type Entering = {readonly name: string; readonly inviter: string | undefined};

export type MembershipHost = OwnRoomHost & {
  /** Asks for the list of a room's members. */
  askForMembers(room: string): void;
  /** Asks for the addresses of our decentralised room's members. */
  askForAddresses(room: string): void;
  /** The hub may no longer have us in our room: asks for its members. */
  doubtPlace(): void;
  show(scope: 'public' | 'room', relayed: RelayedText): void;
};

/** Our room and its members, from the hub's answers, notices, rosters and lists. */
export class Membership {
  readonly #host: MembershipHost;
  readonly #peers: Peers;
  readonly #room: OwnRoom;
  /** Our room, if any. */
  #named: Named | undefined;
  #entering: Entering | undefined;
  readonly #waiting: RelayedText[] = [];
  /** Members of a room that we have left. The hub may not know yet that we have. */
  #leaving: ReadonlySet<string> | undefined;
  /** Until this time messages about our room, which do not name it, may be about our former room. */
  #straysUntil = Number.NEGATIVE_INFINITY;
  #mayBeClosed = false;
  #mayBeForgotten = false;
  #epoch = 0;

  constructor(host: MembershipHost, peers: Peers) {
    this.#host = host;
    this.#peers = peers;
    this.#room = new OwnRoom(host, peers);
  }

  get name(): string | undefined {
    return this.#named?.name;
  }

  get mode(): Mode | undefined {
    return this.#room.mode;
  }

  /** The other members. */
  get others(): readonly string[] {
    return this.#room.others;
  }

  /** The hub has us in a room whose members we do not know yet. */
  get isEntering(): boolean {
    return this.#entering !== undefined;
  }

  /** The room whose list of members we need. */
  get roomToList(): string | undefined {
    return this.#entering?.name ?? this.name;
  }

  /** A new number for each room that we enter, and for each return to public: a text belongs to one place only. */
  get place(): number {
    return this.#room.place;
  }

  /** Goes up with every change of our room's members. A list that was requested before is out of date. */
  get epoch(): number {
    return this.#epoch;
  }

  isMember(nick: string): boolean {
    return this.#room.members.has(nick);
  }

  invite(nickname: string): void {
    this.#room.invite([nickname]);
  }

  notInvited(nickname: string): void {
    this.#room.notInvited(nickname);
  }

  created(name: string, mode: Mode, now: number): void {
    this.#exit('left', now);
    this.#enter(name, mode, [this.#host.nickname]);
  }

  /**
   * The hub has let us into a centralised room; its list will tell the members. A room that began with an invitation may
   * have the same name as our present room. They are different rooms if the inviter is not in ours.
   */
  entering(name: string, inviter: string | undefined, now: number): void {
    const isOurs = inviter === undefined || this.isMember(inviter);
    if (this.name === name && isOurs) return;
    this.#exit('left', now);
    this.#entering = {name, inviter};
    this.#host.askForMembers(name);
  }

  /** The hub has let us into a decentralised room, or told us the addresses once more. */
  learnRoster(name: string, peers: readonly Peer[], now: number): void {
    const members = peers
      .slice(0, maximumMembers)
      .map(({name: nick, endpoint}) => ({nick, endpoint}));
    const names = [this.#host.nickname, ...members.map(({nick}) => nick)];
    const isChange = this.name === name && this.mode === 'decentralised';
    if (!isChange) this.#exit('left', now);
    this.#peers.become(members, now);
    if (isChange) this.#setMembers(names);
    else this.#enter(name, 'decentralised', names);
  }

  /** We have registered again: if the hub does not have us in our room any more, it may have forgotten us. */
  reconnected(): void {
    this.#mayBeForgotten = this.roomToList !== undefined;
  }

  /** The hub has told the members of our decentralised room that it has changed (R8). */
  rosterChanged(peers: readonly Peer[], now: number): void {
    const {name} = this;
    if (name === undefined || this.mode !== 'decentralised') return;
    if (now < this.#straysUntil) this.#host.askForAddresses(name);
    else this.learnRoster(name, peers, now);
  }

  /**
   * A list of that room's members, requested in that epoch.
   *
   * @returns false if it is out of date.
   */
  learnMembers(name: string, names: readonly string[], epoch: number, now: number): boolean {
    if (name !== this.roomToList || epoch !== this.#epoch) return false;
    const isIn = names.includes(this.#host.nickname);
    if (isIn) {
      this.#mayBeClosed = false;
      this.#mayBeForgotten = false;
    }
    if (this.#entering !== undefined) {
      if (isIn) this.#entered(names);
      else this.#miss();
    } else if (!isIn) {
      // A room that does not exist any more was closed, and the notice is late; unless the hub has forgotten everybody.
      const isClosed = this.#mayBeClosed || (names.length === 0 && !this.#mayBeForgotten);
      this.#exit(isClosed ? 'closed' : 'disconnected', now);
    } else if (this.mode === 'centralised') {
      this.#setMembers(names);
    } else if (new Set(names).symmetricDifference(this.#room.members).size > 0) {
      this.#host.askForAddresses(name);
    }
    return true;
  }

  /** Comes in its order among the texts. */
  notice({name, event}: Notice, now: number): void {
    if (event === 'declined') {
      this.#room.declined(name);
      return;
    }
    this.#host.refreshSoon();
    if (this.#entering !== undefined) this.#epoch++;
    if (this.#named === undefined || this.mode !== 'centralised') return;
    if (now < this.#straysUntil) {
      this.#epoch++;
      this.#host.askForMembers(this.#named.name);
      return;
    }
    const others = [...this.#room.members].filter(nick => nick !== name);
    this.#setMembers(event === 'joined' ? [...others, name] : others);
  }

  /**
   * A text that the hub has relayed. It was said in our room if its author was in it. Otherwise it was said in public
   * before we entered, and is late.
   */
  hear(relayed: RelayedText): void {
    if (this.#entering !== undefined) {
      this.#waiting.push(relayed);
      if (this.#waiting.length > maximumWaiting) this.#enteredUnlisted();
      return;
    }
    const members = this.#named?.heard ?? this.#leaving;
    this.#host.show(members?.has(relayed.author) ? 'room' : 'public', relayed);
  }

  /** The list for which we wait will not come: enters the room without it. */
  unlisted(): void {
    if (this.#entering !== undefined) this.#enteredUnlisted();
  }

  closed(now: number): void {
    if (now < this.#straysUntil && this.roomToList !== undefined) {
      this.#mayBeClosed = true;
      this.#epoch++;
      this.#host.doubtPlace();
    } else if (this.#entering !== undefined) this.#miss();
    else this.#exit('closed', now);
  }

  /** Takes effect here at once: later texts go to the hub after it, and are said in public. */
  leave(now: number): void {
    this.#leaving = this.#named?.heard;
    this.#exit('left', now);
  }

  /** The hub has us in public, even if it had let us into another room before it learned that we leave. */
  leaveConfirmed(now: number): void {
    this.#leaving = undefined;
    if (this.#entering !== undefined) this.#miss();
    else this.#exit('left', now);
  }

  #entered(names: readonly string[]): void {
    const entering = this.#entering;
    if (entering === undefined) return;
    this.#entering = undefined;
    this.#enter(entering.name, 'centralised', names);
    for (const relayed of this.#waiting.splice(0)) this.hear(relayed);
  }

  #enteredUnlisted(): void {
    const {nickname} = this.#host;
    const authors = this.#waiting.map(({author}) => author);
    const inviter = this.#entering?.inviter;
    const known = inviter === undefined ? authors : [inviter, ...authors];
    this.#entered([...new Set([nickname, ...known])]);
  }

  /** The room was closed before we had seen its members. */
  #miss(): void {
    this.#entering = undefined;
    for (const relayed of this.#waiting.splice(0)) this.hear(relayed);
    this.#host.refreshSoon();
  }

  #enter(name: string, mode: Mode, names: readonly string[]): void {
    const members = names.slice(0, maximumMembers + 1);
    this.#named = {name, heard: new Set(members)};
    this.#leaving = undefined;
    this.#epoch++;
    this.#room.enter(mode, members, name);
  }

  #setMembers(names: readonly string[]): void {
    const members = new Set(names.slice(0, maximumMembers + 1));
    const added = members.difference(this.#room.members);
    if (this.#named === undefined || !this.#room.setMembers([...members])) return;
    const {name, heard} = this.#named;
    // A hostile hub may let thousands come and go: then former members are forgotten.
    this.#named = {name, heard: heard.size > maximumHeard ? members : heard.union(members)};
    this.#epoch++;
    for (const nick of added) this.#room.joined(nick);
  }

  #exit(reason: 'left' | 'closed' | 'disconnected', now: number): void {
    if (this.mode === undefined) return;
    // A message is repeated for one horizon, and may then wait as long behind a missing one.
    this.#straysUntil = now + 2 * horizonMs(reliability);
    this.#mayBeClosed = false;
    this.#mayBeForgotten = false;
    this.#named = undefined;
    this.#epoch++;
    this.#room.exit(reason, now);
  }
}
