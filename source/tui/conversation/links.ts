import {linksIn} from '../../client/web-links.ts';
import {withoutInvisible} from '../text/width.ts';
import type {Role, Span} from './entry-lines.ts';

/**
 * The rows of a text as spans of that role, with the addresses in them as links, also where the end of a row cuts them.
 *
 * @param rows As they were wrapped: pieces of the text, in order.
 */
export function withLinks(text: string, rows: readonly string[], role: Role): Span[][] {
  const shown = text.split('\n').map(withoutInvisible).join('\n');
  const links = linksIn(shown);
  if (links.length === 0) return rows.map(row => [{role, text: row}]);
  let end = 0;
  return rows.map(row => {
    const start = shown.indexOf(row, end);
    // Not a piece of it: a grapheme was too wide for the pane.
    if (start === -1) return [{role, text: row}];
    end = start + row.length;
    const spans: Span[] = [];
    let done = start;
    for (const {target, ...link} of links) {
      const [from, to] = [Math.max(link.start, done), Math.min(link.end, end)];
      if (from >= to) continue;
      if (from > done) spans.push({role, text: shown.slice(done, from)});
      spans.push({role: 'link', text: shown.slice(from, to), target});
      done = to;
    }
    if (done < end || spans.length === 0) spans.push({role, text: shown.slice(done, end)});
    return spans;
  });
}
