import process from 'node:process';
import type {ChatClient} from '../../client/client.ts';
import type {Command} from '../../client/commands.ts';
import {exit, flushMs, sayGoodbye, settleMs, within} from '../../leaving.ts';
import {flushed, neverBlock} from '../../output/standard-output.ts';
import type {ThemeSettings} from '../../theme-settings.ts';
import {TerminalInput} from '../input/terminal-input.ts';
import {Screen} from '../screen.ts';
import {backgroundIn, backgroundQuestion} from '../theme/background.ts';
import type {Terminal} from '../theme/terminal.ts';
import {createTheme, dependsOnBackground} from '../theme/theme.ts';
import {Editor} from './editor.ts';
import {HeldOutput} from './held-output.ts';
import {mount, sizeOf} from './mount.tsx';
import {stopProcess} from './suspend.ts';
import {TerminalModes} from './terminal-modes.ts';
import {undeliveredLines} from './undelivered-lines.ts';

export type RunOptions = {
  /** How other people can join, for the status bar. */
  readonly notice?: string;
  readonly commands: readonly Command[];
  /** What the environment says about the terminal. */
  readonly terminal: Terminal;
  readonly settings: ThemeSettings;
  /** Addresses of the hubs that the user was at, newest first. */
  readonly hubs?: () => readonly string[];
  /** Our own hub, if there is one. */
  readonly hub?: OwnHub | undefined;
};

export type OwnHub = {
  /** Number of other people in it, who lose it when we leave. */
  guests(): number;
  close(): Promise<void>;
};

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Shows the chat on the whole screen until the user leaves, a signal comes or something breaks.
 *
 * @returns The exit code, when the screen is gone and the hub was told goodbye.
 */
export async function runScreen(client: ChatClient, options: RunOptions): Promise<number> {
  const end = Promise.withResolvers<Error | undefined>();
  const leave = () => end.resolve(undefined);
  let isEnding = false;
  const held = new HeldOutput();
  const crash = (error: unknown) => {
    end.resolve(asError(error));
    if (!isEnding) return;
    // A bug while leaving: nothing that is still open may keep the process alive.
    held.release();
    process.stderr.write(describe(asError(error)));
    exit(1);
  };
  const editor = new Editor();
  const onSignal = (signal: NodeJS.Signals) => {
    // The terminal sends Ctrl-C to us as well.
    if (signal === 'SIGINT' && editor.isRunning) return;
    // A second signal ends the program at once. A terminal that closes sends SIGHUP twice by itself.
    if (isEnding && signal !== 'SIGHUP') exit(1);
    leave();
  };
  for (const signal of endingSignals) {
    // The library of the settings sends every signal a second time, as if the user had lost patience.
    process.removeAllListeners(signal);
    process.on(signal, onSignal);
  }
  process.on('uncaughtException', crash);

  const closeScreen = openScreen(client, options, {leave, crash, editor});
  const error = await end.promise;
  isEnding = true;
  await closeScreen().catch(crash);
  held.release();
  if (error !== undefined) process.stderr.write(describe(error));
  await within(settleMs, client.settled());
  await sayGoodbye(client, options.hub);
  process.stdout.write(undeliveredLines(client.undelivered));
  for (const signal of endingSignals) process.off(signal, onSignal);
  process.off('uncaughtException', crash);
  return error === undefined ? 0 : 1;
}

type Ends = {leave(): void; crash(error: unknown): void; readonly editor: Editor};

/** @returns The function that gives the terminal back. */
function openScreen(
  client: ChatClient,
  {commands, notice, terminal, settings, hub, hubs}: RunOptions,
  {leave, crash, editor}: Ends,
): () => Promise<void> {
  const {stdin, stdout} = process;
  neverBlock(stdout);
  const screen = new Screen({
    client,
    commands,
    size: sizeOf(stdout),
    ...(hubs === undefined ? {} : {hubs}),
    terminal: {
      ring: () => stdout.write('\u0007'),
      repaint: () => renew(),
      isBehind: () => stdout.writableNeedDrain,
      suspend: () => void suspend('job').catch(crash),
      edit: async text =>
        (await lend(() => editor.edit(text, process.env))) ?? {problem: 'The program ends'},
      leave,
      guests: () => hub?.guests() ?? 0,
    },
  });
  let {background} = terminal;
  let isAsking = dependsOnBackground(terminal, settings);
  /** Only the first answer counts. Until it comes, the screen is drawn for the background that was guessed. */
  const onReply = (reply: string) => {
    const answered = backgroundIn(reply);
    if (!isAsking || answered === undefined) return;
    isAsking = false;
    if (answered === background) return;
    background = answered;
    mounted.changeTheme(createTheme(terminal, background, settings));
  };
  const input = new TerminalInput(stdin, {onKeys: screen.onKeys, onReply, onEnd: leave});
  const modes = new TerminalModes(stdout);
  const onStop = () => void suspend('process').catch(crash);
  let isSuspended = false;
  let isClosed = false;
  /** Ink gives the terminal away, or takes it back. */
  let handover = Promise.resolve();
  // After SIGSTOP we get only SIGCONT, and the shell has had the terminal meanwhile.
  const renew = () => {
    if (isSuspended) return;
    input.renew();
    modes.renew();
    mounted.repaint();
  };
  const suspend = async (scope: 'process' | 'job') => {
    if (!isSuspended) await lend(() => stopProcess(scope));
  };
  /** Gives the terminal away until the promise is resolved. */
  const lend = async <Result,>(use: () => Promise<Result>): Promise<Result | undefined> => {
    isSuspended = true;
    process.off('SIGTSTP', onStop);
    input.stop();
    handover = mounted.suspend();
    await handover;
    modes.leave();
    const result = isClosed ? undefined : await use();
    // The program has ended meanwhile, and the terminal is given back already.
    if (isClosed) return result;
    modes.enter();
    handover = mounted.resume();
    await handover;
    isSuspended = false;
    if (isClosed) return result;
    input.start();
    process.on('SIGTSTP', onStop);
    return result;
  };

  modes.enter();
  // Before the first frame, so that keys typed at the sight of it are not lost.
  input.start();
  if (isAsking) stdout.write(backgroundQuestion(process.env));
  const mounted = mount(screen, stdout, createTheme(terminal, background, settings), notice);
  const ended = mounted.ended.then(leave, crash);
  stdout.on('error', leave);
  stdout.on('drain', screen.onRoom);
  process.on('SIGTSTP', onStop);
  process.on('SIGCONT', renew);

  return async () => {
    isClosed = true;
    editor.stop();
    await within(flushMs, handover);
    process.off('SIGTSTP', onStop);
    process.off('SIGCONT', renew);
    stdout.off('drain', screen.onRoom);
    screen.dispose();
    input.stop();
    // Ink leaves the alternate screen once more, which puts the cursor where it was saved: here.
    if (isSuspended) stdout.write('\u001b7');
    mounted.unmount();
    // Ink waits for the terminal, which may take no output.
    await within(flushMs, ended);
    await flushed(stdout, flushMs);
    modes.leave();
  };
}

function describe({stack}: Error): string {
  return `chat-tui has a bug: ${stack}\n`;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
