/** The linear mode without its terminal: events and typed lines in, lines out. */
import type {ChatClient} from '../client/client.ts';
import {commands} from '../client/commands.ts';
import {
  type Candidate,
  candidatesFor,
  emojiNameIn,
  type Found,
  speakersOf,
} from '../client/completion.ts';
import {type ConversationId, directId, peopleIn} from '../client/conversations.ts';
import {asTyped, type Draft} from '../client/draft.ts';
import {type EmojiNames, loadEmojiNames} from '../client/emoji.ts';
import type {MessageEntry} from '../client/entries.ts';
import type {EngineEvent} from '../client/events.ts';
import {readNickname} from '../client/nicknames.ts';
import {roomLabels} from '../client/room-names.ts';
import {canSpeakIn, crowdOf, here, historyOf, type State} from '../client/state.ts';
import {
  isValueOf,
  type LinearChoice,
  type LinearSettings,
  linearChoices,
} from '../linear-settings.ts';
import * as answers from './answers.ts';
import {EmojiWords} from './emoji-words.ts';
import {journeyLines} from './journey-lines.ts';
import {ownCommandsBeginning, readOwn} from './own-commands.ts';
import {passageLine} from './passages.ts';
import {noticeLines, Teller} from './teller.ts';
import {counted, listOf, placeWords, quoted, sentence, spoken} from './words.ts';

export type SessionHost = {
  readonly client: ChatClient;
  readonly settings: LinearSettings;
  /** Puts out one line. @param hasBell A bell comes before it. */
  write(line: string, hasBell: boolean): void;
  /** The user edits that line again. */
  edit(line: string): void;
  /** Opens a link. @returns Why that was not possible, if it is known. */
  open(target: string): Promise<string | undefined>;
  /** The user has chosen how it speaks. @returns A sentence, if that will be forgotten. */
  remember(settings: LinearSettings): string | undefined;
  quit(): void;
  /** Addresses of the hubs that the user was at, newest first. */
  hubs(): readonly string[];
  /** Milliseconds since 1970. */
  wallClock(): number;
  /** Milliseconds of the clock of the journeys. */
  now(): number;
};

/** Whoever has not written for this time is told what has come meanwhile. */
const awayMs = 300_000;
/** A burst of calls rings once. */
const bellMs = 2000;
const defaultLast = 5;
const maximumLast = 200;
const maximumShownCandidates = 20;

export class Session {
  readonly teller: Teller;
  readonly #host: SessionHost;
  /** What was wrong with the line that is carried out. */
  #errors: {code: string; message: string}[] | undefined;
  /** The last line that was not carried out. */
  #failed: Draft | undefined;
  #pasted: readonly string[] | undefined;
  #areRoomsAsked = false;
  #isAway = false;
  /** What was missed stays unread until it is read. */
  #hasMissed = false;
  #lastLineAt: number;
  #lastBellAt = Number.NEGATIVE_INFINITY;
  #mutedUntil = Number.NEGATIVE_INFINITY;
  #emoji: EmojiNames = [];

  constructor(host: SessionHost) {
    this.#host = host;
    this.#lastLineAt = host.wallClock();
    this.teller = new Teller(
      host.client,
      (line, isCall) => this.#tell(line, isCall),
      host.wallClock(),
    );
    this.teller.settings = host.settings;
    this.teller.unread.read(host.client.state);
    if (host.settings.emoji === 'names') void this.#loadEmoji();
  }

  get settings(): LinearSettings {
    return this.teller.settings;
  }

