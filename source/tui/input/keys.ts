import {altKey, controlKey, csiKey, type Key, maximumPaste, ss3Key} from './key-names.ts';

export {type Key, maximumPaste};

/** How long a lone Esc, or one character after it, may be the beginning of a sequence. */
const escapeMs = 50;
/** How long the rest of a sequence or of a terminal's reply may take on a slow line. */
const sequenceMs = 1000;
/** A paste whose end is missing is over after that silence, or that time in all. */
const pasteSilenceMs = 5000;
const pasteMs = 30_000;

const pasteEnd = '\u001b[201~';

type State =
  | {readonly in: 'ground'}
  | {readonly in: 'escape' | 'ss3' | 'linux-function'; readonly since: number}
  | {readonly in: 'csi'; readonly parameters: string; readonly since: number}
  /** The three characters of an old mouse report. */
  | {readonly in: 'mouse'; readonly left: number; readonly since: number}
  /** OSC, DCS and their like: replies, which are nobody's typing. */
  | {
      readonly in: 'reply';
      readonly introducer: string;
      readonly isEmpty: boolean;
      readonly isEscaped: boolean;
      readonly since: number;
    }
  | {
      readonly in: 'paste';
      readonly text: string;
      /** Code points so far; above {@link maximumPaste} there is no text any more. */
      readonly characters: number;
      /** The beginning of {@link pasteEnd}, if that is what came last. */
      readonly tail: string;
      readonly since: number;
      readonly heardAt: number;
    };

const ground: State = {in: 'ground'};

/**
 * What a terminal sends, as keys: the same ones however the bytes are cut into chunks. What nobody
 * typed (mouse and focus reports, replies to queries) is swallowed.
 *
 * Owns no stream and no timer: the caller reads, and calls {@link onTime} at {@link dueAt}.
 */
export class KeyReader {
  readonly #decoder = new TextDecoder('utf-8', {ignoreBOM: true});
  #state: State = ground;

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

  /** When {@link onTime} has something to do, in the same clock. */
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
      // No sequence contains one: whatever was being read is broken off, the key is not lost.
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
      // Longer than any key: kept short, read to its end.
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
    } else push(keys, csiKey(parameters, character));
  }

  /** Ends with ST or BEL; another control breaks it off, and is what was typed. */
  #takeReply(state: State & {in: 'reply'}, character: string, now: number, keys: Key[]): void {
    if (state.isEscaped && character !== '\\') {
      this.#state = {in: 'escape', since: state.since};
      this.#take(character, now, keys);
    } else if (state.isEscaped || character === '\u0007') {
      this.#state = ground;
    } else if (character === '\u001b') {
      this.#state = {...state, isEmpty: false, isEscaped: true};
    } else if (isControl(character)) {
      this.#takeControl(character, now, keys);
    } else {
      this.#state = {...state, isEmpty: false};
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

function isControl(character: string): boolean {
  return /^\p{Cc}$/u.test(character);
}

function push(keys: Key[], key: Key | undefined): void {
  if (key !== undefined) keys.push(key);
}

/** Line feeds are the only controls that a paste keeps; what else breaks a line is one. */
function endedPaste({text, characters}: State & {in: 'paste'}, tail: string): Key[] {
  const all = characters + tail.length;
  if (all > maximumPaste) return [{type: 'refused-paste', characters: all}];
  const cleaned = (text + tail)
    .replaceAll(/\r\n?|[\v\f\u0085]/g, '\n')
    .replaceAll('\t', '    ')
    .replaceAll(/[^\P{Cc}\n]/gu, '');
  return cleaned === '' ? [] : [{type: 'paste', text: cleaned}];
}
