/** Random sessions: what an engine could tell in an hour, one event after the other. */
import type {EngineEvent} from '../../source/client/events.ts';
import type {State} from '../../source/client/state.ts';
import {Random} from '../network/random.ts';

export type TimedEvent = {readonly waitMs: number; readonly event: EngineEvent};

/** Some of their names could be taken for words of the program, or for each other. */
const people = [
  'bob',
  'carl',
  'zoé',
  'jean paul',
  'Error',
  'For you',
  'you',
  'bo: b',
  'аlice',
  'dora',
];
const words = [
  'salut',
  'see https://x.example/a?b=1 there',
  '👍🏽',
  'Error: no',
  '日本',
  'alice',
  '',
];
const rooms = ['projet', 'a "b"', 'x] bob: hi'];
const server = 'res302://127.0.0.1:30200';

type Own = {readonly id: number; state: 'moving' | 'kept' | 'failed'; pending: string[]};

/** Makes the next event of a session by chance, of those that can come in that state. */
export class Generator {
  readonly #random: Random;
  #tokens = 0;
  #ids = 0;
  #strangers = 0;
  #isLost = false;
  readonly #own = new Map<number, Own>();

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  next(state: State, now: number): TimedEvent | undefined {
    const event = this.#random.pick(this.#makers)(state, now);
    const wait = this.#random.pick([0, 0, 1, 40, 900, 2500, 12_000, 70_000]);
    return event && {waitMs: wait, event};
  }

