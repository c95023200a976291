import type {ClientEvent, PresentUser} from '../protocols/protocol.ts';

type Arrival = ClientEvent & {readonly type: 'arrived'};
type Departure = ClientEvent & {readonly type: 'departed'};

/**
 * The people who are here, as the hub tells it. Some protocols tell only lists. This class compares each list with
 * the one before, so that fronts get arrivals and departures in every protocol.
 */
export class Roster {
  /** Undefined before the first list. */
  #users: Map<string, PresentUser> | undefined;

  /** Takes a list. @returns Arrivals and departures since the last one, and whether anything is new in it. */
  compare(users: readonly PresentUser[]): {
    readonly changes: readonly (Arrival | Departure)[];
    readonly isNews: boolean;
  } {
    const former = this.#users;
    const listed = new Map(users.map(user => [user.nick, user]));
    this.#users = listed;
    // The people of the first list were here before us: they have not arrived.
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
