import type {ChatClient} from '../../source/client/client.ts';
import type {ConversationId} from '../../source/client/conversations.ts';
import {type Draft, type Letter, type Reading, readDraft} from '../../source/client/draft.ts';
import {Durations} from '../../source/client/durations.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {Journeys} from '../../source/client/journeys.ts';
import {reduce} from '../../source/client/reduce.ts';
import type {UserRequest} from '../../source/client/requests.ts';
import {canSpeakIn, initialState, type State} from '../../source/client/state.ts';
import type {Conversation} from '../../source/protocols/protocol.ts';
import {res302} from '../../source/protocols/res302/index.ts';

/** 21 November 2026, noon, wherever the tests run. */
export const noon = new Date(2026, 10, 21, 12).getTime();

/** The real state without a network: what is sent is written down, what happens is told. */
export class FakeClient implements ChatClient {
  readonly journeys = new Journeys(() => noon);
  readonly keyTimes = new Durations();
  readonly watch = this.journeys.watch(res302);
  state: State = initialState({
    protocol: 'res302',
    server: 'res302://127.0.0.1:30200',
    nick: 'alice',
    features: new Set(['invitations']),
  });
  textRules: ChatClient['textRules'] = {maximumTextBytes: 500, carriesLineFeeds: true};
  /** One line for everything that was asked of the client. */
  readonly calls: string[] = [];
  readonly #stateListeners = new Set<() => void>();
  readonly #eventListeners = new Set<(event: EngineEvent) => void>();
  #lastId = 0;

  constructor(...events: readonly EngineEvent[]) {
    const {server, nick} = this.state;
    this.tell({type: 'connection', connection: {phase: 'connected'}, server, nick}, ...events);
  }

  /** All at noon. */
  tell(...events: readonly EngineEvent[]): void {
    for (const event of events) this.tellAt(noon, event);
  }

  tellAt(at: number, event: EngineEvent): void {
    this.watch.told(event, performance.now());
    this.state = reduce(this.state, event, at);
    for (const listener of this.#eventListeners) listener(event);
    for (const listener of this.#stateListeners) listener();
  }

  subscribe(listener: () => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  onEvent(listener: (event: EngineEvent) => void): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  read(draft: Draft): Reading {
    return readDraft(draft, {state: this.state, ...this.textRules});
  }

  carryOut(reading: Reading): boolean {
    switch (reading.kind) {
      case 'nothing':
        return true;
      case 'refused': {
        const {code, message} = reading;
        // An answer to a line is in no conversation.
        for (const listener of this.#eventListeners) listener({type: 'error', code, message});
        return false;
      }
      case 'command': {
        const {conversation, command, argument} = reading;
        this.calls.push(`${conversation}: /${command.name} ${argument}`.trimEnd());
        return true;
      }
      case 'texts':
        return (
          reading.letters.map(letter => this.#send(letter)).every(isSent => isSent) &&
          (reading.turnsTo === undefined || this.turnTo(reading.turnsTo))
        );
      case 'turn':
        return this.turnTo(reading.to);
    }
  }

  submit(line: string, conversation: ConversationId): boolean {
    return this.carryOut(this.read({text: line, conversation}));
  }

  announce(text: string): void {
    this.tell({type: 'notice', text});
  }

  #send({to, text}: Letter): boolean {
    this.calls.push(`${typeof to === 'string' ? to : to.nick}: ${text}`);
    const id = ++this.#lastId;
    if (typeof to !== 'string') {
      this.tell({type: 'sent', id, scope: 'direct', to: to.nick, text});
    } else if (!canSpeakIn(this.state, to)) {
      this.tell({type: 'error', code: 'not-in-room', message: 'Not sent: the room is gone'});
      return false;
    } else {
      const {link} = this.state;
      const isForLink = to === 'room' && link !== undefined;
      const where = isForLink ? ({scope: 'link', to: link.nick} as const) : {scope: to};
      this.tell({type: 'sent', id, ...where, text});
    }
    return true;
  }

  retry(id?: number): boolean {
    this.calls.push(`retry ${id}`);
    return true;
  }

  carryOver(): boolean {
    this.calls.push('carry over');
    return true;
  }

  request(request: UserRequest): boolean {
    if (request.type === 'answer') {
      this.calls.push(`${request.accepted ? 'accept' : 'decline'} ${request.from}`);
    } else if (request.type === 'join-room') this.calls.push(`join ${request.name}`);
    else this.calls.push(JSON.stringify(request));
    return true;
  }

  turnTo(conversation: ConversationId): boolean {
    this.calls.push(`turn to ${conversation}`);
    this.tell({type: 'turned', conversation});
    return true;
  }

  connect({nick, server}: {readonly nick?: string; readonly server?: string}): boolean {
    this.calls.push(`connect ${nick} ${server}`);
    return true;
  }

  readonly undelivered = [];

  async settled(): Promise<void> {}

  stopTrying(): void {
    this.calls.push('stopTrying');
  }

  async close(): Promise<void> {
    this.calls.push('close');
  }
}

/** A list of users as the engine tells it. */
export function users(...nicknames: readonly string[]): EngineEvent {
  return {
    type: 'users',
    users: nicknames.map(nick => ({nick, status: 'public', self: nick === 'alice'})),
  };
}

export function said(from: string, text: string, scope: Conversation = 'public'): EngineEvent {
  return {type: 'message', scope, from, text};
}

/** A list of named rooms, all centralised, by their names and numbers of members. */
export function rooms(members: Readonly<Record<string, number>>): EngineEvent {
  const listed = Object.entries(members).map(
    ([name, count]) => ({name, mode: 'centralised', members: count}) as const,
  );
  return {type: 'rooms', rooms: listed};
}

export function roomEntered(...members: readonly string[]): EngineEvent {
  return {type: 'room-entered', mode: 'decentralised', members};
}
