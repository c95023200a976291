/** Reads the command line and starts one of the faces: screen, lines, headless, pipe or hub. Builds, decides nothing. */
import {constants, homedir, tmpdir, userInfo} from 'node:os';
import process from 'node:process';
import {type Address, formatAddress, parseAddress, shortAddress} from './source/client/address.ts';
import type {Client, ClientOptions, LinkConnection} from './source/client/client.ts';
import {
  type ClientInvocation,
  type Invocation,
  type PipeInvocation,
  readCommandLine,
  type SayInvocation,
  type ServeInvocation,
  type WaitInvocation,
} from './source/command-line.ts';
import type {RunningHub} from './source/hub/serve.ts';
import {exit, flushMs, sayGoodbye} from './source/leaving.ts';
import {isSameName} from './source/names/key.ts';
import {subcommands} from './source/options.ts';
import {flushed, neverBlock} from './source/output/standard-output.ts';
import type {Protocol} from './source/protocols/protocol.ts';
import type {Settings} from './source/settings.ts';
import {terminalSettingsOf} from './source/terminal-settings.ts';
import {isResolving} from './source/transport/resolver.ts';
import {type Terminal, terminalOf} from './source/tui/theme/terminal.ts';

const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

// Nobody reads the messages for people any more: the rest of the program goes on.
process.stderr.on('error', () => {});
neverBlock(process.stderr);
const code = await main(readCommandLine(process.argv.slice(2), process.env));
if (isResolving()) exit(code);
process.exitCode = code;

async function main(invocation: Invocation): Promise<number> {
  switch (invocation.face) {
    case 'print':
      return print(invocation.text);
    case 'usage-error':
      return complain(invocation.message);
    case 'config-path': {
      ensureHome();
      const {openSettings} = await import('./source/settings.ts');
      return print(`${openSettings().path}\n`);
    }
    case 'completion': {
      const {completionFor} = await import('./source/completion.ts');
      return print(completionFor(invocation.shell, subcommands));
    }
    case 'json-schema': {
      const {jsonSchema} = await import('./source/headless/schema.ts');
      return print(`${JSON.stringify(jsonSchema, undefined, 2)}\n`);
    }
    case 'serve':
      return serveHub(invocation);
    case 'say':
    case 'wait':
      return doOnce(invocation);
    case 'headless':
      return chatHeadless(invocation);
    case 'pipe':
      return connectPipe(invocation);
    case 'linear':
      return chatInLines(invocation);
    case 'screen':
      return chatOnScreen(invocation);
  }
}

/** @returns The exit code. As in other programs, a reader that stops early is no error. */
function print(text: string): Promise<0 | 1> {
  return new Promise(resolve => {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') resolve(0);
      else {
        process.stderr.write(`chat-tui: standard output: ${error.message}\n`);
        resolve(1);
      }
    });
    process.stdout.write(text, error => {
      if (!error) resolve(0);
    });
  });
}

async function serveHub({host, publicHost, ports, isJson}: ServeInvocation): Promise<number> {
  const {serve} = await import('./source/hub/serve.ts');
  const {createLog} = await import('./source/hub/log.ts');
  const {CountedLines, lineTarget} = await import('./source/output/lines.ts');
  const {stdout} = process;
  neverBlock(stdout);
  const lines = new CountedLines(lineTarget(stdout), lost => log.lost(lost));
  const log = createLog({isJson, write: line => lines.write(line)});
  let hub: RunningHub;
  try {
    const listeners = Array.from(ports, ([protocol, port]) => ({protocol, host, port}));
    hub = await serve({listeners, publicHost, log: log.of});
  } catch (error) {
    return complain(`chat-tui: ${describeBindError(error)}`);
  }
  for (const listener of hub.listeners) log.listening(listener);
  const signal = await firstSignal(...endingSignals);
  log.stopping(signal);
  const users = hub.users;
  await hub.close();
  log.stopped(users, hub.drops);
  await flushed(stdout, flushMs);
  return exit(0);
}

