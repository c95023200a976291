/** The names of emoji, as `:smile:`. They are loaded when somebody completes the first one. */

/** Names and signs; the common ones come first. */
export type EmojiNames = ReadonlyArray<readonly [name: string, sign: string]>;

export async function loadEmojiNames(): Promise<EmojiNames> {
  const {default: signs} = await import('markdown-it-emoji/lib/data/full.mjs');
  return Object.entries(signs);
}
