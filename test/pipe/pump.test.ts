import {PassThrough, Writable} from 'node:stream';
import {expect, test} from 'vitest';
import {maximumWaitingBytes, Pump} from '../../source/pipe/pump.ts';
import {FakeConnection} from './fake-connection.ts';

const tick = () => new Promise<void>(resolve => setImmediate(resolve));
const bytes = (text: string) => Buffer.from(text, 'latin1');

/** A pump with an open connection. */
function open({
  isTTY = false,
  output = new PassThrough(),
}: {
  isTTY?: boolean;
  output?: Writable;
} = {}) {
  const input = Object.assign(new PassThrough(), {isTTY});
  const pump = new Pump({input, output});
  const connection = new FakeConnection();
  const listener = pump.open(connection);
  let ending: string | undefined;
  void pump.ended.then(({is}) => {
    ending = is;
  });
  return {
    pump,
    input,
    output,
    connection,
    listener,
    /** What it has ended with by now. */
    async ending() {
      await tick();
      await tick();
      return ending;
    },
  };
}

/** A reader who takes something only when told to. */
class SlowReader extends Writable {
  readonly taken: string[] = [];
  #done: (() => void) | undefined;

  constructor() {
    super({highWaterMark: 4});
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.taken.push(chunk.toString('latin1'));
    this.#done = done;
  }

  take(): void {
    this.#done?.();
  }
}

test('what is read goes out, what comes is written, byte for byte', async () => {
  const {pump, input, output, connection, listener} = open();
  const all = Buffer.from(Array.from({length: 256}, (_, byte) => byte));
  input.write(all);
  await tick();
  expect(connection.calls).toEqual([all.toString('latin1')]);
  listener.received(all, 0);
  expect((output as PassThrough).read()).toEqual(all);
  expect([pump.sent, pump.received]).toEqual([256, 256]);
});

test('it is whole when both sides have ended and everything is written', async () => {
  const {input, output, connection, listener, ending} = open();
  input.end('last');
  await tick();
  await tick();
  expect(connection.calls).toEqual(['last', '(end)']);
  listener.received(bytes('theirs'), 0);
  listener.ended(0);
  listener.closed(undefined, 0);
  (output as PassThrough).resume();
  expect(await ending()).toBe('whole');
  expect(connection.calls).toEqual(['last', '(end)']);
});

test('the end of one direction is passed on alone', async () => {
  const {input, output, connection, listener, ending} = open();
  listener.ended(0);
  expect(output.writableEnded).toBe(true);
  input.write('still');
  await tick();
  expect(connection.calls).toEqual(['still']);
  expect(await ending()).toBeUndefined();
  const other = open();
  other.input.end();
  await tick();
  other.listener.received(bytes('still'), 0);
  expect((other.output as PassThrough).read()?.toString()).toBe('still');
  expect(other.connection.calls).toEqual(['(end)']);
});

test('from a terminal, the other side’s end is the end of both', async () => {
  const {input, connection, listener, output, ending} = open({isTTY: true});
  input.write('typed');
  await tick();
  listener.ended(0);
  expect(connection.calls).toEqual(['typed', '(end)']);
  input.write('too late');
  (output as PassThrough).resume();
  listener.closed(undefined, 0);
  expect(await ending()).toBe('whole');
  expect(connection.calls).toEqual(['typed', '(end)']);
});

test('no more is read while very much waits for the network', async () => {
  const {input, connection, listener} = open();
  connection.waiting = maximumWaitingBytes - 1;
  input.write('a');
  await tick();
  connection.waiting = maximumWaitingBytes;
  input.write('b');
  await tick();
  input.write('c');
  await tick();
  expect(connection.calls).toEqual(['a', 'b']);
  connection.waiting = 0;
  listener.drained(0);
  await tick();
  expect(connection.calls).toEqual(['a', 'b', 'c']);
});

test('the network waits for a slow reader, and nothing is lost', async () => {
  const output = new SlowReader();
  const {input, connection, listener, ending} = open({output});
  input.end();
  await tick();
  listener.received(bytes('more than four'), 0);
  expect(connection.calls).toEqual(['(end)', '(pause)']);
  output.take();
  await tick();
  expect(connection.calls).toEqual(['(end)', '(pause)', '(resume)']);
  listener.received(bytes('end'), 0);
  listener.ended(0);
  listener.closed(undefined, 0);
  expect(await ending()).toBeUndefined();
  output.take();
  expect(await ending()).toBe('whole');
  expect(output.taken).toEqual(['more than four', 'end']);
});

test.each([
  ['before either side has ended', () => {}, undefined],
  ['when only they have', ({listener}: ReturnType<typeof open>) => listener.ended(0), undefined],
  ['when only we have', ({input}: ReturnType<typeof open>) => input.end(), undefined],
  [
    'with an error',
    ({input, listener}: ReturnType<typeof open>) => {
      input.end();
      listener.ended(0);
    },
    'ECONNRESET',
  ],
] as const)('closed %s it is broken, and what has come is still written', async (_, act, code) => {
  const opened = open();
  opened.listener.received(bytes('so far'), 0);
  act(opened);
  await tick();
  await tick();
  opened.listener.closed(code, 0);
  expect(await opened.ending()).toBe('broken');
  expect((opened.output as PassThrough).read()?.toString()).toBe('so far');
  expect(opened.output.writableEnded).toBe(true);
});

test('a side that leaves before our end has broken the connection', async () => {
  const {pump, connection, ending} = open();
  pump.desert();
  expect(await ending()).toBe('broken');
  expect(connection.calls).toEqual(['(destroy)']);
});

test('a side that leaves after our end has broken nothing: bytes may still be under way', async () => {
  const {pump, input, output, listener, ending} = open();
  input.end();
  await tick();
  await tick();
  pump.desert();
  expect(await ending()).toBeUndefined();
  listener.received(bytes('the rest'), 0);
  listener.ended(0);
  listener.closed(undefined, 0);
  expect((output as PassThrough).read()?.toString()).toBe('the rest');
  expect(await ending()).toBe('whole');
});

test('before there is a connection, nobody can leave it', async () => {
  const pump = new Pump({input: new PassThrough(), output: new PassThrough()});
  pump.desert();
  expect(await Promise.race([pump.ended, tick()])).toBeUndefined();
});

test('a reader who has gone breaks the connection, and nobody is told', async () => {
  const {output, connection, ending} = open();
  output.destroy(Object.assign(new Error('write EPIPE'), {code: 'EPIPE'}));
  expect(await ending()).toBe('unwanted');
  expect(connection.calls).toEqual(['(destroy)']);
});

test.each(['input', 'output'] as const)('an %s that fails says why', async what => {
  const opened = open();
  const error = Object.assign(new Error('EIO: i/o error'), {code: 'EIO'});
  opened[what].destroy(error);
  expect(await opened.pump.ended).toEqual({is: 'failed', what, error});
  expect(opened.connection.calls).toEqual(['(destroy)']);
});

test('nothing is read before there is a connection, and one that comes too late is destroyed', async () => {
  const input = new PassThrough();
  const pump = new Pump({input, output: new PassThrough()});
  input.write('patience');
  await tick();
  expect(input.readableLength).toBe(8);
  pump.destroy();
  const connection = new FakeConnection();
  pump.open(connection);
  expect(connection.calls).toEqual(['(destroy)']);
  expect(await pump.ended).toEqual({is: 'unwanted'});
});
