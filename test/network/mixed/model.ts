/**
 * A chat of five protocols as a reader of docs/protocols/bridge.md would write it down: no bytes, and nothing under way.
 * The tests compare it with the real hub and the real clients.
 */

import {pendingMs} from '../../../source/chat/words.ts';
import {protocols} from '../../../source/protocols/index.ts';
import type {Mode} from '../../../source/protocols/protocol.ts';
import {NamesThere, type Person} from './people.ts';

export type Room = {
  /** Undefined if it began with an invitation. */
  readonly name: string | undefined;
  readonly mode: Mode;
  readonly founder: Person;
  /** Its name for users whose protocol has named rooms. */
  readonly title: string;
  readonly members: Person[];
};

type Invitation = {
  readonly inviter: Person;
  readonly invitee: Person;
  readonly mode: Mode;
  room: Room | undefined;
  readonly expiresAt: number;
};

/** A text as one reader has to see it, whole. */
export type Expected = {
  readonly from: string;
  readonly scope: 'public' | 'room' | 'direct';
  readonly text: string;
  /** Each piece says so. */
  readonly isMarked: boolean;
};

/** The outcome of an invitation, as its inviter is told at once. */
export type InvitationOutcome = 'invited' | 'declined' | 'already-in-room' | 'no-such-user';

export class Model {
  readonly #names = new Map(protocols.map(({name}) => [name, new NamesThere(name)]));
  readonly present: Person[] = [];
  readonly rooms: Room[] = [];
  #invitations: Invitation[] = [];
  /** The texts that each has to have read since {@link takeTexts}. */
  readonly #texts = new Map<Person, Expected[]>();

  /** The person's name for that reader. */
  called(person: Person, reader: Person): string {
    return this.#namesOf(reader).of(person);
  }

  roomOf(person: Person): Room | undefined {
    return this.rooms.find(({members}) => members.includes(person));
  }

  /** @returns Whether they are let in. */
  connect(person: Person): boolean {
    const isTaken =
      this.#namesOf(person).isTaken(person.nick) ||
      this.present.some(({nick}) => nick.toLowerCase() === person.nick.toLowerCase());
    if (isTaken) return false;
    this.present.push(person);
    for (const names of this.#names.values()) names.arrive(person);
    return true;
  }

  disconnect(person: Person): void {
    this.leave(person);
    this.present.splice(this.present.indexOf(person), 1);
    this.#invitations = this.#invitations.filter(
      ({inviter, invitee}) => inviter !== person && invitee !== person,
    );
    for (const names of this.#names.values()) names.depart(person);
  }

  say(author: Person, text: string): void {
    const room = this.roomOf(author);
    const scope = room === undefined ? 'public' : 'room';
    for (const reader of this.present) {
      if (reader !== author && this.roomOf(reader) === room)
        this.#show(author, reader, scope, text);
    }
  }

  /** @returns Whether it reaches its reader. */
  tell(author: Person, reader: Person, text: string): boolean {
    const room = this.roomOf(author);
    if (this.roomOf(reader) !== room) return false;
    const isMarked = !reader.protocol.features.has('direct-messages');
    const scope = !isMarked ? 'direct' : room === undefined ? 'public' : 'room';
    this.#show(author, reader, scope, text, isMarked);
    return true;
  }

  /** Opens a named room. @returns Whether the name is free. */
  create(person: Person, name: string, mode: Mode): boolean {
    if (this.rooms.some(room => room.name === name)) return false;
    this.#enter(person, this.#open(person, name, mode));
    return true;
  }

  /** @returns Whether there is such a room for them. */
  join(person: Person, name: string): boolean {
    const room = this.rooms.find(one => one.name === name);
    if (room === undefined || room.members.includes(person)) return false;
    this.#enter(person, room);
    return true;
  }

  invite(inviter: Person, invitee: Person, wanted: Mode, now: number): InvitationOutcome {
    const room = this.roomOf(inviter);
    const mode = room?.mode ?? wanted;
    const other = this.roomOf(invitee);
    const isElsewhere = other !== undefined && other !== room;
    const canChange = [inviter, invitee].every(({protocol: {name}}) => name === 'messagerie');
    if (!invitee.protocol.features.has('invitations')) return 'declined';
    if (mode === 'decentralised' && invitee.protocol !== inviter.protocol) return 'declined';
    if (other !== undefined && !(isElsewhere && canChange)) {
      const {name} = inviter.protocol;
      if (name === 'shen' || (name === 'messagerie' && isElsewhere)) return 'declined';
      return 'already-in-room';
    }
    this.#invitations = this.#invitations.filter(
      one => one.inviter !== inviter || one.invitee !== invitee,
    );
    this.#invitations.push({inviter, invitee, mode, room, expiresAt: now + pendingMs});
    return 'invited';
  }

