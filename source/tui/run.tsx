import process from 'node:process';
import type {WriteStream} from 'node:tty';
import {render, type SuspendTerminal, useApp} from 'ink';
import {useEffect} from 'react';
import type {ChatClient} from '../client/client.ts';
import type {Command} from '../client/commands.ts';
import {App} from './app.tsx';
import {HeldOutput} from './held-output.ts';
import type {Size} from './layout.ts';
import {Screen} from './screen.ts';
import {stopProcess} from './suspend.ts';
import {TerminalInput} from './terminal-input.ts';
import {TerminalModes} from './terminal-modes.ts';

export type RunOptions = {
  /** How somebody else can join, for the status bar. */
  readonly notice?: string;
  readonly commands: readonly Command[];
};

/** How long leaving waits for what is on its way, and then for the goodbye to the hub. */
const settleMs = 500;
const closeMs = 1500;

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Shows the chat on the whole screen until the user leaves, a signal comes or something breaks.
 *
 * @returns The exit code, when the screen is gone and the hub was told goodbye.
 */
export async function runScreen(client: ChatClient, options: RunOptions): Promise<number> {
  const end = Promise.withResolvers<Error | undefined>();
  const leave = () => end.resolve(undefined);
  const crash = (error: unknown) => end.resolve(asError(error));
  let isEnding = false;
  const onSignal = (signal: NodeJS.Signals) => {
    // Nobody has to ask twice for what takes too long. A terminal that closes asks twice by itself.
    if (isEnding && signal !== 'SIGHUP') process.exit(1);
    leave();
  };
  for (const signal of endingSignals) process.on(signal, onSignal);
  process.on('uncaughtException', crash);

  const held = new HeldOutput();
  const closeScreen = openScreen(client, options, {leave, crash});
  const error = await end.promise;
  isEnding = true;
  await closeScreen();
  held.release();
  if (error !== undefined) process.stderr.write(`chat-tui has a bug: ${error.stack}\n`);
  await within(settleMs, client.settled());
  await within(closeMs, client.close());
  for (const signal of endingSignals) process.off(signal, onSignal);
  process.off('uncaughtException', crash);
  return error === undefined ? 0 : 1;
}

type Ends = {leave(): void; crash(error: unknown): void};

/** @returns What gives the terminal back. */
function openScreen(
  client: ChatClient,
  {commands, notice}: RunOptions,
  {leave, crash}: Ends,
): () => Promise<void> {
  const {stdin, stdout} = process;
  let suspendTerminal: SuspendTerminal | undefined;
  const screen = new Screen({
    client,
    commands,
    size: sizeOf(stdout),
    terminal: {
      ring: () => stdout.write('\u0007'),
      repaint: () => repaint(),
      suspend: () => void suspend('job').catch(crash),
      leave,
    },
  });
  const input = new TerminalInput(stdin, {onKeys: screen.onKeys, onEnd: leave});
  const modes = new TerminalModes(stdout);
  const tree = () => (
    <Root
      screen={screen}
      notice={notice}
      onReady={given => {
        suspendTerminal = given;
      }}
    />
  );

  const repaint = () => {
    // From the corner, wherever the cursor was left by another program or by a resize.
    stdout.write('\u001b[H\u001b[J');
    instance.clear();
    instance.rerender(tree());
  };
  const onResize = () => {
    screen.resize(sizeOf(stdout));
    repaint();
  };
  const onStop = () => void suspend('process').catch(crash);
  const suspend = async (scope: 'process' | 'job') => {
    if (suspendTerminal === undefined) return;
    process.off('SIGTSTP', onStop);
    input.stop();
    modes.leave();
    const {resume} = await suspendTerminal();
    await stopProcess(scope);
    process.on('SIGTSTP', onStop);
    modes.enter();
    input.start();
    screen.resize(sizeOf(stdout));
    await resume();
  };

  modes.enter();
  const instance = render(tree(), {
    stdin: screen.formInput,
    stdout,
    interactive: true,
    alternateScreen: true,
    incrementalRendering: true,
    maxFps: 60,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
  });
  const exited = instance.waitUntilExit().then(leave, crash);
  // Before Ink's own listener, which would draw the old frame at the new size first.
  stdout.prependListener('resize', onResize);
  stdout.on('error', leave);
  process.on('SIGTSTP', onStop);
  input.start();

  return async () => {
    process.off('SIGTSTP', onStop);
    stdout.off('resize', onResize);
    screen.dispose();
    input.stop();
    instance.unmount();
    // Ink waits for its last words to be written, which a terminal that is gone never takes.
    await within(settleMs, exited);
    modes.leave();
  };
}

type RootProps = {
  readonly screen: Screen;
  readonly notice: string | undefined;
  readonly onReady: (suspendTerminal: SuspendTerminal) => void;
};

/** Ink lends the terminal only to components. */
function Root({screen, notice, onReady}: RootProps) {
  const {suspendTerminal} = useApp();
  useEffect(() => onReady(suspendTerminal), [onReady, suspendTerminal]);
  return <App screen={screen} notice={notice} />;
}

function sizeOf({columns, rows}: WriteStream): Size {
  return {columns: columns || 80, rows: rows || 24};
}

/** Waits for the promise, but no longer than that. */
async function within(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>(resolve => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise.catch(() => {}), timeout]);
  clearTimeout(timer);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