async function chatHeadless(invocation: ClientInvocation): Promise<number> {
  const {runHeadless} = await import('./source/headless/headless.ts');
  const {WireWatch} = await import('./source/headless/wire-watch.ts');
  const {openOutput} = await import('./source/output/standard-output.ts');
  const whenUnreachable = invocation.isWaiting ? 'try-on' : 'give-up';
  let {address} = invocation;
  let hub: RunningHub | undefined;
  if (address === undefined) {
    hub = await startEmbeddedHub();
    address = addressOf(hub, invocation.protocol);
  }
  const nick = invocation.nick ?? ownName(address.protocol);
  const watch = new WireWatch();
  const client = await createClient(address, nick, whenUnreachable, {watch});
  const output = openOutput(process.stdout);
  const stopping = new AbortController();
  const signal = firstSignal(...endingSignals);
  void signal.then(() => stopping.abort());
  const ended = runHeadless(client, {
    input: process.stdin,
    output,
    diagnostics: process.stderr,
    signal: stopping.signal,
    hub,
    trace: invocation.isTracing ? watch : undefined,
    goesBack: invocation.goesBack,
  });
  client.start();
  const exitCode = await ended;
  process.stdin.destroy();
  // Output that is not read yet is waited for, unless a signal comes.
  await Promise.race([flushed(output), signal.then(() => flushed(output, flushMs))]);
  return exit(stopping.signal.aborted ? 128 + constants.signals[await signal] : exitCode);
}

/** Says a text, or waits for an event, and leaves. */
async function doOnce(invocation: SayInvocation | WaitInvocation): Promise<number> {
  const {sayOnce, waitOnce} = await import('./source/headless/one-shot.ts');
  const {eventTypes} = await import('./source/headless/schema.ts');
  const {WireWatch} = await import('./source/headless/wire-watch.ts');
  const {openOutput} = await import('./source/output/standard-output.ts');
  if (invocation.face === 'wait' && !eventTypes.includes(invocation.type)) {
    return complain(`chat-tui: --for has to be one of ${eventTypes.join(', ')}`);
  }
  const {address, timeoutMs} = invocation;
  const nick = invocation.nick ?? ownName(address.protocol);
  const client = await createClient(address, nick, 'give-up', {watch: new WireWatch()});
  const output = openOutput(process.stdout);
  let hasRoom = true;
  // With EPIPE nobody reads what we waited for, and the exit code tells enough.
  output.on('error', ({code, message}: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    hasRoom = false;
    process.stderr.write(`chat-tui: standard output: ${message}\n`);
  });
  const stopping = new AbortController();
  const signal = firstSignal(...endingSignals);
  void signal.then(() => stopping.abort());
  const options = {diagnostics: process.stderr, timeoutMs, signal: stopping.signal};
  const ended =
    invocation.face === 'say'
      ? sayOnce(client, invocation, options)
      : waitOnce(client, invocation, {...options, output});
  client.start();
  const exitCode = await ended;
  await sayGoodbye(client);
  await flushed(output, flushMs);
  if (!hasRoom) return exit(1);
  return exit(stopping.signal.aborted ? 128 + constants.signals[await signal] : exitCode);
}

async function connectPipe({address, nick, peer, isAccepting}: PipeInvocation): Promise<number> {
  const own = nick ?? ownName(address.protocol);
  if (isSameName(own, peer)) {
    return complain(`chat-tui: ${peer} is yourself: --nick chooses another name`);
  }
  const [{Client: Engine}, {runPipe}, {Pump}, {openStandardOutput}] = await Promise.all([
    import('./source/client/client.ts'),
    import('./source/pipe/pipe.ts'),
    import('./source/pipe/pump.ts'),
    import('./source/pipe/standard-output.ts'),
  ]);
  const pump = new Pump({input: process.stdin, output: openStandardOutput()});
  const takeLink = (_nick: string, connection: LinkConnection) => pump.open(connection);
  const client = new Engine({address, nick: own, takeLink});
  const ended = runPipe(client, pump, {peer, isAccepting, diagnostics: process.stderr});
  client.start();
  const signal = await Promise.race([ended, firstSignal(...endingSignals)]);
  if (typeof signal === 'string') pump.destroy();
  await sayGoodbye(client);
  process.stdin.destroy();
  // Bytes that have come are still written while somebody reads them, unless a signal comes.
  return typeof signal === 'number' ? signal : exit(128 + constants.signals[signal]);
}

