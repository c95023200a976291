/** The built program in each of its roles, each in a process and a home of its own. */
import path from 'node:path';
import process from 'node:process';
import type {PrintedEvent} from '../../source/headless/events.ts';
import {defaultProtocol, protocols} from '../../source/protocols/index.ts';
import {checkEvent} from '../headless/valid.ts';
import {type Ending, JsonProgram, type JsonProgramOptions} from './json-program.ts';
import {Terminal, type TerminalOptions} from './terminal.ts';

export const program = path.resolve(import.meta.dirname, '../../dist/chat-tui.js');

/** The full-screen client. */
export function chatTui(args: readonly string[], options: TerminalOptions = {}): Terminal {
  return Terminal.start(process.execPath, [program, ...args], options);
}

/** One line of a headless client's output; `at` is an ISO time. */
export type HeadlessEvent = PrintedEvent & {readonly at: string};

/** The client without a screen: `write` what one would type, `await next` what it tells. */
export function headless(
  args: readonly string[],
  options: JsonProgramOptions = {},
): JsonProgram<HeadlessEvent> {
  const all = ['--headless', ...args];
  return new JsonProgram(process.execPath, [program, ...all], {check: checkEvent, ...options});
}

/** The program with pipes where the full-screen client needs a terminal. */
export function withoutTerminal(args: readonly string[]): JsonProgram<never> {
  return new JsonProgram(process.execPath, [program, ...args]);
}

type Listening = {
  readonly type: 'listening';
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
};

/** A line of the log, of those that are about somebody. */
type Logged = {
  readonly type: 'connected' | 'refused' | 'left';
  readonly protocol: string;
  readonly nick: string;
  readonly host: string;
  readonly port: number;
  readonly reason?: string;
  readonly aliases?: Readonly<Record<string, string>>;
};

export type Hub = {
  /** For `--server`: of the first protocol. */
  readonly address: string;
  addressOf(protocol: string): string;
  /** Waits for a line of the log. */
  logged(type: Logged['type'], nick: string): Promise<Logged>;
  signal(name: NodeJS.Signals): void;
  readonly exited: Promise<Ending>;
  /** Ends it, be it suspended or not. */
  stop(): Promise<void>;
};

/** A hub on free ports of the loopback; resolves when it listens with every protocol. */
export async function startHub(args: readonly string[] = []): Promise<Hub> {
  const serve = ['serve', '--host', '127.0.0.1', '--port', '0', '--json', ...args];
  const hub = new JsonProgram<Listening | Logged>(process.execPath, [program, ...serve]);
  const addresses = new Map<string, string>();
  const addressOf = (protocol: string) => {
    const address = addresses.get(protocol);
    if (address === undefined) throw new Error(`The hub does not speak ${protocol}`);
    return address;
  };
  try {
    while (addresses.size < protocols.length) {
      const {protocol, host, port} = await hub.next('listening');
      addresses.set(protocol, `${protocol}://${host}:${port}`);
    }
  } catch (error) {
    await hub.dispose();
    throw new Error(`The hub did not start: ${await hub.errors}`, {cause: error});
  }
  return {
    address: addressOf(defaultProtocol.name),
    addressOf,
    logged: (type, nick) => hub.next(type, line => line.nick === nick),
    signal: name => hub.signal(name),
    exited: hub.exited,
    stop: () => hub.dispose(),
  };
}
