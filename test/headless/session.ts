/** A headless client at work, with the test as its hub: lines go in, and what is printed is held against the schema. */
import {PassThrough} from 'node:stream';
import {expect, onTestFinished} from 'vitest';
import {Client} from '../../source/client/client.ts';
import {runHeadless} from '../../source/headless/headless.ts';
import {WireWatch} from '../../source/headless/wire-watch.ts';
import type {ClientEvent} from '../../source/protocols/protocol.ts';
import {FakeProtocol} from '../client/fake-protocol.ts';
import {checkEvent} from './valid.ts';

export type Printed = Readonly<Record<string, unknown>> & {readonly type: string};

export async function openSession(protocol = new FakeProtocol()) {
  const watch = new WireWatch();
  const address = {protocol, host: '127.0.0.1', port: 9};
  const client = new Client({address, nick: 'alice', watch});
  const stopping = new AbortController();
  const input = new PassThrough();
  const output = new PassThrough().setEncoding('utf8');
  const diagnostics = new PassThrough().resume();
  const printed: Printed[] = [];
  let unread = '';
  let changed = () => {};
  output.on('data', (text: string) => {
    const lines = (unread + text).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line);
      checkEvent(event);
      printed.push(event);
    }
    changed();
  });
  const exitCode = runHeadless(client, {
    input,
    output,
    diagnostics,
    signal: stopping.signal,
  });
  onTestFinished(async () => {
    stopping.abort();
    await exitCode;
  });
  client.start();
  const session = {
    client,
    protocol,
    watch,
    exitCode,
    input,
    printed,
    /** The hub tells that. */
    tell: (...events: readonly ClientEvent[]) => protocol.end.tell(...events),
    write(...lines: readonly (string | object)[]): void {
      for (const line of lines) {
        input.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
      }
    },
    /** Resolves when that has been printed. */
    async event(wanted: object): Promise<Printed> {
      const matching = () => printed.find(event => contains(event, wanted));
      while (matching() === undefined) {
        await new Promise<void>(resolve => {
          changed = resolve;
        });
      }
      const [event] = printed.filter(one => contains(one, wanted));
      if (event === undefined) throw new Error('it was there a moment ago');
      return event;
    },
    /** Resolves when all lines so far have been carried out: each prints what comes of it before the answer. */
    async done(): Promise<void> {
      const tag = `done ${++markers}`;
      session.write({do: 'invitations', tag});
      await session.event({type: 'invitations', tag});
    },
    /** What was printed since `connected`, without the times and the marks of {@link done}. */
    told(): object[] {
      return printed
        .slice(1)
        .filter(({tag}) => !String(tag).startsWith('done '))
        .map(({at: _, ...event}) => event);
    },
  };
  await session.event({type: 'connected'});
  return session;
}

let markers = 0;

function contains(event: object, wanted: object): boolean {
  return expect.objectContaining(wanted).asymmetricMatch(event);
}