async function chatOnScreen(invocation: ClientInvocation): Promise<number> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    return complain(
      'chat-tui: this is no terminal; chat-tui --headless and --linear work without one',
    );
  }
  ensureHome();
  const terminal = terminalOf(process.env, process.platform);
  const [{openSettings}, {runScreen}, {commands}] = await Promise.all([
    import('./source/settings.ts'),
    withColours(terminal, () => import('./source/tui/terminal/full-screen.tsx')),
    import('./source/client/commands.ts'),
  ]);
  const {settings, warning} = openSettings();
  let own: {readonly hub: RunningHub; readonly address: Address} | undefined;
  const openOwn = async () => {
    if (own === undefined) {
      const hub = await startEmbeddedHub();
      own = {hub, address: addressOf(hub, invocation.protocol)};
    }
    return own.address;
  };
  const isOwn = (server: string) => own !== undefined && server === formatAddress(own.address);
  // People who have been at somebody else's hub are asked, and Enter goes there again.
  const [last] = settings.hubs.flatMap(({server, nick}) => {
    const parsed = parseAddress(server);
    return parsed.ok ? [{address: parsed.address, nick}] : [];
  });
  const isReturning = last !== undefined && invocation.address === undefined;
  const isFirst = invocation.isAsking || (isReturning && !invocation.wantsOwnHub);
  const isLast = isFirst && isReturning;
  const address = invocation.address ?? (isLast ? last.address : await openOwn());
  const remembered = isLast ? (last.nick ?? settings.get('nickname')) : settings.get('nickname');
  const nick = invocation.nick ?? remembered ?? ownName(address.protocol);
  const client = await createClient(address, nick, 'ask', {isOwn, hasJourneys: true});
  if (warning !== undefined) client.announce(warning);
  const notice = own && `to join: npx chat-tui ${shortAddress(own.address)}`;
  rememberHubs(client, settings, isOwn);
  if (isFirst) client.wait();
  else client.start();
  const isAtHome = () =>
    isOwn(client.state.server) && client.state.connection.phase === 'connected';
  const exitCode = await runScreen(client, {
    commands,
    terminal,
    settings: {
      theme: settings.get('theme'),
      colours: settings.get('colours'),
      ...terminalSettingsOf(settings),
    },
    ...(notice === undefined ? {} : {notice}),
    hubs: () => settings.hubs.map(({server}) => server),
    places: {
      hubs: () => settings.hubs,
      openOwn: async () => formatAddress(await openOwn()),
      isFirst,
    },
    hub: () =>
      own && {
        guests: () => (own?.hub.users ?? 0) - (isAtHome() ? 1 : 0),
        close: async () => own?.hub.close(),
      },
  });
  return exit(exitCode);
}

async function chatInLines(invocation: ClientInvocation): Promise<number> {
  ensureHome();
  const [{openSettings}, {runLinear}, {CountedLines, lineTarget}, {defaultLinear}] =
    await Promise.all([
      import('./source/settings.ts'),
      import('./source/linear/linear.ts'),
      import('./source/output/lines.ts'),
      import('./source/linear-settings.ts'),
    ]);
  const {settings, warning} = openSettings();
  const {stdin, stdout} = process;
  const isPiped = !stdin.isTTY;
  const [last] = settings.hubs.flatMap(({server, nick}) => {
    const parsed = parseAddress(server);
    return parsed.ok && invocation.address === undefined && !invocation.wantsOwnHub
      ? [{address: parsed.address, nick}]
      : [];
  });
  const known = invocation.address ?? last?.address;
  const hub = known === undefined ? await startEmbeddedHub() : undefined;
  const address = known ?? (hub && addressOf(hub, invocation.protocol));
  if (address === undefined) throw new Error('there is no hub');
  const own = hub && formatAddress(address);
  const isOwn = (server: string) => server === own;
  const nick =
    invocation.nick ?? last?.nick ?? settings.get('nickname') ?? ownName(address.protocol);
  const client = await createClient(address, nick, isPiped ? 'give-up' : 'ask', {
    isOwn,
    hasJourneys: true,
  });
  neverBlock(stdout);
  const stopping = new AbortController();
  /** Nobody reads the lines any more. */
  const unread = new AbortController();
  stdout.on('error', () => unread.abort());
  const lines = new CountedLines(lineTarget(stdout), lost =>
    lines.write(`${lost} lines are missing here: they were not read in time.\n`),
  );
  const signal = firstSignal(...endingSignals);
  void signal.then(() => stopping.abort());
  const {settings: chosen = {}, isChosenByTerminal = false} = invocation.linear ?? {};
  const ended = runLinear(client, {
    input: stdin,
    write: text => lines.write(text),
    // Where the shell of an editor shows what is typed, and edits it.
    isTyped: !isPiped && stdout.isTTY && !process.env['INSIDE_EMACS'],
    isPiped,
    settings: {...defaultLinear, ...settings.get('linear'), ...chosen},
    remember: linear => settings.remember({linear}),
    hubs: () => settings.hubs.map(({server}) => server),
    greeting: [
      ...(isChosenByTerminal
        ? ['TERM is dumb, so this is the linear mode. chat-tui --screen gets the screen.']
        : []),
      ...(warning === undefined ? [] : [warning]),
    ],
    hub: () => hub,
    signal: AbortSignal.any([stopping.signal, unread.signal]),
  });
  rememberHubs(client, settings, isOwn);
  client.start();
  const exitCode = await ended;
  stdin.destroy();
  await Promise.race([flushed(stdout), signal.then(() => flushed(stdout, flushMs))]);
  return exit(stopping.signal.aborted ? 128 + constants.signals[await signal] : exitCode);
}

