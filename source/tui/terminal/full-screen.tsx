import process from 'node:process';
import type {ChatClient} from '../../client/client.ts';
import type {Command} from '../../client/command.ts';
import {exit, flushMs, sayGoodbye, settleMs, within} from '../../leaving.ts';
import {openerFor, openLink} from '../../opener.ts';
import {flushed, neverBlock} from '../../output/standard-output.ts';
import type {TerminalSettings} from '../../terminal-settings.ts';
import type {ThemeSettings} from '../../theme-settings.ts';
import type {Report} from '../input/keys.ts';
import {TerminalInput} from '../input/terminal-input.ts';
import type {Places} from '../overlays/form-controller.ts';
import {Screen} from '../screen.ts';
import {backgroundIn, backgroundQuestion} from '../theme/background.ts';
import type {Terminal} from '../theme/terminal.ts';
import {createTheme, dependsOnBackground} from '../theme/theme.ts';
import {copySequence, maximumCopied} from './clipboard.ts';
import {Editor} from './editor.ts';
import {featuresOf, versionIn, versionQuestion} from './features.ts';
import {HeldOutput} from './held-output.ts';
import {mount, sizeOf} from './mount.tsx';
import {Notifier} from './notifier.ts';
import {stopProcess} from './suspend.ts';
import {TerminalModes} from './terminal-modes.ts';
import {titleOf} from './title.ts';
import {undeliveredLines} from './undelivered-lines.ts';

export type RunOptions = {
  /** How other people can join, for the status bar. */
  readonly notice?: string;
  readonly commands: readonly Command[];
  /** What the environment says about the terminal. */
  readonly terminal: Terminal;
  readonly settings: ThemeSettings & TerminalSettings;
  /** Addresses of the hubs that the user was at, newest first. */
  readonly hubs?: () => readonly string[];
  /** Our own hub, if there is one by then. */
  hub(): OwnHub | undefined;
  readonly places?: Places;
};

export type OwnHub = {
  /** Number of other people in it, who lose it when we leave. */
  guests(): number;
  close(): Promise<void>;
};

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

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
  await sayGoodbye(client, options.hub());
  process.stdout.write(undeliveredLines(client.undelivered));
  for (const signal of endingSignals) process.off(signal, onSignal);
  process.off('uncaughtException', crash);
  return error === undefined ? 0 : 1;
}

type Ends = {leave(): void; crash(error: unknown): void; readonly editor: Editor};

/** @returns The function that gives the terminal back. */
function openScreen(
  client: ChatClient,
  {commands, notice, terminal, settings, hub, hubs, places}: RunOptions,
  {leave, crash, editor}: Ends,
): () => Promise<void> {
  const {stdin, stdout} = process;
  neverBlock(stdout);
  let features = featuresOf(process.env);
  const notifier = new Notifier(features, settings, bytes => stdout.write(bytes));
  const copy = (text: string, what: string) => {
    const bytes = Buffer.byteLength(text);
    if (bytes > maximumCopied) return `Not copied: ${bytes} bytes are too many for a terminal`;
    const sequence = copySequence(text, features);
    if (sequence === '') return 'Not copied: this terminal cannot';
    stdout.write(sequence);
    return `Copied ${what}, if the terminal allows it`;
  };
  const open = async (target: string) => {
    const opener = openerFor(process.env, process.platform);
    if (opener === undefined) {
      client.announce(`${target} cannot be opened from here. ${copy(target, 'it')}`);
      return;
    }
    const problem = await openLink(target, opener);
    if (problem !== undefined) client.announce(`${target} could not be opened: ${problem}`);
  };
  const screen = new Screen({
    client,
    commands,
    size: sizeOf(stdout),
    ...(hubs === undefined ? {} : {hubs}),
    places,
    terminal: {
      call: (call, isInView) => notifier.call(call, isInView),
      mute: until => notifier.mute(until),
      open: target => void open(target).catch(crash),
      copy,
      repaint: () => renew(),
      isBehind: () => stdout.writableNeedDrain,
      suspend: () => void suspend('job').catch(crash),
      edit: async text =>
        (await lend(() => editor.edit(text, process.env))) ?? {problem: 'The program ends'},
      leave,
      guests: () => hub()?.guests() ?? 0,
    },
  });
  let {background} = terminal;
  const hasLinks = () => {
    const {links = 'auto'} = settings;
    return links === 'auto' ? features.links : links === 'on';
  };
  const theme = () => createTheme(terminal, background, settings, hasLinks());
  let isAsking = dependsOnBackground(terminal, settings);
  /** Only the first answer counts. Until it comes, the screen is drawn for the background that was guessed. */
  const onBackground = (reply: string) => {
    const answered = backgroundIn(reply);
    if (!isAsking || answered === undefined) return;
    isAsking = false;
    if (answered === background) return;
    background = answered;
    mounted.changeTheme(theme());
  };
  let isAskingVersion = versionQuestion(process.env) !== '';
  const onVersion = (reply: string) => {
    const version = versionIn(reply);
    if (!isAskingVersion || version === undefined) return;
    isAskingVersion = false;
    const hadLinks = hasLinks();
    features = featuresOf(process.env, version);
    notifier.features = features;
    if (hasLinks() !== hadLinks) mounted.changeTheme(theme());
  };
  const onReport = (report: Report) => {
    switch (report.type) {
      case 'focus':
        notifier.onFocusChange(report.isFocused);
        screen.onFocusChange(report.isFocused);
        break;
      case 'wheel':
        screen.onWheel(report.by, report.column);
        break;
      case 'reply':
        if (report.to === 'osc') onBackground(report.body);
        else onVersion(report.body);
    }
  };
  const input = new TerminalInput(stdin, {onKeys: screen.onKeys, onReport, onEnd: leave});
  const modes = new TerminalModes(stdout, {isMouseOn: settings.mouse === 'on'});
  const showTitle = () => modes.changeTitle(titleOf(screen.view.get()));
  const untitle = screen.view.subscribe(showTitle);
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
  stdout.write(versionQuestion(process.env));
  const mounted = mount(screen, stdout, theme(), notice);
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
    untitle();
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
