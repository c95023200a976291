import {cleanLine} from '../../client/clean-text.ts';
import type {Undelivered} from '../../client/client.ts';
import {truncate, withoutFillers} from '../text/width.ts';

/** The newest of them are said in full, as far as they fit in a line. */
const maximumTold = 10;
const maximumColumns = 78;

/** What the user is told on the way out of texts that have not arrived, or are not known to have. */
export function undeliveredLines(texts: readonly Undelivered[]): string {
  const unsent = texts.filter(({state}) => state === 'kept');
  const unconfirmed = texts.filter(({state}) => state !== 'kept');
  return told('Never sent', unsent) + told('Not confirmed', unconfirmed);
}

function told(what: string, texts: readonly Undelivered[]): string {
  if (texts.length === 0) return '';
  const newest = texts.slice(-maximumTold);
  const others = texts.length - newest.length;
  const more = others === 0 ? '' : `, and ${others} before ${newest.length === 1 ? 'it' : 'them'}`;
  const lines = newest.map(({text}) =>
    withoutFillers(truncate(`  ${cleanLine(text)}`, maximumColumns)),
  );
  return `${what}${more}:\n${lines.join('\n')}\n`;
}