  onEvent(event: EngineEvent): void {
    if (event.type === 'error' && this.#errors !== undefined) {
      this.#errors.push(event);
      return;
    }
    this.teller.onEvent(event, this.#host.wallClock());
    this.#answer(event);
  }

  onLine(line: string): void {
    const now = this.#host.wallClock();
    if (this.#isAway || now - this.#lastLineAt >= awayMs) this.#tellMissed();
    this.#lastLineAt = now;
    this.#isAway = /^\s*\/away\b/i.test(line);
    const {client} = this.#host;
    const own = readOwn(line);
    if (own?.name !== 'paste') this.#pasted = undefined;
    if (own === undefined || !this.#runOwn(own.name, own.argument)) {
      this.#carryOut({text: line, conversation: here(client.state)});
    }
    if (!this.#hasMissed) this.teller.unread.read(client.state);
  }

  /** Several lines at once were rather pasted than typed: nobody wants them all to be sent or carried out unseen. */
  onPaste(lines: readonly string[]): void {
    const texts = lines.filter(line => line.trim() !== '');
    const [first = ''] = texts;
    this.#pasted = texts;
    this.#say(
      `${counted(texts.length, 'line')} pasted, the first is ${quoted(first)}. /paste sends them as messages, /paste one as one message, any other line drops them.`,
    );
  }

  /** What can stand at the end of that text. */
  async complete(before: string): Promise<Found | undefined> {
    if (this.#emoji.length === 0 && emojiNameIn({text: before, cursor: before.length})) {
      this.#emoji = await loadEmojiNames();
    }
    const {state} = this.#host.client;
    const nicknames = new Set([
      ...[...state.users.values()].map(({nick}) => nick),
      ...(state.room?.members ?? []),
      ...state.invitations.map(({from}) => from),
      ...peopleIn(state.conversations),
    ]);
    nicknames.delete(state.nick);
    const own = ownCandidates(before);
    const shared = candidatesFor(before, {
      commands,
      features: state.features,
      nicknames: [...nicknames],
      speakers: speakersOf(state, here(state)),
      inviters: state.invitations.map(({from}) => from),
      ignored: [...state.ignored],
      crowd: crowdOf(state),
      rooms: [...roomLabels(state.rooms ?? []).values()],
      hubs: this.#host.hubs(),
      emoji: this.#emoji,
    });
    if (own.length === 0) return shared;
    return {start: 0, candidates: [...(shared?.candidates ?? []), ...own]};
  }

  /** The candidates in a line. */
  tellCandidates({candidates}: Found): void {
    const shown = candidates.slice(0, maximumShownCandidates).map(({shown}) => shown);
    const left = candidates.length - shown.length;
    this.#say(sentence(listOf(left === 0 ? shown : [...shown, `${left} more`])));
  }

  #tell(line: string, isCall = false): void {
    const now = this.#host.wallClock();
    const rings =
      isCall &&
      this.settings.bell === 'on' &&
      now >= this.#mutedUntil &&
      now - this.#lastBellAt >= bellMs;
    if (rings) this.#lastBellAt = now;
    this.#host.write(line, rings);
  }

  #say(...lines: readonly string[]): void {
    this.teller.welcome();
    for (const line of lines) this.#tell(line);
  }

