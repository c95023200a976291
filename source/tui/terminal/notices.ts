import {truncate, withoutFillers} from '../text/width.ts';
import type {Features} from './features.ts';
import {passedThrough} from './passthrough.ts';

export type Notice = {
  readonly title: string;
  /** May be empty. */
  readonly body: string;
};

/** In cells. A desktop shows hardly more, and GNU screen passes on little at once. */
const maximumTitle = 60;
const maximumBody = 160;

/** The bytes that put a notice on the desktop; none where the terminal would not understand them. */
export function noticeSequence(notice: Notice, {notices, multiplexer}: Features): string {
  const title = harmless(notice.title, maximumTitle);
  const body = harmless(notice.body, maximumBody);
  switch (notices) {
    case 'osc-9':
      return passedThrough(`\u001b]9;${body ? `${title}: ${body}` : title}\u0007`, multiplexer);
    case 'osc-777':
      return passedThrough(`\u001b]777;notify;${title};${body}\u0007`, multiplexer);
    case 'osc-99': {
      // In two parts of one notice, of which the first says that more follows.
      const first = `\u001b]99;i=chat-tui:d=0:e=1;${base64(title)}\u0007`;
      const second = `\u001b]99;i=chat-tui:d=1:p=body:e=1;${base64(body)}\u0007`;
      return passedThrough(first, multiplexer) + passedThrough(second, multiplexer);
    }
    case undefined:
      return '';
  }
}

/** One line without controls, and without semicolons, which divide the parts of a notice. */
function harmless(text: string, columns: number): string {
  const shown = text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').replaceAll(';', ',');
  return withoutFillers(truncate(shown, columns));
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
