import type {ClientEvent, PresentUser} from '../protocols/protocol.ts';

type Arrival = ClientEvent & {readonly type: 'arrived'};
type Departure = ClientEvent & {readonly type: 'departed'};

/**
 * Who is here, as the hub tells it. Some protocols tell lists alone: whoever is on one and was not on the one before has
 * arrived, so that fronts have one way to know.
 */
export class Roster {
  /** Undefined before the first list. */
  #users: Map<string, PresentUser> | undefined;

  /** Takes a list. @returns Who has come and gone since the last one, and whether anything is new in it. */
  compare(users: readonly PresentUser[]): {
    readonly changes: readonly (Arrival | Departure)[];
    readonly isNews: boolean;
  } {
    const former = this.#users;
    const listed = new Map(users.map(user => [user.nick, user]));
    this.#users = listed;
    // The first list tells who was here before us.
    if (former === undefined) return {changes: [], isNews: true};
    const come = [...listed.values()].filter(({nick}) => !former.has(nick));
    const gone = [...former.keys()].filter(nick => !listed.has(nick));
    const isMoved = ({nick, status}: PresentUser) => former.get(nick)?.status !== status;
    return {
      changes: [
        ...come.map(user => ({type: 'arrived', ...user}) as const),
        ...gone.map(nick => ({type: 'departed', nick}) as const),
      ],
      isNews: come.length > 0 || gone.length > 0 || users.some(isMoved),
    };
  }

  /** @returns Whether that is news. */
  add({type: _, ...user}: Arrival): boolean {
    if (this.#users === undefined || this.#users.has(user.nick)) return false;
    this.#users.set(user.nick, user);
    return true;
  }

  /** @returns Whether that is news. */
  remove({nick}: Departure): boolean {
    return this.#users?.delete(nick) ?? false;
  }
}
