import {cleanText} from '../client/clean-text.ts';
import type {ChatClient} from '../client/client.ts';
import type {EngineEvent, PublicEvent} from '../client/events.ts';
import type {TextStep} from '../client/journeys.ts';
import {mentions} from '../client/mentions.ts';
import type {State} from '../client/state.ts';
import {Backlog} from './backlog.ts';
import {interfaceVersion, type MessageEvent, type PrintedEvent, type Tag} from './events.ts';
import {isPublic} from './json.ts';
import {Pace} from './pace.ts';
import {Presence} from './presence.ts';
import {SentInvitations} from './sent-invitations.ts';
import {Tags} from './tags.ts';
import {Texts} from './texts.ts';

export type TellerOptions = {
  readonly client: ChatClient;
  readonly goesBack: boolean;
  print(event: PrintedEvent): void;
};

/** Makes of the engine's events those that are printed, with what programs need to know over and above. */
export class Teller {
  readonly texts = new Texts();
  readonly tags: Tags;
  readonly #invitations: SentInvitations;
  readonly #presence: Presence;
  readonly #backlog = new Backlog();
  readonly #pace = new Pace();
  readonly #options: TellerOptions;
  #isGoingBack = false;

  constructor(options: TellerOptions) {
    this.#options = options;
    this.#invitations = new SentInvitations((event, tag) => this.#print(event, tag));
    this.tags = new Tags(this.texts, this.#invitations);
    this.#presence = new Presence(event => options.print(event));
  }

  /** What was asked for was refused, and we go to where we were before. */
  get isGoingBack(): boolean {
    return this.#isGoingBack;
  }

  /** The reader of the events is behind, and the hub has to wait. */
  behind(): void {
    this.#backlog.begin(Date.now());
  }

  ready(): void {
    this.#backlog.end(Date.now());
  }

  /** Prints what answers the present line. */
  readonly answer = (event: PrintedEvent): void => this.#print(event, this.tags.present);

  /** Tells the writer of the lines that it is faster than the hub. */
  slowDown(): void {
    const {pending} = this.texts;
    const {connection} = this.#options.client.state;
    this.#print({
      type: 'slow-down',
      for: this.#pace.waitMs(pending, connection, Date.now()),
      pending,
    });
  }

  step(step: TextStep): PrintedEvent {
    return tagged(this.texts.step(step), this.texts.tagOf(step.id));
  }

  onEvent(event: EngineEvent): void {
    const {state} = this.#options.client;
    this.#presence.onEvent(event);
    this.#follow(event);
    if (isPublic(event) && !isIgnored(event, state)) {
      const tag = this.tags.of(event);
      this.#print(this.#printed(event, state), tag);
    }
    this.#invitations.onEvent(event);
  }

  /** No more is told. */
  stop(): void {
    this.#presence.stop();
    this.#invitations.stop();
  }

  /** What the engine tells screens, and programs need in another form. */
  #follow(event: EngineEvent): void {
    switch (event.type) {
      case 'sent':
        this.texts.sent(event.id, this.tags.present, Date.now());
        break;
      case 'resent':
        this.texts.resent(event.id, this.tags.present);
        break;
      case 'progress': {
        const {id, by} = event;
        const told = this.texts.confirmedBy(id, by);
        if (told !== undefined) this.#print(told, this.texts.tagOf(id));
        break;
      }
      case 'asked':
        this.#invitations.sent(event, this.tags.present);
        break;
      case 'unlinked':
        this.tags.unlinked(event.nick);
        break;
      case 'connected':
        this.#isGoingBack = false;
        break;
      case 'choose-hub': {
        const message = 'Type /connect and an address, for example 127.0.0.1:30200';
        this.answer({type: 'error', code: 'address-invalid', message});
        break;
      }
      default:
    }
  }

  #printed(event: PublicEvent, state: State): PrintedEvent {
    switch (event.type) {
      case 'connected': {
        const {type, ...fields} = event;
        return {type, v: interfaceVersion, ...fields};
      }
      case 'message':
        return messageEvent(event, state);
      case 'delivered':
      case 'failed': {
        const now = Date.now();
        this.#pace.settled(this.texts.pending, now);
        return this.texts.over(event, now);
      }
      case 'disconnected':
        return this.#backlog.disconnected(event, Date.now());
      case 'gap':
        return this.#backlog.gap(event);
      case 'refused':
        return this.#goBack(state) ? {...event, back: true} : event;
      default:
        return event;
    }
  }

  /** @returns false if we were nowhere else before, or are on our way back already. */
  #goBack({entered, server, nick}: State): boolean {
    const isElsewhere =
      entered !== undefined && (entered.server !== server || entered.nick !== nick);
    if (!this.#options.goesBack || this.#isGoingBack || !isElsewhere) {
      this.#isGoingBack = false;
      return false;
    }
    this.#isGoingBack = true;
    const {client} = this.#options;
    // After all others have heard of the refusal.
    queueMicrotask(() => client.connect({server: entered.server, nick: entered.nick}));
    return true;
  }

  #print(event: PrintedEvent, tag?: Tag): void {
    this.#options.print(tagged(event, tag));
  }
}

function tagged(event: PrintedEvent, tag: Tag | undefined): PrintedEvent {
  return tag === undefined ? event : {...event, tag};
}

function messageEvent(
  {type, scope, from, text, receipt}: Extract<PublicEvent, {type: 'message'}>,
  {nick, room}: State,
): MessageEvent {
  const name = scope === 'room' ? room?.name : undefined;
  return {
    type,
    ...(receipt === undefined ? {} : {id: receipt}),
    scope,
    ...(name === undefined ? {} : {room: name}),
    from,
    text,
    // No protocol has a field for it: our clients say it in the text.
    ...(text.startsWith(`* ${from} `) ? {action: true} : {}),
    ...(mentions(cleanText(text), nick) ? {mention: true} : {}),
  };
}

/** Whether it is something that an ignored person does: then it is not printed, as it is not on a screen. */
function isIgnored(event: PublicEvent, {ignored}: State): boolean {
  switch (event.type) {
    case 'message':
    case 'invitation':
    case 'invitation-ended':
      return ignored.has(event.from);
    case 'arrived':
    case 'departed':
      return ignored.has(event.nick);
    default:
      return false;
  }
}