  #fail(message: string): true {
    this.#say(`Error: ${sentence(message)}`);
    return true;
  }

  #carryOut(draft: Draft): void {
    const {client} = this.#host;
    this.#errors = [];
    const isDone = client.carryOut(client.read(draft));
    const errors = this.#errors;
    this.#errors = undefined;
    if (!isDone) this.#failed = draft;
    for (const [index, {code, message}] of errors.entries()) {
      const isLast = !isDone && index === errors.length - 1;
      const parts = code === 'text-too-long' ? ', /parts sends it in parts' : '';
      const kept = isLast ? ` Your line is kept: /again edits it${parts}.` : '';
      this.#say(`Error: ${sentence(message)}${kept}`);
    }
  }

  /** What the screen opens something for. */
  #answer(event: EngineEvent): void {
    const {client, quit, open, hubs} = this.#host;
    const {state} = client;
    switch (event.type) {
      case 'help':
        this.#say(...answers.helpLines(event.topic, state));
        break;
      case 'mentions':
        this.#say(...answers.mentionLines(state, this.teller.render));
        break;
      case 'room-list':
        this.#areRoomsAsked = true;
        break;
      case 'rooms':
        if (this.#areRoomsAsked) this.#say(...answers.roomLines(event.rooms));
        this.#areRoomsAsked = false;
        break;
      case 'share':
        this.#say(`Link: ${event.link}`, sentence(event.note));
        break;
      case 'choose-hub': {
        const known = hubs();
        this.#say('Type /connect and an address, for example /connect 127.0.0.1:30200.');
        if (known.length > 0) this.#say(`You were at ${listOf(known)}.`);
        break;
      }
      case 'open-link':
        void open(event.target).then(problem => this.#onOpened(event.target, problem));
        break;
      case 'copy':
        this.#say(...event.text.split('\n').map(line => `To copy: ${line}`));
        break;
      case 'muted':
        this.#mutedUntil = event.until ?? Number.NEGATIVE_INFINITY;
        break;
      case 'quit':
        quit();
        break;
      default:
        break;
    }
  }

  #onOpened(target: string, problem: string | undefined): void {
    const number = this.teller.links.numberOf(target);
    this.#say(
      problem === undefined
        ? `Link ${number} is opened.`
        : `Link ${number} cannot be opened from here, ${problem}: ${target}`,
    );
  }

  /** @returns false if the shared command of the same name is meant. */
  #runOwn(name: string, argument: string): boolean {
    const {client, edit} = this.#host;
    const {state} = client;
    const {teller} = this;
    switch (name) {
      case 'retry':
        return this.#retry(argument);
      case 'journey':
        return this.#journey(argument);
      case 'open':
        return this.#open(argument);
      case 'accept':
      case 'decline':
        return this.#answerInvitation(argument, name === 'accept');
      case 'last':
        return this.#last(argument);
      case 'unread': {
        const missed = teller.unread.messages(state);
        this.#hasMissed = false;
        if (missed.length === 0) this.#say('Nothing is unread.');
        else this.#say(...answers.pastLines(missed, state, teller.render));
        return true;
      }
      case 'where': {
        const now = this.#host.wallClock();
        const invitations = state.invitations.map(one => teller.invitationLine(one, state));
        this.#say(...answers.whereLines(state, teller.unread.messages(state), invitations, now));
        return true;
      }
      case 'status':
        this.#say(
          ...answers.statusLines(state, teller.kept, teller.failures, this.#host.wallClock()),
        );
        return true;
      case 'to':
        return this.#turnTo(argument);
      case 'carry':
        return this.#answered(() => client.carryOver());
      case 'again':
        if (this.#failed === undefined) return this.#fail('There is no line that is kept');
        edit(this.#failed.text);
        return true;
      case 'parts':
        if (this.#failed === undefined) return this.#fail('There is no line that is kept');
        this.#carryOut({...this.#failed, isInParts: true});
        return true;
      case 'paste':
        return this.#sendPasted(argument);
      default:
        return this.#choose(name as LinearChoice, argument);
    }
  }

  #retry(argument: string): boolean {
    if (argument === '') return false;
    const id = this.teller.troubles.thingOf(Number(argument));
    if (id === undefined) return this.#fail(`There is no message ${argument} with trouble`);
    return this.#answered(() => this.#host.client.retry(id));
  }

  #open(argument: string): boolean {
    if (argument === '') return false;
    const target = this.teller.links.thingOf(Number(argument));
    if (target === undefined) return this.#fail(`There is no link ${argument}`);
    void this.#host.open(target).then(problem => this.#onOpened(target, problem));
    return true;
  }

  /** @returns false if the argument is no number of an invitation. */
  #answerInvitation(argument: string, accepted: boolean): boolean {
    const from = /^\d+$/.test(argument)
      ? this.teller.inviters.thingOf(Number(argument))
      : undefined;
    if (from === undefined) return false;
    const {client} = this.#host;
    const isOpen = client.state.invitations.some(one => one.from === from);
    if (!isOpen) return this.#fail(`Invitation ${argument} is over`);
    return this.#answered(() => client.request({type: 'answer', from, accepted}));
  }

  #turnTo(argument: string): true {
    const {client} = this.#host;
    const {state} = client;
    const meant = readNickname(argument, crowdOf(state))?.meant;
    const word = argument.toLowerCase();
    if (meant === undefined || meant.is === 'several') {
      return this.#fail('Type /to and public, room or a nickname');
    }
    const conversation = word === 'public' || word === 'room' ? word : directId(meant.nick);
    if (!canSpeakIn(state, conversation)) {
      return this.#fail(`What you type cannot go to ${placeWords(conversation, state)} now`);
    }
    return this.#answered(() => client.turnTo(conversation));
  }

  /** Does something, and tells what was wrong with it. */
  #answered(action: () => boolean): true {
    this.#errors = [];
    action();
    const errors = this.#errors;
    this.#errors = undefined;
    for (const {message} of errors) this.#fail(message);
    return true;
  }

  #journey(argument: string): true {
    const {client, now} = this.#host;
    const {state} = client;
    const {teller} = this;
    const number = /^\d+$/.test(argument) ? Number(argument) : undefined;
    const id = number === undefined ? teller.newest : teller.troubles.thingOf(number);
    const labelOf = (nick: string) => state.people.labelOf(nick);
    if (number !== undefined || argument === '') {
      const journey = id === undefined ? undefined : client.journeys?.of({id});
      if (id === undefined || journey === undefined) {
        return this.#fail(
          number === undefined
            ? 'There is no message of yours whose journey is kept'
            : `There is no message ${number} whose journey is kept`,
        );
      }
      const title = number === undefined ? 'Your message' : `Message ${number}`;
      const delivery = ownEntry(state, id)?.delivery;
      this.#say(...journeyLines(journey, {title, delivery, now: now(), labelOf}));
      return true;
    }
    const read = readNickname(argument, crowdOf(state));
    const nick = read?.meant.is === 'several' ? undefined : read?.meant.nick;
    const entry = nick === undefined ? undefined : answers.newestOf(state, nick);
    const journey = entry === undefined ? undefined : client.journeys?.of(entry);
    if (journey === undefined) {
      return this.#fail(`There is no message of ${spoken(argument)} whose journey is kept`);
    }
    this.#say(
      ...journeyLines(journey, {title: 'Message', delivery: undefined, now: now(), labelOf}),
    );
    return true;
  }

  #last(argument: string): true {
    const count = argument === '' ? defaultLast : Number(argument);
    if (!Number.isInteger(count) || count < 1) {
      return this.#fail('Type /last and how many messages: /last 5');
    }
    const {state} = this.#host.client;
    const messages = answers.lastMessages(state, here(state), Math.min(count, maximumLast));
    if (messages.length === 0) this.#say('Nothing was said here.');
    else this.#say(...answers.pastLines(messages, state, this.teller.render));
    return true;
  }

  #sendPasted(argument: string): true {
    const lines = this.#pasted;
    this.#pasted = undefined;
    if (lines === undefined) return this.#fail('Nothing was pasted');
    const conversation: ConversationId = here(this.#host.client.state);
    const pasted: Draft = {text: lines.join('\n'), conversation, pastedAt: 0};
    this.#carryOut(argument === 'one' ? {text: asTyped(pasted), conversation} : pasted);
    return true;
  }

  #choose(name: LinearChoice, argument: string): true {
    const value = argument.toLowerCase();
    const {settings} = this;
    if (value === '') {
      this.#say(`${capital(name)} is ${settings[name]}: ${linearChoices[name].join(' or ')}.`);
      return true;
    }
    if (!isValueOf(name, value)) {
      return this.#fail(`Type /${name} ${linearChoices[name].join(' or ')}`);
    }
    const changed = {...settings, [name]: value};
    this.teller.settings = changed;
    const forgotten = this.#host.remember(changed);
    this.#say(`${capital(name)} is ${value} now.`);
    if (forgotten !== undefined) this.#say(...noticeLines(forgotten));
    if (changed.emoji === 'names') void this.#loadEmoji();
    return true;
  }

  async #loadEmoji(): Promise<void> {
    this.#emoji = await loadEmojiNames();
    this.teller.emojiWords = new EmojiWords(this.#emoji);
  }

  /** `While away: 14 messages, 2 for you. zoé left. /unread reads them.` */
  #tellMissed(): void {
    const {state} = this.#host.client;
    const {unread} = this.teller;
    const count = answers.unreadCount(unread.messages(state), state);
    const passages = passageLine(unread.passages, '');
    if (count === undefined && passages === '') return;
    this.#hasMissed = count !== undefined;
    const parts = [
      ...(count === undefined ? [] : [`${count}.`]),
      ...(passages === '' ? [] : [passages]),
      ...(count === undefined ? [] : ['/unread reads them.']),
    ];
    this.#say(`While away: ${parts.join(' ')}`);
  }
}

/** Commands that only this mode has. */
function ownCandidates(before: string): readonly Candidate[] {
  const [, typed] = /^\/(\S+)$/.exec(before) ?? [];
  return ownCommandsBeginning(typed?.toLowerCase() ?? '')
    .filter(({name}) => !commands.some(command => command.name === name))
    .map(({name, usage}) => ({
      shown: `/${name} ${usage}`.trimEnd(),
      write: () => `/${name} `,
    }));
}

function ownEntry(state: State, id: number): MessageEntry | undefined {
  const place = state.own.get(id);
  const entry = place && historyOf(state, place.conversation).at(place.index);
  return entry?.kind === 'message' ? entry : undefined;
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
