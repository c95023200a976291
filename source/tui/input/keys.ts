import {altKey, controlKey, csiKey, type Key, maximumPaste, ss3Key} from './key-names.ts';

export {type Key, maximumPaste};

/** For this time a lone Esc, or Esc and one character, may be the beginning of a sequence. */
const escapeMs = 50;
/** The time that the rest of a sequence, or of a terminal's reply, may take on a slow line. */
const sequenceMs = 1000;
/** A paste without an end is over after this silence, or after {@link pasteMs} in all. */
const pasteSilenceMs = 5000;
const pasteMs = 30_000;

/** The longest reply that is passed on, in UTF-16 code units. */
const maximumReply = 64;

const pasteEnd = '\u001b[201~';

type State =
  | {readonly in: 'ground'}
  | {readonly in: 'escape' | 'ss3' | 'linux-function'; readonly since: number}
  | {readonly in: 'csi'; readonly parameters: string; readonly since: number}
  /** The three characters of an old mouse report. */
  | {readonly in: 'mouse'; readonly left: number; readonly since: number}
  /** OSC, DCS and the like: replies of the terminal, which nobody has typed. */
  | {
      readonly in: 'reply';
      readonly introducer: string;
      /** Its beginning: one character more than a reply may have, at most. */
      readonly body: string;
      readonly isEmpty: boolean;
      readonly isEscaped: boolean;
      readonly since: number;
    }
  | {
      readonly in: 'paste';
      readonly text: string;
      /** Code points so far; above {@link maximumPaste} there is no text any more. */
      readonly characters: number;
      /** The beginning of {@link pasteEnd}, if the newest characters are one. */
      readonly tail: string;
      readonly since: number;
      readonly heardAt: number;
    };

const ground: State = {in: 'ground'};

/** What a terminal says without a key being pressed. */
export type Report =
  /** Whether the user looks at this terminal, after DECSET 1004. */
  | {readonly type: 'focus'; readonly isFocused: boolean}
  /** A notch of the mouse's wheel, after DECSET 1000 and 1006: up is -1. Columns count from 0. */
  | {readonly type: 'wheel'; readonly by: -1 | 1; readonly column: number}
  /** The reply to a question: the body of an OSC or a DCS of at most 64 characters that has come to its end. */
  | {readonly type: 'reply'; readonly to: 'osc' | 'dcs'; readonly body: string};

/**
 * Turns what a terminal sends into keys, independently of how the bytes are cut into chunks. Input that nobody typed is no
 * key: reports are passed on at once, and the rest of it (clicks, replies to questions that nobody has asked) is dropped.
 *
 * Owns no stream and no timer: the caller reads, and calls {@link onTime} at {@link dueAt}.
 */
export class KeyReader {
  readonly #decoder = new TextDecoder('utf-8', {ignoreBOM: true});
  readonly #onReport: (report: Report) => void;
  #state: State = ground;

  constructor(onReport: (report: Report) => void = () => {}) {
    this.#onReport = onReport;
  }

  /** @param now In milliseconds of a monotonic clock. */
  read(chunk: Uint8Array, now: number): Key[] {
    const keys = this.onTime(now);
    for (const character of this.#decoder.decode(chunk, {stream: true})) {
      this.#take(character, now, keys);
    }
    return keys;
  }

  onTime(now: number): Key[] {
    if (now < this.dueAt) return [];
    const state = this.#state;
    this.#state = ground;
    switch (state.in) {
      case 'escape':
        return [{type: 'chord', chord: 'escape'}];
      case 'csi':
        return state.parameters === '' ? [altKey('[')] : [];
      case 'ss3':
        return [altKey('O')];
      case 'reply':
        return state.isEmpty ? [altKey(state.introducer)] : [];
      case 'paste':
        return endedPaste(state, state.tail);
      default:
        return [];
    }
  }

  /** The time at which {@link onTime} has something to do, in the same clock. */
  get dueAt(): number {
    const state = this.#state;
    switch (state.in) {
      case 'ground':
        return Number.POSITIVE_INFINITY;
      case 'paste':
        return Math.min(state.heardAt + pasteSilenceMs, state.since + pasteMs);
      case 'csi':
        return state.since + (state.parameters === '' ? escapeMs : sequenceMs);
      case 'reply':
        return state.since + (state.isEmpty ? escapeMs : sequenceMs);
      case 'linux-function':
      case 'mouse':
        return state.since + sequenceMs;
      default:
        return state.since + escapeMs;
    }
  }

