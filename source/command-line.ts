import meow from 'meow';
import {type Address, findProtocol, parseAddress} from './client/address.ts';
import {protocolNames, protocols} from './protocols/index.ts';
import type {Protocol} from './protocols/protocol.ts';
import {isIPv4} from './transport/endpoint.ts';
import {version} from './version.ts';

/** What the command line asks for. */
export type Invocation =
  | {readonly face: 'print'; readonly text: string}
  | {readonly face: 'usage-error'; readonly message: string}
  | {readonly face: 'config-path'}
  | ClientInvocation
  | ServeInvocation;

export type ClientInvocation = {
  readonly face: 'screen' | 'headless';
  /** Undefined: a hub of its own. */
  readonly address: Address | undefined;
  readonly nick: string | undefined;
};

export type ServeInvocation = {
  readonly face: 'serve';
  readonly host: string;
  readonly publicHost: string | undefined;
  readonly ports: ReadonlyMap<Protocol, number>;
  readonly isJson: boolean;
};

export const clientHelp = `Usage
  chat-tui [--server ADDRESS] [--nick NAME]     the full-screen chat
  chat-tui --headless …                         the same without a screen: lines in, JSON out
  chat-tui serve                                a hub (chat-tui serve --help)

Examples
  chat-tui                                      a hub of your own, and you in it
  chat-tui --server chat.example                somebody else's
  chat-tui --server res302://127.0.0.1:30200 --nick alice
  echo 'salut' | chat-tui --headless --server 127.0.0.1:30200 --nick robot

Options
  --server ADDRESS      host, host:port or protocol://host:port (CHAT_TUI_SERVER)
  --nick NAME           your nickname (CHAT_TUI_NICK)
  --protocol NAME       where the address does not name one: ${protocols.map(({name}) => name).join(', ')}
  --headless            commands on standard input, one JSON event a line on standard output
  --config              print the path of the settings file
  -h, --help            this text
  -v, --version         version of the program, of Node, and the protocols

In the chat /help lists keys and commands.
Exit codes: 0 done, 1 could not connect or was thrown out, 2 wrong usage, 128 + n after signal n in headless mode.
`;

export const serveHelp = `Usage
  chat-tui serve [options]                      a hub for everybody who can reach it

Options
  --host ADDRESS        IPv4 address to listen on (0.0.0.0)
  --port PORT           first of the ports, one for each protocol in their order; 0 for any (30200)
  --protocols LIST      which protocols, with commas (${protocols.map(({name}) => name).join(',')})
  --public-host IP      the address under which users on this machine are told to peers elsewhere
  --json                listeners and log as JSON, one object a line
  -h, --help            this text

SIGINT and SIGTERM tell everybody and close; a second one exits at once.
`;

