import {isSameName, nameKey} from '../../../names/key.ts';
import type {ClientHost, ListedUser, Mode} from '../../protocol.ts';
import {isName, sentences} from '../wire/text.ts';
import type * as wire from '../wire.ts';
import type {Membership} from './membership.ts';

/** This many of the longest names fit into a text. */
const inviteesPerRequest = 47;

type Invitation = {readonly invitees: readonly string[]; readonly mode: Mode};

/**
 * The invitations that we ask the hub to send. They go one exchange after the other, because the message with the mode
 * does not say to which request it belongs.
 */
export class SentInvitations {
  readonly #emit: ClientHost['emit'];
  readonly #membership: Membership;
  /** The first one is with the hub now. */
  #waiting: Invitation[] = [];
  /** The hub may say that one of these is unknown, without saying which. */
  #invitees: readonly string[] = [];
  /** How many times it has said so without a name since the last list. */
  #unknown = 0;
  /** How many times it will still say so about people whom we have reported already, because the list lacked them. */
  #named = 0;

  constructor(emit: ClientHost['emit'], membership: Membership) {
    this.#emit = emit;
    this.#membership = membership;
  }

  get first(): Invitation | undefined {
    return this.#waiting[0];
  }

  /** @returns Whether the first one that waits is new. */
  add(nicknames: readonly string[], wanted: Mode): boolean {
    const isIdle = this.#waiting.length === 0;
    const names = nicknames.filter(isName);
    for (const about of nicknames.filter(nickname => !isName(nickname))) {
      this.#emit({type: 'error', code: 'no-such-user', about});
    }
    const mode = this.#membership.invite(names, wanted);
    for (let start = 0; start < names.length; start += inviteesPerRequest) {
      this.#waiting.push({invitees: names.slice(start, start + inviteesPerRequest), mode});
    }
    return isIdle;
  }

  /** The hub asks for the mode of the first one: it knows at least one of the invitees. */
  asked(): void {
    this.#invitees = this.first?.invitees ?? [];
    this.#named = 0;
  }

  /** The first one is done. */
  done(): void {
    this.#waiting.shift();
  }

  /** The hub does not pass the first one on. */
  refused(type: wire.MessageType): void {
    const invitees = this.first?.invitees ?? [];
    for (const nickname of invitees) this.#membership.notInvited(nickname);
    const about = '';
    if (type === 'envoieInvalide') {
      this.#emit({type: 'error', code: 'no-such-user', about: invitees.join(', ')});
    } else if (type === 'messagerieSeTermine') {
      this.#emit({type: 'error', code: 'refused-by-hub', about: sentences.messagerieSeTermine});
    } else if (this.#membership.mode === undefined) {
      this.#emit({type: 'error', code: 'too-many-rooms', about});
    } else {
      this.#emit({type: 'error', code: 'room-full', about});
    }
    this.done();
  }

  /** The hub does not answer. */
  clear(): void {
    this.#waiting = [];
  }

  /**
   * One of the invitees does not exist.
   *
   * @param named The name, if the hub tells it.
   * @returns Whether we need a list to find out who it is.
   */
  hearUnknown(named: string | undefined): boolean {
    const invitee =
      named === undefined ? undefined : this.#invitees.find(nick => isSameName(nick, named));
    if (invitee !== undefined) {
      this.#missing(invitee);
      return false;
    }
    if (this.#named === 0) return this.#unknown++ === 0;
    this.#named--;
    return false;
  }

  learnList(users: readonly ListedUser[]): void {
    if (this.#unknown === 0) return;
    const there = new Set(users.map(({nick}) => nameKey(nick)));
    const missing = this.#invitees.filter(nick => !there.has(nameKey(nick)));
    for (const nick of missing) this.#missing(nick);
    // The unknown person has come in the meantime.
    if (missing.length === 0) {
      this.#emit({type: 'error', code: 'refused-by-hub', about: sentences.envoieInvalide});
    }
    this.#named = Math.max(0, missing.length - this.#unknown);
    this.#unknown = 0;
  }
  #missing(about: string): void {
    this.#invitees = this.#invitees.filter(nick => nick !== about);
    this.#membership.notInvited(about);
    this.#emit({type: 'error', code: 'no-such-user', about});
  }
}
