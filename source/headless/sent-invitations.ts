import type {EngineEvent} from '../client/events.ts';
import type {Invitation} from '../client/state.ts';
import type {InvitationFailedEvent, InvitationSentEvent, Tag} from './events.ts';

type Event = InvitationSentEvent | InvitationFailedEvent;

type Sent = {
  readonly mode: Invitation['mode'];
  readonly tag: Tag | undefined;
  readonly timer: NodeJS.Timeout | undefined;
  /** They have come, or will: what is still to be told of it has its tag. */
  readonly isAccepted?: true;
};

/** More are not followed: the oldest is forgotten. */
const maximumSent = 1000;

/** Invitations and requests of the user, until they are answered or nobody will answer them any more. */
export class SentInvitations {
  readonly #print: (event: Event, tag: Tag | undefined) => void;
  readonly #byNick = new Map<string, Sent>();
  /** The hub does not pass on what that person was asked. */
  #refused: string | undefined;

  constructor(print: (event: Event, tag: Tag | undefined) => void) {
    this.#print = print;
  }

  /** What was asked of that person. */
  of(nick: string): {readonly tag: Tag | undefined} | undefined {
    return this.#byNick.get(nick);
  }

  /** What was asked of the people whom an error of the hub names: one, or several with commas between. */
  about(names: string): {readonly tag: Tag | undefined} | undefined {
    return this.of(names) ?? this.of(names.split(', ', 1)[0] ?? '');
  }

  sent(
    {nicks, mode, lifetimeMs}: Extract<EngineEvent, {type: 'asked'}>,
    tag: Tag | undefined,
  ): void {
    for (const to of nicks) {
      this.#forget(to);
      const timer =
        lifetimeMs === undefined
          ? undefined
          : setTimeout(() => this.#fail(to, 'expired'), lifetimeMs);
      this.#byNick.set(to, {mode, tag, timer});
      const lifetime = lifetimeMs === undefined ? {} : {lifetimeMs};
      this.#print({type: 'invitation-sent', to, mode, ...lifetime}, tag);
      const [oldest] = this.#byNick.keys();
      if (this.#byNick.size > maximumSent && oldest !== undefined) this.#forget(oldest);
    }
  }

  /** Call it after the event was printed, with its tag. */
  onEvent(event: EngineEvent): void {
    switch (event.type) {
      case 'invitation-answer':
        if (event.accepted) this.#accepted(event.nick);
        else this.#forget(event.nick);
        break;
      case 'link-opened':
        this.#forget(event.nick);
        break;
      case 'room-entered':
      case 'room-members':
        // In some protocols they are members before their answer is told, in others after it.
        for (const nick of event.members) this.#accepted(nick);
        break;
      case 'not-asked':
        this.#refused = event.nick;
        break;
      case 'error':
        // It says why, and comes before the end of what it is about.
        if (this.#refused !== undefined) this.#fail(this.#refused, 'not-passed-on');
        this.#refused = undefined;
        break;
      case 'link-closed':
        this.#fail(event.nick, 'withdrawn');
        break;
      case 'departed':
        this.#fail(event.nick, 'departed');
        break;
      case 'room-left':
        this.#failAll('room-left');
        break;
      case 'disconnected':
        this.#failAll('disconnected');
        break;
      default:
    }
  }

  /** Nothing is told any more. */
  stop(): void {
    for (const nick of [...this.#byNick.keys()]) this.#forget(nick);
  }

  #failAll(reason: InvitationFailedEvent['reason']): void {
    for (const nick of [...this.#byNick.keys()]) this.#fail(nick, reason);
  }

  #fail(to: string, reason: InvitationFailedEvent['reason']): void {
    const sent = this.#byNick.get(to);
    if (sent === undefined) return;
    const {mode, tag, isAccepted} = sent;
    this.#forget(to);
    if (isAccepted) return;
    this.#print({type: 'invitation-failed', to, mode, reason}, tag);
  }

  #accepted(nick: string): void {
    const sent = this.#byNick.get(nick);
    if (sent === undefined) return;
    clearTimeout(sent.timer);
    this.#byNick.set(nick, {...sent, timer: undefined, isAccepted: true});
  }

  #forget(nick: string): void {
    clearTimeout(this.#byNick.get(nick)?.timer);
    this.#byNick.delete(nick);
  }
}