/**
 * Chalk, which makes Ink's colours, reads the environment once, when it is imported, and FORCE_COLOR before all else. At level 0,
 * which it also chooses where CI is set, it takes away bold, dim and reverse too. Here the theme decides which colours there are.
 */
async function withColours<Module>(
  {depth}: Terminal,
  load: () => Promise<Module>,
): Promise<Module> {
  const {FORCE_COLOR} = process.env;
  process.env['FORCE_COLOR'] = String(Math.max(1, depth));
  const loaded = await load();
  if (FORCE_COLOR === undefined) delete process.env['FORCE_COLOR'];
  else process.env['FORCE_COLOR'] = FORCE_COLOR;
  return loaded;
}

/** Keeps the hubs that let the user in, and the name there; says once how a hub of the user's own is used. */
function rememberHubs(
  client: Client,
  settings: Settings,
  isOwn: (server: string) => boolean,
): void {
  let isToldHow = false;
  client.onEvent(event => {
    if (event.type !== 'connected') return;
    const {server, nick} = event;
    const forgotten =
      settings.remember({nickname: nick}) ??
      (isOwn(server) ? undefined : settings.rememberHub({server, nick, at: Date.now()}));
    if (forgotten !== undefined) client.announce(forgotten);
    if (isOwn(server) && !isToldHow) client.announce(ownHubSentence(nick));
    isToldHow ||= isOwn(server);
  });
}

async function createClient(
  address: Address,
  nick: string,
  whenUnreachable: ClientOptions['whenUnreachable'],
  more: Pick<ClientOptions, 'isOwn' | 'hasJourneys' | 'watch'> = {},
): Promise<Client> {
  const {Client: Engine} = await import('./source/client/client.ts');
  return new Engine({address, nick, whenUnreachable, ...more});
}

function ownHubSentence(nick: string): string {
  return `This is a hub of your own, where you are ${nick}: /nick changes that, /share says how others join`;
}

async function startEmbeddedHub(): Promise<RunningHub> {
  const {serve} = await import('./source/hub/serve.ts');
  const {silentLog} = await import('./source/hub/silent-log.ts');
  const {protocols} = await import('./source/protocols/index.ts');
  const start = (portOf: (protocol: Protocol) => number) =>
    serve({
      listeners: protocols.map(protocol => ({
        protocol,
        host: '127.0.0.1',
        port: portOf(protocol),
      })),
      // There is no place for a log of comings and goings. A bug is reported when the screen is gone.
      log: () => ({...silentLog(), fault: tellBug}),
    });
  // The default ports may be taken by the hub of another chat-tui.
  return start(({defaultPort}) => defaultPort).catch(() => start(() => 0));
}

/** The hub's address in that protocol. */
function addressOf({listeners}: RunningHub, protocol: Protocol): Address {
  const listener = listeners.find(candidate => candidate.protocol === protocol.name);
  if (listener === undefined) throw new Error(`the hub does not speak ${protocol.name}`);
  return {protocol, host: listener.host, port: listener.port};
}

/** The ASCII letters and digits of the account's name; `guest` if the protocol does not allow that nickname. */
function ownName({isNickname}: Protocol): string {
  const account = accountName()
    .normalize('NFKD')
    .replaceAll(/[^a-zA-Z0-9]/g, '')
    .slice(0, 10);
  return isNickname(account) ? account : 'guest';
}

/** Empty if the system knows no account for this user, for example in a container. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

/** Without a home folder, the library behind the settings cannot even be loaded. */
function ensureHome(): void {
  try {
    homedir();
  } catch {
    process.env['HOME'] = tmpdir();
  }
}

/** Resolves at the first signal. A second one ends the process at once, as if nobody listened. */
function firstSignal<Signal extends NodeJS.Signals>(...signals: Signal[]): Promise<Signal> {
  return new Promise(resolve => {
    for (const signal of signals) {
      process.once(signal, () => {
        for (const other of signals) process.removeAllListeners(other);
        resolve(signal);
      });
    }
  });
}

function describeBindError(error: unknown): string {
  const {code, address, port} = error as {code?: string; address?: string; port?: number};
  switch (code) {
    case 'EADDRINUSE':
      return `${address}:${port} is in use: another hub? Choose another --port`;
    case 'EACCES':
      return `${address}:${port} may not be used by you: choose a --port above 1023`;
    case 'EADDRNOTAVAIL':
      return `${address} is no address of this machine: choose another --host`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function tellBug(nick: string | undefined, error: unknown): void {
  const {stack} = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(
    `chat-tui has a bug, which has ended the session of ${nick ?? 'a stranger'}: ${stack}\n`,
  );
}

function complain(message: string): 2 {
  process.stderr.write(`${message}\n`);
  return 2;
}
