import {createInterface} from 'node:readline';
import type {Readable, Writable} from 'node:stream';
import {cleanText} from '../client/clean-text.ts';
import type {ChatClient} from '../client/client.ts';
import {helpText} from '../client/help.ts';
import {roomsSentence} from '../client/sentences.ts';
import {here} from '../client/state.ts';
import {isPublic, toJsonLine} from './json.ts';

export type Streams = {
  readonly input: Readable;
  readonly output: Writable;
  /** For people: what is no event. */
  readonly diagnostics: Writable;
};

/** A script may write faster than one message for each round trip; memory is not where that waits. */
const maximumPending = 64;

/**
 * The client without a screen (docs/headless.md). Lines are read only while the client can do
 * something with them: the first waits for the connection, the next for a moment of quiet.
 *
 * @returns The exit code, when the conversation is over.
 */
export async function runHeadless(client: ChatClient, streams: Streams): Promise<number> {
  const {input, output, diagnostics} = streams;
  let exitCode = 0;
  let isEnding = false;
  let areRoomsAsked = false;
  const lines = createInterface({input, crlfDelay: Number.POSITIVE_INFINITY});
  const reader = lines[Symbol.asyncIterator]();
  const isOver = new Promise<void>(resolve => {
    const end = () => {
      isEnding = true;
      resolve();
    };
    client.onEvent(event => {
      if (isPublic(event)) output.write(toJsonLine(event, new Date()));
      else if (event.type === 'help') diagnostics.write(helpText(event.topic));
      else if (event.type === 'notice') diagnostics.write(`${cleanText(event.text)}\n`);
      else if (event.type === 'room-list') areRoomsAsked = true;
      if (event.type === 'rooms' && areRoomsAsked) {
        diagnostics.write(`${roomsSentence(event.rooms)}\n`);
        areRoomsAsked = false;
      }
      if (event.type === 'refused') exitCode = 1;
      if (event.type === 'refused' || event.type === 'quit') end();
    });
    // Whoever read our events has gone: nobody is left to tell anything.
    output.on('error', end);
  });
  const isConnected = new Promise<void>(resolve => {
    client.onEvent(event => {
      if (event.type === 'connected') resolve();
    });
  });

  await Promise.race([isConnected, isOver]);
  while (!isEnding) {
    const next = await Promise.race([reader.next(), isOver]);
    if (isEnding || next === undefined || next.done) break;
    client.submit(next.value, here(client.state));
    await Promise.race([client.settled(maximumPending), isOver]);
  }
  lines.close();
  // What was said has arrived, or is known not to have.
  await client.settled();
  await client.close();
  return exitCode;
}
