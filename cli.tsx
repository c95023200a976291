/** Reads the command line and starts one of the faces: screen, headless, pipe or hub. Builds, decides nothing. */
import {constants, homedir, tmpdir, userInfo} from 'node:os';
import process from 'node:process';
import {type Address, formatAddress, shortAddress} from './source/client/address.ts';
import type {Client, LinkConnection} from './source/client/client.ts';
import {
  type ClientInvocation,
  type Invocation,
  type PipeInvocation,
  readCommandLine,
  type ServeInvocation,
} from './source/command-line.ts';
import type {RunningHub} from './source/hub/serve.ts';
import type {Protocol} from './source/protocols/protocol.ts';

process.exitCode = await main(readCommandLine(process.argv.slice(2), process.env));

async function main(invocation: Invocation): Promise<number> {
  switch (invocation.face) {
    case 'print':
      process.stdout.write(invocation.text);
      return 0;
    case 'usage-error':
      return complain(invocation.message);
    case 'config-path': {
      ensureHome();
      const {openSettings} = await import('./source/settings.ts');
      process.stdout.write(`${openSettings().path}\n`);
      return 0;
    }
    case 'serve':
      return serveHub(invocation);
    case 'headless':
      return chatHeadless(invocation);
    case 'pipe':
      return connectPipe(invocation);
    case 'screen':
      return chatOnScreen(invocation);
  }
}

async function serveHub({host, publicHost, ports, isJson}: ServeInvocation): Promise<number> {
  const {serve} = await import('./source/hub/serve.ts');
  const {createLog} = await import('./source/hub/log.ts');
  const log = createLog({isJson, write: line => process.stdout.write(line)});
  // Whoever read the log has gone; the hub has not.
  process.stdout.on('error', () => {});
  let hub: RunningHub;
  try {
    const listeners = Array.from(ports, ([protocol, port]) => ({protocol, host, port}));
    hub = await serve({listeners, publicHost, log: log.of});
  } catch (error) {
    return complain(`chat-tui: ${describeBindError(error)}`);
  }
  for (const listener of hub.listeners) log.listening(listener);
  const signal = await firstSignal('SIGINT', 'SIGTERM');
  log.stopping(signal);
  const users = hub.users;
  await hub.close();
  log.stopped(users, hub.drops);
  return 0;
}

async function chatHeadless({address, protocol, nick}: ClientInvocation): Promise<number> {
  const {runHeadless} = await import('./source/headless/headless.ts');
  const {client, hub} = await createClient(address, protocol, nick);
  client.start();
  const ended = runHeadless(client, {
    input: process.stdin,
    output: process.stdout,
    diagnostics: process.stderr,
  });
  const signal = await Promise.race([ended, firstSignal('SIGINT', 'SIGTERM', 'SIGHUP')]);
  await client.close();
  await hub?.close();
  process.stdin.destroy();
  return typeof signal === 'number' ? signal : 128 + constants.signals[signal];
}

async function connectPipe({address, nick, peer, isAccepting}: PipeInvocation): Promise<number> {
  const own = nick ?? ownName(address.protocol);
  if (own.toLowerCase() === peer.toLowerCase()) {
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
  const signal = await Promise.race([ended, firstSignal('SIGINT', 'SIGTERM', 'SIGHUP')]);
  if (typeof signal === 'string') pump.destroy();
  await client.close();
  process.stdin.destroy();
  return typeof signal === 'number' ? signal : 128 + constants.signals[signal];
}

async function chatOnScreen({address, protocol, nick}: ClientInvocation): Promise<number> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    return complain('chat-tui: this is no terminal; chat-tui --headless works without one');
  }
  // Ink's colours look at FORCE_COLOR alone, and once: before they are imported.
  if (process.env['NO_COLOR']) process.env['FORCE_COLOR'] = '0';
  ensureHome();
  const [{openSettings}, {runScreen}, {commands}] = await Promise.all([
    import('./source/settings.ts'),
    import('./source/tui/terminal/full-screen.tsx'),
    import('./source/client/commands.ts'),
  ]);
  const {settings, warning} = openSettings();
  const {client, hub} = await createClient(address, protocol, nick ?? settings.get('nickname'));
  const own = hub && addressOf(hub, protocol);
  const notice = own && `to join: npx chat-tui --server ${shortAddress(own)}`;
  const lastServer = settings.get('lastServer');
  if (warning !== undefined) client.announce(warning);
  if (notice !== undefined) client.announce(`This is a hub of your own; ${notice}`);
  if (own && lastServer) client.announce(`You were at ${lastServer}: /connect ${lastServer}`);
  client.onEvent(event => {
    if (event.type !== 'connected') return;
    const isOwn = own !== undefined && event.server === formatAddress(own);
    const forgotten = settings.remember({
      nickname: event.nick,
      ...(isOwn ? {} : {lastServer: event.server}),
    });
    if (forgotten !== undefined) client.announce(forgotten);
  });
  client.start();
  const exitCode = await runScreen(client, {commands, ...(notice === undefined ? {} : {notice})});
  await client.close();
  await hub?.close();
  return exitCode;
}

/** Without an address, a hub inside this process. */
async function createClient(
  address: Address | undefined,
  protocol: Protocol,
  nick: string | undefined,
): Promise<{client: Client; hub: RunningHub | undefined}> {
  const {Client: Engine} = await import('./source/client/client.ts');
  const create = (target: Address) =>
    new Engine({address: target, nick: nick ?? ownName(target.protocol)});
  if (address !== undefined) return {client: create(address), hub: undefined};
  const hub = await startEmbeddedHub();
  return {client: create(addressOf(hub, protocol)), hub};
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
      log: silentLog,
    });
  // The default ports are taken when another chat-tui has its hub there.
  return start(({defaultPort}) => defaultPort).catch(() => start(() => 0));
}

/** Where the hub is to be reached in that protocol. */
function addressOf({listeners}: RunningHub, protocol: Protocol): Address {
  const listener = listeners.find(candidate => candidate.protocol === protocol.name);
  if (listener === undefined) throw new Error(`the hub does not speak ${protocol.name}`);
  return {protocol, host: listener.host, port: listener.port};
}

/** The name of the account, as far as the protocol's nicknames allow. */
function ownName({isNickname}: Protocol): string {
  const account = accountName()
    .normalize('NFKD')
    .replaceAll(/[^a-zA-Z0-9]/g, '')
    .slice(0, 10);
  return isNickname(account) ? account : 'guest';
}

/** Empty where the system knows no account for this user: in a container, for one. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}

/** Without a home, the library behind the settings cannot even be loaded. */
function ensureHome(): void {
  try {
    homedir();
  } catch {
    process.env['HOME'] = tmpdir();
  }
}

/** A second one ends the process at once, as if nobody listened. */
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

function complain(message: string): 2 {
  process.stderr.write(`${message}\n`);
  return 2;
}
