import {nameKey} from '../../names/key.ts';
import type {ClientEvent, ClientHost, Mode} from '../protocol.ts';
import type {Peers} from './peers.ts';

export type OwnRoomHost = Pick<ClientHost, 'emit' | 'nickname'> & {
  /** We are in another place: what we know of the others has changed. */
  refreshSoon(): void;
};

type Room = {readonly mode: Mode; readonly members: ReadonlySet<string>};

type LeavingReason = Extract<ClientEvent, {type: 'room-left'}>['reason'];

const nobody: ReadonlySet<string> = new Set();

/** Our private room, if any, and the people we have invited. Each protocol learns of them in its own way. */
export class OwnRoom {
  readonly #host: OwnRoomHost;
  readonly #peers: Peers;
  #room: Room | undefined;
  #place = 0;
  /** Number of unanswered invitations of each person, by the key of the name: hubs accept other spellings. */
  readonly #invited = new Map<string, number>();

  constructor(host: OwnRoomHost, peers: Peers) {
    this.#host = host;
    this.#peers = peers;
  }

  get mode(): Mode | undefined {
    return this.#room?.mode;
  }

  /** Includes us. Empty in the public room. */
  get members(): ReadonlySet<string> {
    return this.#room?.members ?? nobody;
  }

  /** The other members. */
  get others(): readonly string[] {
    return [...this.members].filter(nick => nick !== this.#host.nickname);
  }

  /** A new number for each room that we enter, and for each return to public: a text belongs to one place only. */
  get place(): number {
    return this.#place;
  }

  /** @param name Only if the protocol's rooms have names. */
  enter(mode: Mode, members: readonly string[], name?: string): void {
    this.#room = {mode, members: new Set(members)};
    this.#place++;
    const room = {type: 'room-entered', mode, members} as const;
    this.#host.emit(name === undefined ? room : {...room, name});
    this.#host.refreshSoon();
  }

  /** @returns Whether the members have changed. */
  setMembers(members: readonly string[]): boolean {
    const room = this.#room;
    const now = new Set(members);
    if (room === undefined || room.members.symmetricDifference(now).size === 0) return false;
    this.#room = {mode: room.mode, members: now};
    this.#host.emit({type: 'room-members', members: [...now]});
    return true;
  }

  exit(reason: LeavingReason, now: number): void {
    if (this.#room?.mode === 'decentralised') this.#peers.leave(now);
    this.#room = undefined;
    this.#place++;
    this.#invited.clear();
    this.#host.emit({type: 'room-left', reason});
    this.#host.refreshSoon();
  }

  /** Whether an invitation is unanswered. */
  get hasInvited(): boolean {
    return this.#invited.size > 0;
  }

  isInvited(nick: string): boolean {
    return this.#invited.has(nameKey(nick));
  }

  invite(nicknames: readonly string[]): void {
    for (const key of nicknames.map(nameKey)) {
      this.#invited.set(key, (this.#invited.get(key) ?? 0) + 1);
    }
  }

  /** The hub did not pass our invitation on. */
  notInvited(nick: string): void {
    const key = nameKey(nick);
    const unanswered = (this.#invited.get(key) ?? 0) - 1;
    if (unanswered > 0) this.#invited.set(key, unanswered);
    else this.#invited.delete(key);
  }

  declined(nick: string): void {
    this.notInvited(nick);
    this.#host.emit({type: 'invitation-answer', nick, accepted: false});
  }

  /** Somebody is in our room. If we had invited them, this is their answer. */
  joined(nick: string): void {
    if (!this.#invited.delete(nameKey(nick))) return;
    this.#host.emit({type: 'invitation-answer', nick, accepted: true});
  }
}