/** @param environment Stands behind the flags: CHAT_TUI_SERVER and CHAT_TUI_NICK. */
export function readCommandLine(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Invocation {
  const [first, ...rest] = argv;
  try {
    if (first === 'serve') return readServe(rest);
    if (first === 'help')
      return {face: 'print', text: rest[0] === 'serve' ? serveHelp : clientHelp};
    return readClient(argv, environment);
  } catch (error) {
    // Meow throws for a flag that is given twice.
    return usageError(error instanceof Error ? error.message : String(error), '');
  }
}

function readClient(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Invocation {
  const parsed = meow('', {
    ...common(argv),
    flags: {
      server: {type: 'string'},
      nick: {type: 'string'},
      protocol: {type: 'string'},
      headless: {type: 'boolean'},
      config: {type: 'boolean'},
      help: {type: 'boolean', shortFlag: 'h'},
      version: {type: 'boolean', shortFlag: 'v'},
    },
  });
  const {flags, input} = parsed;
  if (flags.help) return {face: 'print', text: clientHelp};
  if (flags.version) return {face: 'print', text: versionText};
  const unknown = unknownFlag(flags, [
    'server',
    'nick',
    'protocol',
    'headless',
    'config',
    'help',
    'version',
  ]);
  if (unknown !== undefined) return usageError(`there is no option ${unknown}`, '');
  if (input[0] !== undefined) return usageError(`there is no command ${input[0]}`, '');
  if (flags.config) return {face: 'config-path'};
  for (const name of ['server', 'nick', 'protocol'] as const) {
    if (flags[name] === '') return usageError(`--${name} needs a value`, '');
  }
  if (flags.protocol !== undefined) {
    const protocol = findProtocol(flags.protocol);
    if (typeof protocol === 'string') return usageError(protocol, '');
  }
  const server = flags.server ?? (environment['CHAT_TUI_SERVER'] || undefined);
  const nick = flags.nick ?? (environment['CHAT_TUI_NICK'] || undefined);
  const face = flags.headless ? 'headless' : 'screen';
  if (server === undefined) return {face, address: undefined, nick};
  const address = parseAddress(server, flags.protocol);
  return address.ok ? {face, address: address.address, nick} : usageError(address.message, '');
}

function readServe(argv: readonly string[]): Invocation {
  const {flags, input} = meow('', {
    ...common(argv),
    flags: {
      host: {type: 'string', default: '0.0.0.0'},
      port: {type: 'string', default: '30200'},
      protocols: {type: 'string', default: protocols.map(({name}) => name).join(',')},
      publicHost: {type: 'string'},
      json: {type: 'boolean'},
      help: {type: 'boolean', shortFlag: 'h'},
    },
  });
  if (flags.help) return {face: 'print', text: serveHelp};
  const unknown = unknownFlag(flags, ['host', 'port', 'protocols', 'publicHost', 'json', 'help']);
  if (unknown !== undefined) return usageError(`there is no option ${unknown}`, ' serve');
  if (input[0] !== undefined) return usageError(`there is no command ${input[0]}`, ' serve');
  const first = /^\d{1,5}$/.test(flags.port) ? Number(flags.port) : Number.NaN;
  const last = first + protocolNames.length - 1;
  if (Number.isNaN(first) || (first !== 0 && last > 65_535)) {
    const highest = 65_535 - protocolNames.length + 1;
    return usageError(
      `--port has to be 0 or a number from 1 to ${highest}, not ${flags.port}`,
      ' serve',
    );
  }
  for (const [name, value] of [
    ['host', flags.host],
    ['public-host', flags.publicHost],
  ] as const) {
    if (value !== undefined && !isIPv4(value)) {
      return usageError(`--${name} has to be an IPv4 address, not ${value}`, ' serve');
    }
  }
  const ports = new Map<Protocol, number>();
  for (const name of flags.protocols.split(',').map(word => word.trim())) {
    const protocol = findProtocol(name);
    if (typeof protocol === 'string') return usageError(protocol, ' serve');
    const offset = (protocolNames as readonly string[]).indexOf(name);
    ports.set(protocol, first === 0 ? 0 : first + offset);
  }
  const {host, publicHost, json = false} = flags;
  return {face: 'serve', host, publicHost, ports, isJson: json};
}

/** Meow prints and exits by itself; here everything is decided in one place, and can be tested. */
function common(argv: readonly string[]) {
  return {
    importMeta: import.meta,
    argv,
    pkg: {name: 'chat-tui', version},
    autoHelp: false,
    autoVersion: false,
  } as const;
}

function unknownFlag(flags: object, known: readonly string[]): string | undefined {
  const unknown = Object.keys(flags).find(name => !known.includes(name));
  if (unknown === undefined) return undefined;
  return unknown.length === 1
    ? `-${unknown}`
    : `--${unknown.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}

function usageError(message: string, command: string): Invocation {
  return {face: 'usage-error', message: `chat-tui: ${message} (see chat-tui${command} --help)`};
}

const versionText = `chat-tui ${version} (Node ${process.versions.node}; ${protocols
  .map(({name}) => name)
  .join(', ')})\n`;
