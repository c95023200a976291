import type {UserId} from './words.ts';

type Link = {
  readonly asker: UserId;
  readonly asked: UserId;
  readonly expiresAt: number;
};

/** Private connections: at most one for each pair of users, requested or open. */
export class Links {
  /** By pair, in the order of their expiry, because all have the same time. */
  readonly #requested = new Map<string, Link>();
  readonly #open = new Map<string, Link>();
  readonly #byUser = new Map<UserId, Set<Link>>();

  get nextExpiry(): number {
    for (const {expiresAt} of this.#requested.values()) return expiresAt;
    return Number.POSITIVE_INFINITY;
  }

  /** @returns false if the two have one already, requested or open. */
  request(asker: UserId, asked: UserId, expiresAt: number): boolean {
    const key = pairKey(asker, asked);
    if (this.#requested.has(key) || this.#open.has(key)) return false;
    const link: Link = {asker, asked, expiresAt};
    this.#requested.set(key, link);
    for (const user of [asker, asked]) {
      this.#byUser.set(user, (this.#byUser.get(user) ?? new Set()).add(link));
    }
    return true;
  }

  /** @returns false if the asker has no pending request to the other, or the link is open already. */
  accept(asker: UserId, asked: UserId): boolean {
    const key = pairKey(asker, asked);
    const link = this.#requested.get(key);
    if (link?.asker !== asker) return false;
    this.#requested.delete(key);
    this.#open.set(key, link);
    return true;
  }

  /** @returns `asked` if the other had only requested it, `own` for all others of the user; undefined if there was none. */
  close(user: UserId, other: UserId): 'asked' | 'own' | undefined {
    const key = pairKey(user, other);
    const requested = this.#requested.get(key);
    const link = requested ?? this.#open.get(key);
    if (link === undefined) return undefined;
    this.#remove(link);
    return requested?.asked === user ? 'asked' : 'own';
  }

  /** @returns The other side of each link that user had. */
  takeOf(user: UserId): UserId[] {
    const links = [...(this.#byUser.get(user) ?? [])];
    for (const link of links) this.#remove(link);
    return links.map(({asker, asked}) => (asker === user ? asked : asker));
  }

  takeExpired(now: number): {readonly asker: UserId; readonly asked: UserId}[] {
    const expired: Link[] = [];
    for (const link of this.#requested.values()) {
      if (link.expiresAt > now) break;
      expired.push(link);
    }
    for (const link of expired) this.#remove(link);
    return expired;
  }

  #remove(link: Link): void {
    const key = pairKey(link.asker, link.asked);
    this.#requested.delete(key);
    this.#open.delete(key);
    for (const user of [link.asker, link.asked]) {
      const links = this.#byUser.get(user);
      links?.delete(link);
      if (links?.size === 0) this.#byUser.delete(user);
    }
  }
}

function pairKey(one: UserId, other: UserId): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}
