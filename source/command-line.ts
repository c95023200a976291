import meow from 'meow';
import {type Address, findProtocol, parseAddress} from './client/address.ts';
import {defaultProtocol, protocols} from './protocols/index.ts';
import type {Protocol} from './protocols/protocol.ts';
import {isIPv4} from './transport/endpoint.ts';
import {version} from './version.ts';

/** The meaning of a command line. */
export type Invocation =
  | {readonly face: 'print'; readonly text: string}
  | {readonly face: 'usage-error'; readonly message: string}
  | {readonly face: 'config-path'}
  | ClientInvocation
  | PipeInvocation
  | ServeInvocation;

export type ClientInvocation = {
  readonly face: 'screen' | 'headless';
  /** Undefined: the program starts its own hub. */
  readonly address: Address | undefined;
  /** The protocol with the program's own hub. */
  readonly protocol: Protocol;
  readonly nick: string | undefined;
  /** Keep trying if the hub is not there yet. */
  readonly isWaiting: boolean;
  /** First ask who and where. */
  readonly isAsking: boolean;
  /** A hub of the program's own is wanted, wherever the user was before. */
  readonly wantsOwnHub: boolean;
};

export type PipeInvocation = {
  readonly face: 'pipe';
  readonly address: Address;
  readonly nick: string | undefined;
  /** Nickname of the other side. */
  readonly peer: string;
  /** True: they ask us. False: we ask them. */
  readonly isAccepting: boolean;
};

export type ServeInvocation = {
  readonly face: 'serve';
  readonly host: string;
  readonly publicHost: string | undefined;
  readonly ports: ReadonlyMap<Protocol, number>;
  readonly isJson: boolean;
};

export const clientHelp = `Examples
  chat-tui                                      a hub of your own and you in it; later, where you were last
  chat-tui chat.example                         somebody else's hub
  chat-tui res302://127.0.0.1:30200 --nick alice
  chat-tui 'chat-tui://chat.example:4711?protocol=cosp'
  echo 'salut' | chat-tui --headless --server 127.0.0.1:30200 --nick robot

Usage
  chat-tui [ADDRESS] [--nick NAME]              the full-screen chat
  chat-tui --headless …                         the same without a screen: lines in, JSON out
  chat-tui pipe NICK                            your standard input to NICK's output, and back (… pipe --help)
  chat-tui serve                                a hub (… serve --help)

Options
  --server ADDRESS      host, host:port, protocol://host:port or a chat-tui:// link (CHAT_TUI_SERVER)
  --nick NAME           your nickname (CHAT_TUI_NICK)
  --protocol NAME       protocol, if the address names none: ${protocols.map(({name}) => name).join(', ')};
                        without it, the one that the hub speaks is found out
  --ask                 first ask who you are and where to go
  --headless            commands on standard input, one JSON event a line on standard output
  --wait                with --headless: try until the hub can be found, answers, and has a place
  --config              print the path of the settings file: nickname, theme, colours (README, Settings)
  -h, --help            this text
  -v, --version         version of the program, of Node, and the protocols

In the chat /help lists keys and commands.
Exit codes: 0 done, 1 no connection, thrown out or no room for output, 2 wrong usage, 128 + n after signal n (headless).
`;

export const serveHelp = `Usage
  chat-tui serve [options]                      a hub for everybody who can reach it

Options
  --host ADDRESS        IPv4 address to listen on (0.0.0.0)
  --port PORT           first of the ports, one for each protocol in their order; 0 for any (30200)
  --protocols LIST      which protocols, with commas (${protocols.map(({name}) => name).join(',')})
  --public-host IP      the address that peers elsewhere get for users on this machine
  --json                listeners and log as JSON, one object a line
  -h, --help            this text

SIGINT, SIGTERM and SIGHUP tell everybody and close; a second one exits at once.
`;

