/** The lines of `whoiam` (docs/protocols/whoiam.md): a keyword, a space, and arguments. */
import type {ByteReader, Words} from '../../transport/byte-reader.ts';
import {explainFrames} from '../../transport/explain.ts';
import type {Field} from '../../transport/fields.ts';
import type {Writer} from '../protocol.ts';

/** A line from a client. */
export type ClientMessage =
  /** IAM. The nickname may break {@link isNickname}, and the hub has to refuse it. */
  | {readonly type: 'identify'; readonly nickname: string}
  /** WHO: who is here? */
  | {readonly type: 'who'}
  /** MSG. Without a text it is empty, and ignored. */
  | {readonly type: 'publicText'; readonly text: string}
  /** PRV. `to` is any text, or empty. */
  | {readonly type: 'privateText'; readonly to: string; readonly text: string}
  /** BYE. */
  | {readonly type: 'leave'}
  | UnknownMessage
  | BlankMessage;

/** A line from the hub. */
export type HubMessage =
  /** WHO without nicknames: who are you? */
  | {readonly type: 'whoAreYou'}
  /** WHO with nicknames: everyone connected, the asker included (R3). */
  | {readonly type: 'everyone'; readonly nicknames: readonly string[]}
  /** ERR. A refused nickname, an unknown keyword, the reader's own nickname (R4), or nothing. */
  | {readonly type: 'error'; readonly about: string}
  /** TKN. */
  | {readonly type: 'taken'; readonly nickname: string}
  /** ARR. */
  | {readonly type: 'arrival'; readonly nickname: string}
  /** MSG. */
  | {readonly type: 'publicText'; readonly author: string; readonly text: string}
  /** PRV. */
  | {readonly type: 'privateText'; readonly author: string; readonly text: string}
  /** LFT. */
  | {readonly type: 'departure'; readonly nickname: string}
  | UnknownMessage
  | BlankMessage;

/** From a client: an unknown keyword. From the hub also a known keyword without a valid nickname. Never written. */
export type UnknownMessage = {readonly type: 'unknown'; readonly keyword: string};
/** An empty line, ignored. Never written. */
export type BlankMessage = {readonly type: 'blank'};

type Written<Message> = Exclude<Message, UnknownMessage | BlankMessage>;

export const maximumNicknameBytes = 32;
/** Limit of a line without its ending. Only the hub's list may be longer. */
export const maximumLineBytes = 8192;
/**
 * Limit of a list without its ending, and so of every line that a client reads: a list is one line, however long (R3).
 * It holds 31,774 of the longest nicknames.
 */
export const maximumListBytes = 1_048_576;
/** In UTF-8 bytes. With the longest nickname and LF, `MSG nick text` and `PRV nick text` fit into a line. */
export const maximumTextBytes = maximumLineBytes - 'MSG '.length - maximumNicknameBytes - 2;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', {ignoreBOM: true});

const asciiPattern = /^[!-~]{1,32}$/;
const nicknamePattern = /^[^ \p{Cc}\p{Cs}\ufffd]{1,32}$/u;

/** 1 to 32 bytes without spaces and control characters, and without U+FFFD, which stands for invalid UTF-8 (R2). */
export function isNickname(text: string): boolean {
  // Most are ASCII, and a list of two thousand is read with each text of ours.
  if (asciiPattern.test(text)) return true;
  return nicknamePattern.test(text) && textBytes(text) <= maximumNicknameBytes;
}

/** Length in UTF-8: limited by {@link maximumTextBytes}. */
export function textBytes(text: string): number {
  return encoder.encode(text).length;
}

/** @throws RangeError if a text is too long, or a nickname is invalid: a mistake of ours. */
export function encodeClientMessage(message: Written<ClientMessage>): Uint8Array {
  switch (message.type) {
    case 'identify':
      return encodeLine('IAM', checkNickname(message.nickname));
    case 'who':
      return encodeLine('WHO');
    case 'publicText':
      return encodeLine('MSG', checkText(message.text));
    case 'privateText':
      return encodeLine('PRV', checkNickname(message.to), checkText(message.text));
    case 'leave':
      return encodeLine('BYE');
  }
}

/**
 * @throws RangeError if a text or a list is too long, or a nickname is invalid: a mistake of ours.
 *
 * The subject of an error comes from the network. It is cut if the line would get too long.
 */
export function encodeHubMessage(message: Written<HubMessage>): Uint8Array {
  switch (message.type) {
    case 'whoAreYou':
      return encodeLine('WHO');
    case 'everyone':
      return encodeList(message.nicknames);
    case 'error':
      return message.about === '' ? encodeLine('ERR') : encodeLine('ERR', cutEcho(message.about));
    case 'taken':
      return encodeLine('TKN', checkNickname(message.nickname));
    case 'arrival':
      return encodeLine('ARR', checkNickname(message.nickname));
    case 'publicText':
      return encodeLine('MSG', checkNickname(message.author), checkText(message.text));
    case 'privateText':
      return encodeLine('PRV', checkNickname(message.author), checkText(message.text));
    case 'departure':
      return encodeLine('LFT', checkNickname(message.nickname));
  }
}

