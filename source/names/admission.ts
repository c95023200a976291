// Controls, format, private-use, unassigned and lone surrogates; separators of lines and paragraphs; characters that
// may be drawn as nothing; any space but U+0020.
const forbidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|[^\P{Zs} ]/u;

/** At the beginning, at the end, or two in a row. */
const misplacedSpace = /^ | $| {2}/;

/** More marks on one letter would paint over its neighbours; a mark without a letter paints over the text before it. */
const misplacedMark = /^\p{M}| \p{M}|\p{M}{4}/u;

/** A braille cell without dots is an invisible symbol. */
const visible = /[^\u2800\p{M}\p{Zs}]/u;

/**
 * Whether a nickname is what it looks like. A hub adds this rule to that of each protocol. Our hub admits no other
 * names; other hubs may.
 */
export function isPresentable(name: string): boolean {
  return (
    !forbidden.test(name) &&
    !misplacedSpace.test(name) &&
    !misplacedMark.test(name) &&
    visible.test(name)
  );
}