export const pipeHelp = `Usage
  chat-tui pipe NICK [options]                  ask NICK for a private connection
  chat-tui pipe --accept NICK [options]         wait until NICK asks, and accept

Standard input goes to NICK's standard output byte for byte, and theirs to yours. Start the side with --accept first.

Examples
  chat-tui pipe --accept alice --server cosp://chat.example --nick bob | tar x
  tar c photos | chat-tui pipe bob --server cosp://chat.example --nick alice

Options
  --server ADDRESS      the hub (CHAT_TUI_SERVER); with a protocol that has private connections: ${linkProtocols()}
  --nick NAME           your nickname (CHAT_TUI_NICK)
  --accept NICK         accept the request of NICK; requests of others are left unanswered
  -h, --help            this text

The end of your standard input is passed on, and NICK's bytes still come. The program ends when both sides have ended;
if standard input is a terminal, it ends when NICK has.
Exit codes: 0 both sides have ended, 1 refused, declined, not answered in five minutes or broken off, 2 wrong usage,
128 + n after signal n.
`;

/** @param environment CHAT_TUI_SERVER and CHAT_TUI_NICK are used where a flag is missing. */
export function readCommandLine(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Invocation {
  const [first, ...rest] = argv;
  if (first === 'help') return {face: 'print', text: helpAbout(rest[0])};
  try {
    if (first === 'serve') return readServe(rest);
    return first === 'pipe' ? readPipe(rest, environment) : readClient(argv, environment);
  } catch (error) {
    // Errors of the functions below, and Meow's for a flag that is given twice.
    const message = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    const command = first === 'serve' || first === 'pipe' ? `chat-tui ${first}` : 'chat-tui';
    return {face: 'usage-error', message: `chat-tui: ${message} (see ${command} --help)`};
  }
}

const clientFlags = {
  server: {type: 'string'},
  nick: {type: 'string'},
  protocol: {type: 'string'},
  ask: {type: 'boolean'},
  headless: {type: 'boolean'},
  wait: {type: 'boolean'},
  config: {type: 'boolean'},
  help: {type: 'boolean', shortFlag: 'h'},
  version: {type: 'boolean', shortFlag: 'v'},
} as const;

function readClient(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Invocation {
  const {flags, input} = meow('', {...common(argv), flags: clientFlags});
  if (flags.help) return {face: 'print', text: clientHelp};
  if (flags.version) return {face: 'print', text: versionText};
  const [first, ...others] = input;
  checkWords(flags, clientFlags, first !== undefined && isAddressLike(first) ? others : input);
  if (flags.config) return {face: 'config-path'};
  const protocol = protocolNamed(flags.protocol ?? defaultProtocol.name);
  if (first !== undefined && flags.server !== undefined) {
    throw new Error(`there are two addresses, ${flags.server} and ${first}: give one`);
  }
  const server = flags.server ?? first ?? (environment['CHAT_TUI_SERVER'] || undefined);
  const nick = flags.nick ?? (environment['CHAT_TUI_NICK'] || undefined);
  const face = flags.headless ? 'headless' : 'screen';
  const isWaiting = flags.wait ?? false;
  if (isWaiting && face === 'screen')
    throw new Error('--wait is for --headless: the screen waits by itself');
  const isAsking = flags.ask ?? false;
  if (isAsking && face === 'headless')
    throw new Error('--ask is for the screen, not for --headless');
  const wantsOwnHub = server === undefined && flags.protocol !== undefined;
  const how = {face, nick, isWaiting, isAsking, wantsOwnHub} as const;
  if (server === undefined) return {...how, address: undefined, protocol};
  const parsed = parseAddress(server, flags.protocol);
  if (!parsed.ok) throw new Error(parsed.message);
  const {address} = parsed;
  const isGuess = address.isGuess === true && address.protocol.name !== flags.protocol;
  return {...how, address: {...address, isGuess}, protocol: address.protocol};
}

/** A word without a dot or a colon is rather a command that is written wrong. */
function isAddressLike(word: string): boolean {
  return /[.:]/.test(word) || word === 'localhost';
}

const pipeFlags = {
  server: {type: 'string'},
  nick: {type: 'string'},
  accept: {type: 'string'},
  help: {type: 'boolean', shortFlag: 'h'},
} as const;

function readPipe(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Invocation {
  const {flags, input} = meow('', {...common(argv), flags: pipeFlags});
  if (flags.help) return {face: 'print', text: pipeHelp};
  const {accept} = flags;
  checkWords(flags, pipeFlags, accept === undefined ? input.slice(1) : input);
  const peer = accept ?? input[0];
  if (peer === undefined) throw new Error('a nickname is missing: with whom?');
  const server = flags.server ?? (environment['CHAT_TUI_SERVER'] || undefined);
  if (server === undefined) throw new Error('--server is missing: at which hub?');
  const parsed = parseAddress(server, protocols.find(hasLinks)?.name);
  if (!parsed.ok) throw new Error(parsed.message);
  const {protocol, host, port} = parsed.address;
  // A pipe needs a private connection: no other protocol is as good.
  const address = {protocol, host, port};
  if (!hasLinks(protocol)) {
    throw new Error(`${protocol.name} has no private connections: ${linkProtocols()} has`);
  }
  if (!protocol.isNickname(peer)) {
    throw new Error(
      `${peer} cannot be a nickname: ${protocol.name} wants ${protocol.nicknameRule}`,
    );
  }
  const nick = flags.nick ?? (environment['CHAT_TUI_NICK'] || undefined);
  return {face: 'pipe', address, nick, peer, isAccepting: accept !== undefined};
}

function hasLinks({features}: Protocol): boolean {
  return features.has('links');
}

function linkProtocols(): string {
  return (
    protocols
      .filter(hasLinks)
      .map(({name}) => name)
      .join(', ') || 'none yet'
  );
}

function helpAbout(command: string | undefined): string {
  if (command === 'serve') return serveHelp;
  return command === 'pipe' ? pipeHelp : clientHelp;
}

const serveFlags = {
  host: {type: 'string'},
  port: {type: 'string'},
  protocols: {type: 'string'},
  publicHost: {type: 'string'},
  json: {type: 'boolean'},
  help: {type: 'boolean', shortFlag: 'h'},
} as const;

function readServe(argv: readonly string[]): Invocation {
  const {flags, input} = meow('', {...common(argv), flags: serveFlags});
  if (flags.help) return {face: 'print', text: serveHelp};
  checkWords(flags, serveFlags, input);
  const {host = '0.0.0.0', publicHost, json = false} = flags;
  checkIPv4('--host', host);
  if (publicHost !== undefined) checkIPv4('--public-host', publicHost);
  const names = flags.protocols?.split(',') ?? protocols.map(({name}) => name);
  const first = firstPort(flags.port ?? `${defaultProtocol.defaultPort}`);
  const ports = new Map(
    names.map(text => {
      const protocol = protocolNamed(text.trim());
      return [protocol, first === 0 ? 0 : first + protocols.indexOf(protocol)];
    }),
  );
  return {face: 'serve', host, publicHost, ports, isJson: json};
}

/** @throws Error with a message for the user, if a word is unknown or a value missing. */
function checkWords(flags: object, known: object, input: readonly string[]): void {
  for (const [name, value] of Object.entries(flags)) {
    const words = name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
    const flag = name.length === 1 ? `-${name}` : `--${words}`;
    if (!Object.hasOwn(known, name)) throw new Error(`there is no option ${flag}`);
    if (value === '') throw new Error(`${flag} needs a value`);
  }
  if (input[0] !== undefined) throw new Error(`there is no command ${input[0]}`);
}

function protocolNamed(name: string): Protocol {
  const protocol = findProtocol(name);
  if (typeof protocol === 'string') throw new Error(protocol);
  return protocol;
}

function checkIPv4(flag: string, text: string): void {
  if (!isIPv4(text)) throw new Error(`${flag} has to be an IPv4 address, not ${text}`);
}

/** The first of several consecutive ports, one for each protocol; or 0. */
function firstPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  const highest = 65_536 - protocols.length;
  if (port >= 0 && port <= highest) return port;
  throw new Error(`--port has to be a number from 0 to ${highest}, not ${text}`);
}

/** Keeps Meow from printing and exiting, so that everything is decided in one place and can be tested. */
function common(argv: readonly string[]) {
  return {
    importMeta: import.meta,
    argv,
    pkg: {name: 'chat-tui', version},
    autoHelp: false,
    autoVersion: false,
  } as const;
}

const versionText = `chat-tui ${version} (Node ${process.versions.node}; ${protocols
  .map(({name}) => name)
  .join(', ')})\n`;
