import type {EmojiNames} from '../client/emoji.ts';

const segmenter = new Intl.Segmenter(undefined, {granularity: 'grapheme'});
const pictures = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;
/** What changes only how a picture looks: variation selectors and tones of skin. */
const looks = /[\ufe0e\ufe0f]|\p{Emoji_Modifier}/gu;

/** Says emoji by their names: a voice may read them as nothing, or as a long description. */
export class EmojiWords {
  readonly #names = new Map<string, string>();

  constructor(names: EmojiNames) {
    for (const [name, sign] of names) {
      const known = this.#names.get(plain(sign));
      // A sign with several names gets the first that is a word: not `+1`.
      if (known === undefined || (/[^a-z_]/.test(known) && /^[a-z_]+$/.test(name))) {
        this.#names.set(plain(sign), name);
      }
    }
  }

  /** `(thumbsup)` for each of them, with a space around it where there is none. */
  say(text: string): string {
    if (!pictures.test(text)) return text;
    let said = '';
    for (const {segment} of segmenter.segment(text)) {
      if (!pictures.test(segment)) {
        said += said.endsWith(')') && /^[\p{L}\p{N}]/u.test(segment) ? ` ${segment}` : segment;
        continue;
      }
      const name = this.#names.get(plain(segment))?.replaceAll('_', ' ') ?? 'emoji';
      said += /(?:^|\s)$/.test(said) ? `(${name})` : ` (${name})`;
    }
    return said;
  }
}

function plain(sign: string): string {
  return sign.replaceAll(looks, '') || sign;
}