  #take(character: string, now: number, keys: Key[]): void {
    const state = this.#state;
    if (state.in === 'paste') {
      this.#takePasted(state, character, now, keys);
    } else if (state.in === 'reply') {
      this.#takeReply(state, character, now, keys);
    } else if (isControl(character)) {
      // No sequence contains a control: the unfinished one is dropped, the key is not lost.
      this.#takeControl(character, now, keys);
    } else {
      switch (state.in) {
        case 'ground':
          keys.push({type: 'text', text: character});
          break;
        case 'escape':
          this.#takeEscaped(character, now, keys);
          break;
        case 'csi':
          this.#takeCsi(state, character, now, keys);
          break;
        case 'ss3':
          this.#state = ground;
          push(keys, ss3Key(character));
          break;
        case 'linux-function':
          this.#state = ground;
          push(keys, csiKey('[', character));
          break;
        case 'mouse':
          this.#state = state.left === 1 ? ground : {...state, left: state.left - 1};
          break;
      }
    }
  }

  #takeControl(character: string, now: number, keys: Key[]): void {
    const isEscaped = this.#state.in === 'escape';
    this.#state = ground;
    if (character === '\u001b') {
      if (isEscaped) keys.push({type: 'chord', chord: 'escape'});
      this.#state = {in: 'escape', since: now};
    } else if (isEscaped && '\r\n\t\b\u007f'.includes(character)) {
      keys.push(altKey(character));
    } else {
      if (isEscaped) keys.push({type: 'chord', chord: 'escape'});
      push(keys, controlKey(character));
    }
  }

  #takeEscaped(character: string, now: number, keys: Key[]): void {
    if (character === '[') this.#state = {in: 'csi', parameters: '', since: now};
    else if (character === 'O') this.#state = {in: 'ss3', since: now};
    else if (']PX^_'.includes(character)) {
      this.#state = {
        in: 'reply',
        introducer: character,
        body: '',
        isEmpty: true,
        isEscaped: false,
        since: now,
      };
    } else {
      this.#state = ground;
      keys.push(altKey(character));
    }
  }

  #takeCsi(state: State & {in: 'csi'}, character: string, now: number, keys: Key[]): void {
    if (character >= ' ' && character <= '?') {
      // No key is longer than that. The rest is read to its end but not kept.
      const parameters = (state.parameters + character).slice(0, 64);
      this.#state = {...state, parameters};
      return;
    }
    this.#state = ground;
    const {parameters} = state;
    if (character > '~') keys.push({type: 'text', text: character});
    else if (character === '[' && parameters === '') {
      this.#state = {in: 'linux-function', since: now};
    } else if (character === 'M' && parameters === '') {
      this.#state = {in: 'mouse', left: 3, since: now};
    } else if (character === '~' && parameters === '200') {
      this.#state = {in: 'paste', text: '', characters: 0, tail: '', since: now, heardAt: now};
    } else {
      const report = reportIn(parameters, character);
      if (report === undefined) push(keys, csiKey(parameters, character));
      else this.#onReport(report);
    }
  }

  /** A reply ends with ST or BEL. Another control breaks it off, and is a key that was typed. */
  #takeReply(state: State & {in: 'reply'}, character: string, now: number, keys: Key[]): void {
    if (state.isEscaped && character !== '\\') {
      this.#state = {in: 'escape', since: state.since};
      this.#take(character, now, keys);
    } else if (state.isEscaped || character === '\u0007') {
      this.#state = ground;
      const to = replyTo[state.introducer];
      if (to !== undefined && state.body.length <= maximumReply) {
        this.#onReport({type: 'reply', to, body: state.body});
      }
    } else if (character === '\u001b') {
      this.#state = {...state, isEmpty: false, isEscaped: true};
    } else if (isControl(character)) {
      this.#takeControl(character, now, keys);
    } else {
      const body = (state.body + character).slice(0, maximumReply + 1);
      this.#state = {...state, body, isEmpty: false};
    }
  }

  #takePasted(state: State & {in: 'paste'}, character: string, now: number, keys: Key[]): void {
    const tail = state.tail + character;
    if (tail === pasteEnd) {
      this.#state = ground;
      keys.push(...endedPaste(state, ''));
    } else if (pasteEnd.startsWith(tail)) {
      this.#state = {...state, tail, heardAt: now};
    } else {
      const isNewTail = character === pasteEnd[0];
      const added = isNewTail ? state.tail : tail;
      const characters = state.characters + [...added].length;
      this.#state = {
        ...state,
        text: characters > maximumPaste ? '' : state.text + added,
        characters,
        tail: isNewTail ? character : '',
        heardAt: now,
      };
    }
  }
}

const replyTo: Readonly<Record<string, 'osc' | 'dcs'>> = {']': 'osc', P: 'dcs'};

/** The report behind `CSI parameters final`; undefined if it is something else. */
function reportIn(parameters: string, final: string): Report | undefined {
  if (parameters === '' && (final === 'I' || final === 'O')) {
    return {type: 'focus', isFocused: final === 'I'};
  }
  // Button 64 is the wheel away from the user, 65 towards the user; Shift, Alt and Control add 4, 8 and 16.
  const [, buttons = '', column = ''] =
    final === 'M' ? (/^<(\d+);(\d+);\d+$/.exec(parameters) ?? []) : [];
  const button = Number(buttons) & ~0b1_1100;
  if (button !== 64 && button !== 65) return undefined;
  const by = button === 64 ? -1 : 1;
  return {type: 'wheel', by, column: Number(column) - 1};
}

function isControl(character: string): boolean {
  return /^\p{Cc}$/u.test(character);
}

function push(keys: Key[], key: Key | undefined): void {
  if (key !== undefined) keys.push(key);
}

/** A paste keeps no controls but line feeds; other line breaks become line feeds. */
function endedPaste({text, characters}: State & {in: 'paste'}, tail: string): Key[] {
  const all = characters + tail.length;
  if (all > maximumPaste) return [{type: 'refused-paste', characters: all}];
  const cleaned = (text + tail)
    .replaceAll(/\r\n?|[\v\f\u0085]/g, '\n')
    .replaceAll('\t', '    ')
    .replaceAll(/[^\P{Cc}\n]/gu, '');
  return cleaned === '' ? [] : [{type: 'paste', text: cleaned}];
}