  /** A text that no other message has. */
  #text(): string {
    const random = this.#random;
    const token = `t${++this.#tokens}t`;
    const lines = Array.from({length: random.chance(0.15) ? 3 : 1}, () => random.pick(words));
    return `${token} ${lines.join('\n')}`.trim();
  }

  readonly #makers: readonly ((state: State, now: number) => EngineEvent | undefined)[] = [
    state => this.#said(state),
    state => this.#said(state),
    state => this.#said(state),
    state => this.#passage(state),
    state => this.#passage(state),
    () => ({type: 'arrived', nick: `guest${++this.#strangers}`, status: 'public'}),
    state => this.#sent(state),
    state => this.#sent(state),
    state => this.#fate(state),
    state => this.#fate(state),
    state => this.#fate(state),
    state => this.#invitation(state),
    state => this.#room(state),
    state => this.#connection(state),
    (state, now) => this.#member(state, now),
    state => this.#other(state),
  ];

  #said(state: State): EngineEvent | undefined {
    const random = this.#random;
    const from = random.pick(people);
    const text = this.#text();
    const action = random.chance(0.2) ? `* ${from} ${text.replaceAll('\n', ' ')}` : text;
    const scopes = ['public', 'direct', ...(state.room ? (['room'] as const) : [])] as const;
    if (state.link !== undefined && random.chance(0.5)) {
      return {type: 'message', scope: 'link', from: state.link.nick, text};
    }
    return {type: 'message', scope: random.pick(scopes), from, text: action};
  }

  #passage(state: State): EngineEvent {
    const nick = this.#random.pick(people);
    return state.users.has(nick)
      ? {type: 'departed', nick}
      : {type: 'arrived', nick, status: 'public'};
  }

  #sent(state: State): EngineEvent {
    const random = this.#random;
    const id = ++this.#ids;
    this.#own.set(id, {id, state: 'moving', pending: []});
    const text = this.#text();
    if (random.chance(0.2)) {
      return {type: 'sent', id, scope: 'direct', to: random.pick(people), text};
    }
    return {type: 'sent', id, scope: state.room === undefined ? 'public' : 'room', text};
  }

  #fate(state: State): EngineEvent | undefined {
    const random = this.#random;
    const all = [...this.#own.values()];
    if (all.length === 0) return undefined;
    const own = random.pick(all);
    const {id} = own;
    const members = state.room?.members.filter(nick => nick !== state.nick) ?? [];
    switch (own.state) {
      case 'moving': {
        if (random.chance(0.2)) return {type: 'retransmitted', id};
        if (random.chance(0.1)) {
          own.state = 'kept';
          return {type: 'kept', id};
        }
        if (random.chance(0.5)) {
          own.state = 'failed';
          own.pending = members.slice(0, 2);
          const reason = members.length > 0 ? 'peers-silent' : random.pick(reasons);
          return {type: 'failed', id, reason, pending: own.pending};
        }
        this.#own.delete(id);
        return {type: 'delivered', id};
      }
      case 'kept':
        own.state = 'moving';
        return {type: 'resent', id};
      case 'failed': {
        const by = own.pending.shift();
        if (by !== undefined && random.chance(0.5)) {
          return {type: 'progress', id, confirmed: 2 - own.pending.length, of: 2, by};
        }
        if (by !== undefined) own.pending.unshift(by);
        if (random.chance(0.5)) {
          own.state = 'moving';
          return {type: 'resent', id};
        }
        this.#own.delete(id);
        return {type: 'delivered', id, late: true};
      }
    }
  }

  #invitation(state: State): EngineEvent | undefined {
    const random = this.#random;
    const open = state.invitations[0];
    if (open !== undefined && random.chance(0.5)) {
      const reason = random.pick(['expired', 'accepted', 'declined'] as const);
      return {type: 'invitation-ended', from: open.from, reason};
    }
    if (random.chance(0.2)) {
      const accepted = random.chance(0.5);
      return {type: 'invitation-answer', nick: random.pick(people), accepted};
    }
    if (random.chance(0.2)) {
      const mode = random.pick(['centralised', 'decentralised', 'link'] as const);
      return {type: 'asked', nicks: ['bob', 'carl'], mode, lifetimeMs: 300_000};
    }
    const mode = random.pick(['centralised', 'decentralised', 'link'] as const);
    const room = mode === 'link' || random.chance(0.5) ? {} : {room: random.pick(rooms)};
    return {type: 'invitation', from: random.pick(people), mode, ...room, lifetimeMs: 60_000};
  }

  #room({room, nick}: State): EngineEvent {
    const random = this.#random;
    if (room === undefined) {
      const mode = random.pick(['centralised', 'decentralised'] as const);
      const members = [nick, ...people.filter(() => random.chance(0.3))];
      const name = random.chance(0.7) ? {name: random.pick(rooms)} : {};
      return {type: 'room-entered', mode, members, ...name};
    }
    if (random.chance(0.3)) {
      return {type: 'room-left', reason: random.pick(['left', 'closed', 'disconnected'] as const)};
    }
    return {type: 'room-members', members: [nick, ...people.filter(() => random.chance(0.4))]};
  }

  #connection({nick}: State): EngineEvent {
    const random = this.#random;
    const features = ['invitations', 'direct-messages', 'links', 'named-rooms'] as const;
    if (this.#isLost || random.chance(0.2)) {
      this.#isLost = false;
      return {type: 'connected', protocol: 'res302', server, nick, features: [...features]};
    }
    if (random.chance(0.3)) {
      return {
        type: 'gap',
        from: '2026-11-21T12:00:01.000Z',
        to: '2026-11-21T12:00:09.000Z',
      };
    }
    this.#isLost = true;
    return {type: 'disconnected', reason: random.pick(['hub-silent', 'hub-closed'])};
  }

  #member({room, nick}: State, now: number): EngineEvent | undefined {
    const others = room?.members.filter(member => member !== nick) ?? [];
    if (others.length === 0) return undefined;
    const silence = this.#random.chance(0.5) ? {silentSince: now - 4000} : {roundTripMs: 3};
    return {type: 'member-state', nick: this.#random.pick(others), state: silence};
  }

  #other(state: State): EngineEvent {
    const random = this.#random;
    switch (random.pick(['notice', 'error', 'turned', 'ignored', 'link', 'cleared'] as const)) {
      case 'notice':
        return {
          type: 'notice',
          text: `Something to read ${this.#text().replaceAll('\n', ' ')}\nand more`,
        };
      case 'error':
        return {
          type: 'error',
          code: 'refused-by-hub',
          message: `The hub says no ${this.#text().replaceAll('\n', ' ')}`,
        };
      case 'turned':
        return {type: 'turned', conversation: random.pick(['public', 'room', '@bob'] as const)};
      case 'ignored': {
        const nick = random.pick(people);
        return {type: 'ignoring', nick, isIgnored: !state.ignored.has(nick)};
      }
      case 'link':
        return state.link === undefined && state.room === undefined
          ? {type: 'link-opened', nick: random.pick(people)}
          : {type: 'link-closed', nick: state.link?.nick ?? 'bob'};
      case 'cleared':
        return {type: 'cleared', conversation: 'public'};
    }
  }
}

const reasons = ['hub-silent', 'not-connected', 'no-such-user', 'left-room', 'left-hub'] as const;
