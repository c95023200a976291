import {linksIn, targetOf} from '../../client/web-links.ts';
import {withoutFillers, withoutInvisible} from '../text/width.ts';
import type {Role, Span} from './entry-lines.ts';

/**
 * The rows of a text as spans of that role, with the addresses in them as links, also where the end of a row cuts them.
 *
 * @param rows As they were wrapped: pieces of the text, in order.
 */
export function withLinks(text: string, rows: readonly string[], role: Role): Span[][] {
  const shown = text.split('\n').map(withoutInvisible).join('\n');
  const links = linksIn(shown).map(({start, end}) => ({
    start,
    end,
    target: targetOf(withoutFillers(shown.slice(start, end))),
  }));
  if (links.length === 0) return rows.map(row => [{role, text: row}]);
  let end = 0;
  return rows.map(row => {
    const start = shown.indexOf(row, end);
    // Not a piece of it: a grapheme was too wide for the pane.
    if (start === -1) return [{role, text: row}];
    end = start + row.length;
    const spans: Span[] = [];
    let done = start;
    for (const {start: first, end: last, target} of links) {
      const [from, to] = [Math.max(first, done), Math.min(last, end)];
      if (from >= to) continue;
      if (from > done) spans.push({role, text: shown.slice(done, from)});
      spans.push({
        role: 'link',
        text: shown.slice(from, to),
        ...(target !== undefined && {target}),
      });
      done = to;
    }
    if (done < end || spans.length === 0) spans.push({role, text: shown.slice(done, end)});
    return spans;
  });
}
