import type {EngineEvent} from '../client/events.ts';
import type {Tag} from './events.ts';
import type {SentInvitations} from './sent-invitations.ts';
import type {Texts} from './texts.ts';

/** What answers a line later, over and above what it causes at once. */
export type Awaited = 'users' | 'rooms' | 'move' | 'connection';

const answers: Readonly<Record<Awaited, ReadonlySet<EngineEvent['type']>>> = {
  users: new Set(['users', 'error']),
  rooms: new Set(['rooms', 'error']),
  move: new Set(['room-entered', 'link-opened', 'error']),
  connection: new Set(['connected', 'refused']),
};

/** Finds the line that an event answers: by when it comes, and by what it is about. */
export class Tags {
  readonly #texts: Texts;
  readonly #invitations: SentInvitations;
  /** Of the line that is being carried out: what happens meanwhile comes from it. */
  #present: Tag | undefined;
  /** One at a time: a line waits for the answer to the one before. */
  #awaited: {readonly tag: Tag | undefined; readonly what: Awaited} | undefined;
  #onAnswered = () => {};

  constructor(texts: Texts, invitations: SentInvitations) {
    this.#texts = texts;
    this.#invitations = invitations;
  }

  get present(): Tag | undefined {
    return this.#present;
  }

  /** Carries a line out. @param action Returns false if nothing was done. */
  carryOut(tag: Tag | undefined, awaited: Awaited | undefined, action: () => boolean): void {
    this.#present = tag;
    if (awaited !== undefined) this.#awaited = {tag, what: awaited};
    const isDone = action();
    this.#present = undefined;
    if (!isDone && awaited !== undefined) this.#answered();
  }

  /** Resolves when a list that the line has asked for has come, or will not come. One call at a time. */
  async listed(): Promise<void> {
    const {what} = this.#awaited ?? {};
    if (what !== 'users' && what !== 'rooms') return;
    await new Promise<void>(resolve => {
      this.#onAnswered = resolve;
    });
  }

  /** What comes from now on is no answer to a move that was asked for. */
  settled(): void {
    if (this.#awaited?.what === 'move') this.#answered();
  }

  /** Of an event of the engine that is about to be printed. */
  of(event: EngineEvent): Tag | undefined {
    switch (event.type) {
      case 'delivered':
      case 'failed':
        return this.#texts.tagOf(event.id);
      // Somebody else causes them, whenever they come.
      case 'message':
      case 'invitation':
        return undefined;
      case 'invitation-answer':
        return this.#invitations.tagOf(event.nick);
      case 'link-opened':
      case 'error': {
        const about = event.type === 'error' ? event.about : event.nick;
        const asked = about === undefined ? undefined : this.#invitations.about(about);
        return asked === undefined ? this.#ofLine(event) : asked.tag;
      }
      case 'disconnected':
        if (this.#awaited?.what !== 'connection') this.#answered();
        return this.#present;
      default:
        return this.#ofLine(event);
    }
  }

  #ofLine({type}: EngineEvent): Tag | undefined {
    const {tag, what} = this.#awaited ?? {};
    if (what === undefined || !answers[what].has(type)) return this.#present;
    this.#answered();
    return tag;
  }

  #answered(): void {
    this.#awaited = undefined;
    this.#onAnswered();
    this.#onAnswered = () => {};
  }
}
