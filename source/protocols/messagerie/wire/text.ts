/** Names and texts of `messagerie` (docs/protocols/messagerie.md, "Names and texts"). */

/** Limit of a user's text, in UTF-8 bytes, without the author that the hub puts before it (R5, R9). */
export const maximumTextBytes = 1024;
export const maximumNameBytes = 10;
export const maximumRoomNameBytes = 50;
/** Ends every name, so that no name can contain it. Separates author and text in a relayed text (R5). */
export const delimiter = '#';
/** `author#text`, both as long as possible. */
export const maximumRelayedTextBytes = maximumNameBytes + delimiter.length + maximumTextBytes;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', {ignoreBOM: true});

/** No U+FFFD: it stands for invalid UTF-8, and the decoded name would not be the one that its owner sent. */
const printable = /^[^#\p{Cc}\p{Cs}\u{fffd}]+$/u;

export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Invalid UTF-8 becomes U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

export function isName(text: string): boolean {
  return printable.test(text) && Buffer.byteLength(text) <= maximumNameBytes;
}

export function isRoomName(text: string): boolean {
  return printable.test(text) && Buffer.byteLength(text) <= maximumRoomNameBytes;
}

/** The text of a TEXTE that the hub relays. */
export type RelayedText = {
  /** Empty in a notice of the hub itself: see {@link readNotice}. */
  readonly author: string;
  readonly text: string;
};

/** `author#text` (R5). */
export function joinRelayedText({author, text}: RelayedText): string {
  return author + delimiter + text;
}

/** Undefined if no author is named. A `#` that the author has written stays in the text. */
export function splitRelayedText(relayed: string): RelayedText | undefined {
  const end = relayed.indexOf(delimiter);
  const author = relayed.slice(0, end);
  if (end < 0 || (author !== '' && !isName(author))) return undefined;
  return {author, text: relayed.slice(end + delimiter.length)};
}

export type NoticeEvent = 'joined' | 'left' | 'declined';
export type Notice = {readonly name: string; readonly event: NoticeEvent};

/** A notice of the hub itself, as the text of a TEXTE: `#alice joined` (R5). */
export function joinNotice({name, event}: Notice): string {
  return joinRelayedText({author: '', text: `${name} ${event}`});
}

/** Undefined if it is no notice that we know: another hub may have more. */
export function readNotice({author, text}: RelayedText): Notice | undefined {
  const [, name = '', event] = /^(.+) (joined|left|declined)$/u.exec(text) ?? [];
  if (author !== '' || event === undefined || !isName(name)) return undefined;
  return {name, event: event as NoticeEvent};
}