/**
 * For a {@link FrameBuffer}: the next line from a client. Every line is a message.
 *
 * @throws Malformed if it is too long.
 */
export function readClientMessage(reader: ByteReader): ClientMessage {
  const words = reader.words(maximumLineBytes);
  const message = readClientWords(words);
  words.end();
  return message;
}

function readClientWords(words: Words): ClientMessage {
  if (words.isBlank) return {type: 'blank'};
  const keyword = decode(words.next(keywordFields.client));
  switch (keyword) {
    case 'IAM':
      return {type: 'identify', nickname: decode(words.rest('nickname'))};
    case 'WHO':
      return {type: 'who'};
    case 'MSG':
      return {type: 'publicText', text: decode(words.rest('text'))};
    case 'PRV':
      return {
        type: 'privateText',
        to: decode(words.next('nickname')),
        text: decode(words.rest('text')),
      };
    case 'BYE':
      return {type: 'leave'};
    default:
      return {type: 'unknown', keyword};
  }
}

/**
 * For a {@link FrameBuffer}: the next line from the hub. Every line is a message.
 *
 * @throws Malformed if it is too long.
 */
export function readHubMessage(reader: ByteReader): HubMessage {
  const words = reader.words(maximumListBytes);
  const message = readHubWords(words);
  words.end();
  return message;
}

function readHubWords(words: Words): HubMessage {
  if (words.isBlank) return {type: 'blank'};
  const keyword = decode(words.next(keywordFields.hub));
  switch (keyword) {
    case 'WHO': {
      const list = decode(words.rest('nicknames'));
      if (list === '') return {type: 'whoAreYou'};
      return {type: 'everyone', nicknames: list.split(' ').filter(isNickname)};
    }
    case 'ERR':
      return {type: 'error', about: decode(words.rest('what is wrong'))};
    case 'TKN':
      return {type: 'taken', nickname: decode(words.rest('nickname'))};
    case 'ARR':
      return readNickname('arrival', keyword, words);
    case 'MSG':
      return readText('publicText', keyword, words);
    case 'PRV':
      return readText('privateText', keyword, words);
    case 'LFT':
      return readNickname('departure', keyword, words);
    default:
      return {type: 'unknown', keyword};
  }
}

function readNickname(type: 'arrival' | 'departure', keyword: string, words: Words): HubMessage {
  const nickname = decode(words.rest('nickname'));
  return isNickname(nickname) ? {type, nickname} : {type: 'unknown', keyword};
}

function readText(type: 'publicText' | 'privateText', keyword: string, words: Words): HubMessage {
  const author = decode(words.next('nickname'));
  const text = decode(words.rest('text'));
  return isNickname(author) ? {type, author, text} : {type: 'unknown', keyword};
}

/** After the registration. There are no frames from peers. */
export function explain(lines: Uint8Array, by: Writer): readonly Field[] {
  return explainFrames(lines, by === 'hub' ? readHubMessage : readClientMessage);
}

const keywordMeanings: Readonly<Record<'client' | 'hub', Readonly<Record<string, string>>>> = {
  client: {
    IAM: 'this is who I am',
    WHO: 'who is here?',
    MSG: 'a text for everyone',
    PRV: 'a text for one user',
    BYE: 'I am leaving',
  },
  hub: {
    WHO: 'everyone connected; without names: who are you?',
    ERR: 'an error',
    TKN: 'that nickname is taken',
    ARR: 'somebody arrived',
    MSG: 'a text for everyone',
    PRV: 'a text for you alone',
    LFT: 'somebody left',
  },
};

const keywordFields = {client: keywordField('client'), hub: keywordField('hub')};

function keywordField(by: 'client' | 'hub') {
  const meanings = keywordMeanings[by];
  const say = (bytes: Uint8Array) => {
    const keyword = decode(bytes);
    const meaning = Object.hasOwn(meanings, keyword) ? meanings[keyword] : 'unknown';
    return `${keyword}, ${meaning}`;
  };
  return {name: 'keyword', say};
}

function decode(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Replaces each CR or LF inside a line, which would end it, by a space. */
function encodeLine(...words: readonly string[]): Uint8Array {
  return encoder.encode(`${words.join(' ').replaceAll(/[\r\n]/g, ' ')}\n`);
}

function encodeList(nicknames: readonly string[]): Uint8Array {
  const line = encodeLine('WHO', ...nicknames.map(checkNickname));
  // Without nicknames the line would ask the reader for a name.
  if (nicknames.length === 0 || line.length - 1 > maximumListBytes)
    throw new RangeError(`${nicknames.length} nicknames`);
  return line;
}

/** The beginning that fits into a line with ERR, without half a code point at its end. */
function cutEcho(about: string): string {
  const bytes = new Uint8Array(maximumLineBytes - 'ERR '.length - 1);
  const {read} = encoder.encodeInto(about, bytes);
  return about.slice(0, read);
}

function checkNickname(nickname: string): string {
  if (!isNickname(nickname)) throw new RangeError(`nickname ${nickname}`);
  return nickname;
}

function checkText(text: string): string {
  const bytes = textBytes(text);
  if (bytes > maximumTextBytes) throw new RangeError(`${bytes} bytes of text`);
  return text;
}
