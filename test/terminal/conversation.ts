/** What headless clients of a story do. */
import type {HeadlessEvent, headless} from './processes.ts';

export type Client = ReturnType<typeof headless>;

/** Has somebody write a line, and waits until that one knows that its text has arrived. */
export async function say(author: Client, text: string, line = text): Promise<void> {
  author.write(line);
  const {id} = await author.next('sent', event => event.text === text);
  await author.next('delivered', event => event.id === id);
}

export function hears(
  reader: Client,
  from: string,
  text: string,
  scope: Extract<HeadlessEvent, {readonly type: 'message'}>['scope'],
) {
  return reader.next(
    'message',
    event => event.from === from && event.text === text && event.scope === scope,
  );
}
