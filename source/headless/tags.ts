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

/** A hub that answers later than this may never do so, and other lines are waiting. */
const longestMs = 10_000;

/** Errors about a person who has invited us: they are not about what we have asked that person. */
const ofInviter: ReadonlySet<string> = new Set(['invitation-over', 'no-answer']);

/** Finds the line that an event answers: by when it comes, and by what it is about. */
export class Tags {
  readonly #texts: Texts;
  readonly #invitations: SentInvitations;
  /** Of the line that is being carried out: what happens meanwhile comes from it. */
  #present: Tag | undefined;
  /** One at a time: a line waits for the answer to the one before. */
  #awaited: {readonly tag: Tag | undefined; readonly what: Awaited} | undefined;
  #onAnswered = () => {};
  #unlinked: {readonly nick: string; readonly tag: Tag | undefined} | undefined;

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
      const timer = setTimeout(() => this.#answered(), longestMs);
      this.#onAnswered = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** The present line closes the private connection with that person: the other side knows of it later. */
  unlinked(nick: string): void {
    this.#unlinked = {nick, tag: this.#present};
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
        return this.#invitations.of(event.nick)?.tag;
      case 'error':
        return this.#ofError(event);
      case 'link-opened': {
        const asked = this.#invitations.of(event.nick);
        return asked === undefined ? this.#ofLine(event) : asked.tag;
      }
      case 'link-closed':
        return this.#present ?? this.#ofUnlinked(event.nick);
      case 'room-entered':
        return this.#ofLine(event) ?? this.#ofMembers(event.members);
      case 'disconnected':
        if (this.#awaited?.what !== 'connection') this.#answered();
        return this.#present;
      default:
        return this.#ofLine(event);
    }
  }

  #ofError(event: Extract<EngineEvent, {type: 'error'}>): Tag | undefined {
    const {code, about} = event;
    const isOfInvitee = about !== undefined && !ofInviter.has(code);
    const asked = isOfInvitee ? this.#invitations.about(about) : undefined;
    return asked === undefined ? this.#ofLine(event) : asked.tag;
  }

  /** The room is there because somebody has accepted. */
  #ofMembers(members: readonly string[]): Tag | undefined {
    const asked = members.map(nick => this.#invitations.of(nick));
    return asked.find(one => one?.tag !== undefined)?.tag;
  }

  #ofUnlinked(nick: string): Tag | undefined {
    if (this.#unlinked?.nick !== nick) return undefined;
    const {tag} = this.#unlinked;
    this.#unlinked = undefined;
    return tag;
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
