import type {EngineEvent, PublicEvent} from '../client/events.ts';

type Users = PublicEvent & {type: 'users'};

/** Least time between two prints of the whole list, however many people come and go. */
const listMs = 1000;

/** Prints the list of users when it changes: the event `users` of docs/headless.md, beside `arrived` and `departed`. */
export class Presence {
  readonly #print: (event: Users) => void;
  readonly #users = new Map<string, Users['users'][number]>();
  #printedAt = Number.NEGATIVE_INFINITY;
  #waiting: NodeJS.Timeout | undefined;
  #nick: string | undefined;

  constructor(print: (event: Users) => void) {
    this.#print = print;
  }

  onEvent(event: EngineEvent): void {
    switch (event.type) {
      case 'connected':
        this.#nick = event.nick;
        break;
      case 'users':
        // The list itself is printed like every other event.
        this.#users.clear();
        for (const user of event.users) this.#users.set(user.nick, user);
        this.#onPrinted();
        break;
      case 'arrived': {
        const {type: _, ...user} = event;
        this.#users.set(user.nick, {...user, self: user.nick === this.#nick});
        this.#printSoon();
        break;
      }
      case 'departed':
        this.#users.delete(event.nick);
        this.#printSoon();
        break;
      default:
    }
  }

  stop(): void {
    clearTimeout(this.#waiting);
  }

  #printSoon(): void {
    const wait = this.#printedAt + listMs - performance.now();
    this.#waiting ??= setTimeout(
      () => {
        this.#print({type: 'users', users: [...this.#users.values()]});
        this.#onPrinted();
      },
      Math.max(0, wait),
    );
  }

  #onPrinted(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#printedAt = performance.now();
  }
}
