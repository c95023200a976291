import {isSameName, nameKey} from '../../../names/key.ts';
import type {ClientHost, ListedUser, Mode} from '../../protocol.ts';
import {isName, sentences} from '../wire/text.ts';
import type * as wire from '../wire.ts';
import type {Membership} from './membership.ts';

/** As many of the longest names as fit a text. */
const inviteesPerRequest = 47;

type Invitation = {readonly invitees: readonly string[]; readonly mode: Mode};

/**
 * What we ask the hub to send: one exchange after the other, for the mode that we choose does not
 * say of which request it is.
 */
export class SentInvitations {
  readonly #emit: ClientHost['emit'];
  readonly #membership: Membership;
  /** The first is being asked for. */
  #waiting: Invitation[] = [];
  /** Of whom the hub may say that one is unknown, without saying who. */
  #invitees: readonly string[] = [];
  /** How often it has said so, without a name, since the last list. */
  #unknown = 0;
  /** How often it is still to say so of those that the last list was missing. */
  #named = 0;

  constructor(emit: ClientHost['emit'], membership: Membership) {
    this.#emit = emit;
    this.#membership = membership;
  }

  get first(): Invitation | undefined {
    return this.#waiting[0];
  }

  /** @returns Whether the first that waits is new. */
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

  /** The hub asks for the mode of the first: it knows one of the invitees at least. */
  asked(): void {
    this.#invitees = this.first?.invitees ?? [];
    this.#named = 0;
  }

  /** The first is through. */
  done(): void {
    this.#waiting.shift();
  }

  /** The hub does not pass the first on. */
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
   * @param named By the hub, if it says who is meant.
   * @returns Whether a list is needed to tell who.
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
    // Whoever it was has come in the meantime.
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
