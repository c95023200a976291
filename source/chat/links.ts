import type {UserId} from './words.ts';

type Link = {
  readonly asker: UserId;
  readonly asked: UserId;
  state: 'requested' | 'open';
  expiresAt: number;
};

/** Private connections: at most one for each pair, whoever of the two has asked for it. */
export class Links {
  readonly #byPair = new Map<string, Link>();
  readonly #byUser = new Map<UserId, Set<Link>>();

  get nextExpiry(): number {
    for (const {state, expiresAt} of this.#byPair.values())
      if (state === 'requested') return expiresAt;
    return Number.POSITIVE_INFINITY;
  }

  /** @returns false if the two have one already, asked for or open. */
  request(asker: UserId, asked: UserId, expiresAt: number): boolean {
    if (this.#byPair.has(pairKey(asker, asked))) return false;
    const link: Link = {asker, asked, state: 'requested', expiresAt};
    this.#byPair.set(pairKey(asker, asked), link);
    for (const user of [asker, asked]) {
      this.#byUser.set(user, (this.#byUser.get(user) ?? new Set()).add(link));
    }
    return true;
  }

  /** @returns false if that user has not asked the other, or it is open already. */
  accept(asker: UserId, asked: UserId): boolean {
    const link = this.#byPair.get(pairKey(asker, asked));
    if (link?.asker !== asker || link.state !== 'requested') return false;
    link.state = 'open';
    return true;
  }

  /** @returns What it was to the one who closes it: asked for by the other, or theirs; undefined if there was none. */
  close(user: UserId, other: UserId): 'asked' | 'own' | undefined {
    const link = this.#byPair.get(pairKey(user, other));
    if (link === undefined) return undefined;
    this.#remove(link);
    return link.state === 'requested' && link.asked === user ? 'asked' : 'own';
  }

  /** @returns The other side of each link that user had. */
  takeOf(user: UserId): UserId[] {
    const links = [...(this.#byUser.get(user) ?? [])];
    for (const link of links) this.#remove(link);
    return links.map(({asker, asked}) => (asker === user ? asked : asker));
  }

  takeExpired(now: number): {readonly asker: UserId; readonly asked: UserId}[] {
    const expired = [...this.#byPair.values()].filter(
      ({state, expiresAt}) => state === 'requested' && expiresAt <= now,
    );
    for (const link of expired) this.#remove(link);
    return expired;
  }

  #remove(link: Link): void {
    this.#byPair.delete(pairKey(link.asker, link.asked));
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