  isInvited(invitee: Person, inviter: Person): boolean {
    return this.#find(invitee, inviter) !== undefined;
  }

  /** Nobody has answered in time. */
  expire(now: number): void {
    this.#invitations = this.#invitations.filter(({expiresAt}) => expiresAt > now);
  }

  /** @param inviter Undefined if the inviter has left. */
  accept(invitee: Person, inviter: Person | undefined): void {
    // An invitee who cannot change rooms leaves theirs first, whatever the outcome.
    if (!invitee.protocol.changesRooms) this.leave(invitee);
    if (inviter === undefined) return;
    const invitation = this.#find(invitee, inviter);
    if (invitation === undefined) return;
    this.#forget(invitation);
    if (invitation.room === undefined) {
      const {mode} = invitation;
      const room = this.#open(inviter, undefined, mode);
      for (const one of this.#invitations)
        if (one.inviter === inviter && one.mode === mode) one.room = room;
      this.#invitations = this.#invitations.filter(
        one => one.inviter !== inviter || one.mode === mode,
      );
      room.members.push(inviter);
      this.#enter(invitee, room);
    } else if (!invitation.room.members.includes(invitee)) {
      this.#enter(invitee, invitation.room);
    }
  }

  /** @returns Whether the inviter is told. */
  decline(invitee: Person, inviter: Person): boolean {
    const invitation = this.#find(invitee, inviter);
    if (invitation !== undefined) this.#forget(invitation);
    return invitation !== undefined;
  }

  leave(person: Person): void {
    const room = this.roomOf(person);
    if (room === undefined) return;
    this.#endInvitationsFrom(person);
    room.members.splice(room.members.indexOf(person), 1);
    const [last] = room.members;
    if (room.members.length > 1) return;
    if (last !== undefined) this.#endInvitationsFrom(last);
    this.rooms.splice(this.rooms.indexOf(room), 1);
  }

  takeTexts(reader: Person): readonly Expected[] {
    const texts = this.#texts.get(reader) ?? [];
    this.#texts.delete(reader);
    return texts;
  }

  #namesOf({protocol}: Person): NamesThere {
    return this.#names.get(protocol.name) ?? new NamesThere(protocol.name);
  }

  #show(
    author: Person,
    reader: Person,
    scope: Expected['scope'],
    text: string,
    isMarked = false,
  ): void {
    const texts = this.#texts.get(reader) ?? [];
    texts.push({from: this.called(author, reader), scope, text, isMarked});
    this.#texts.set(reader, texts);
  }

  #open(founder: Person, name: string | undefined, mode: Mode): Room {
    const title = name ?? this.#names.get('messagerie')?.of(founder) ?? '';
    const room = {name, mode, founder, title, members: []};
    this.rooms.push(room);
    return room;
  }

  /** A person who moves leaves their former room, and their invitations end. */
  #enter(person: Person, room: Room): void {
    this.leave(person);
    this.#endInvitationsFrom(person);
    room.members.push(person);
  }

  #find(invitee: Person, inviter: Person): Invitation | undefined {
    return this.#invitations.find(one => one.inviter === inviter && one.invitee === invitee);
  }

  #forget(invitation: Invitation): void {
    this.#invitations = this.#invitations.filter(one => one !== invitation);
  }

  #endInvitationsFrom(person: Person): void {
    this.#invitations = this.#invitations.filter(({inviter}) => inviter !== person);
  }
}
