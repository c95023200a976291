import {Link, type LinkHost} from './link.ts';

type LinksHost = Omit<LinkHost, 'overtaken' | 'served' | 'closing' | 'over'> & {
  /** A private connection, or a request for one, is over. */
  over(): void;
};

/** Our private connections: for each user one that is open or requested, and those that are closing. */
export class Links {
  readonly #host: LinksHost;
  readonly #byPeer = new Map<number, Link>();
  readonly #closing = new Set<Link>();
  /** The last one with each user that we have begun to close. */
  readonly #former = new Map<number, Link>();
  /** Users whose request has overtaken ours. The hub will refuse ours, and that is not an answer of theirs. */
  readonly #overtaken = new Set<number>();

  constructor(host: LinksHost) {
    this.#host = host;
  }

  get isEmpty(): boolean {
    return this.#byPeer.size === 0 && this.#closing.size === 0;
  }

  get dueAt(): number {
    let dueAt = Number.POSITIVE_INFINITY;
    for (const link of this.#all()) dueAt = Math.min(dueAt, link.dueAt);
    return dueAt;
  }

  ask(peer: number, nick: string, now: number): void {
    if (!this.#of(peer, nick).ask(now)) {
      this.#host.emit({type: 'error', code: 'link-exists', about: nick});
    }
  }

  asked(peer: number, nick: string, now: number): void {
    this.#byPeer.get(peer)?.superseded(now);
    this.#former.get(peer)?.followed();
    this.#former.delete(peer);
    this.#of(peer, nick).asked(now);
  }

  answer(nick: string, accepted: boolean, now: number): void {
    const link = this.#find(nick);
    if (link?.isAsked) link.answer(accepted, now);
    else this.#host.emit({type: 'error', code: 'invitation-over', about: nick});
  }

  accepted(peer: number, now: number): void {
    this.#byPeer.get(peer)?.accepted(now);
  }

  acceptanceRegistered(peer: number, now: number): void {
    this.#byPeer.get(peer)?.acceptanceRegistered(now);
  }

  refused(peer: number, now: number): void {
    if (!this.#overtaken.delete(peer)) this.#byPeer.get(peer)?.refused(now);
  }

  departed(peer: number, now: number): void {
    this.#former.delete(peer);
    this.#byPeer.get(peer)?.departed(now);
  }

  unlink(nick: string, now: number): void {
    if (!this.#find(nick)?.unlink(now)) {
      this.#host.emit({type: 'error', code: 'no-such-link', about: nick});
    }
  }

  /** @returns false if there is none with that user. */
  say(id: number, nick: string, text: string, now: number): boolean {
    return this.#find(nick)?.say(id, text, now) ?? false;
  }

  /** We leave: ends all of them. */
  close(now: number): void {
    for (const link of this.#byPeer.values()) link.part(now);
  }

  /** The hub is lost, and all of them with it. */
  abandon(now: number): void {
    this.#former.clear();
    for (const link of this.#all()) link.abandon(now);
  }

  onTime(now: number): void {
    for (const link of this.#all()) if (link.dueAt <= now) link.onTime(now);
  }

  *#all(): Generator<Link> {
    yield* this.#byPeer.values();
    yield* this.#closing;
  }

  #of(peer: number, nick: string): Link {
    const found = this.#byPeer.get(peer);
    if (found !== undefined) return found;
    const link = new Link(peer, nick, {
      ...this.#host,
      overtaken: () => this.#overtaken.add(peer),
      served: () => this.#overtaken.delete(peer),
      closing: closed => {
        this.#forget(closed);
        this.#closing.add(closed);
        this.#former.set(peer, closed);
      },
      over: ended => {
        this.#forget(ended);
        this.#closing.delete(ended);
        this.#host.over();
      },
    });
    this.#byPeer.set(peer, link);
    return link;
  }

  #forget(link: Link): void {
    if (this.#byPeer.get(link.peer) === link) this.#byPeer.delete(link.peer);
  }

  #find(nick: string): Link | undefined {
    for (const link of this.#byPeer.values()) if (link.nick === nick) return link;
    return undefined;
  }
}
