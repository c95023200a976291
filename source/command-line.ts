import meow from 'meow';
import {type Address, findProtocol, parseAddress} from './client/address.ts';
import {
  isValueOf,
  type LinearSettings,
  linearChoiceNames,
  linearChoices,
} from './linear-settings.ts';
import {
  chat,
  clientOptions,
  completion,
  completionOptions,
  flagOf,
  hasLinks,
  helpFor,
  linkProtocols,
  pipe,
  pipeOptions,
  type Shell,
  say,
  sayOptions,
  serve,
  serveOptions,
  shells,
  subcommands,
  wait,
  waitOptions,
} from './options.ts';
import {defaultProtocol, protocols} from './protocols/index.ts';
import type {Protocol} from './protocols/protocol.ts';
import {isIPv4} from './transport/endpoint.ts';
import {version} from './version.ts';

/** The meaning of a command line. */
export type Invocation =
  | {readonly face: 'print'; readonly text: string}
  | {readonly face: 'usage-error'; readonly message: string}
  | {readonly face: 'config-path'}
  | {readonly face: 'json-schema'}
  | {readonly face: 'completion'; readonly shell: Shell}
  | ClientInvocation
  | SayInvocation
  | WaitInvocation
  | PipeInvocation
  | ServeInvocation;

export type ClientInvocation = {
  readonly face: 'screen' | 'headless' | 'linear';
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
  /** Print what happens to the texts on the wire. */
  readonly isTracing: boolean;
  /** Go back to where we were if another hub or name is refused. */
  readonly goesBack: boolean;
  /** Of the linear mode only. */
  readonly linear?: LinearInvocation;
};

export type LinearInvocation = {
  readonly settings: Partial<LinearSettings>;
  /** Nobody has asked for it: the terminal can do no more. */
  readonly isChosenByTerminal: boolean;
};

type OneShot = {
  readonly address: Address;
  readonly nick: string | undefined;
  readonly timeoutMs: number;
};

export type SayInvocation = OneShot & {
  readonly face: 'say';
  readonly to: string | undefined;
  readonly text: string;
};

export type WaitInvocation = OneShot & {
  readonly face: 'wait';
  /** The type of the event. That there is such a type is checked where they are known. */
  readonly type: string;
  readonly from: string | undefined;
  readonly pattern: RegExp | undefined;
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

/** @param environment CHAT_TUI_SERVER and CHAT_TUI_NICK are used where a flag is missing. */
export function readCommandLine(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Invocation {
  const [first, ...rest] = argv;
  if (first === 'help') return {face: 'print', text: helpAbout(rest[0])};
  try {
    switch (first) {
      case 'serve':
        return readServe(rest);
      case 'completion':
        return readCompletion(rest);
      case 'pipe':
        return readPipe(rest, environment);
      case 'say':
        return readSay(rest, environment);
      case 'wait':
        return readWait(rest, environment);
      default:
        return readClient(argv, environment);
    }
  } catch (error) {
    // Errors of the functions below, and Meow's for a flag that is given twice.
    const message = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    const isNamed = subcommands.some(({name}) => name !== '' && name === first);
    const command = isNamed ? `chat-tui ${first}` : 'chat-tui';
    return {face: 'usage-error', message: `chat-tui: ${message} (see ${command} --help)`};
  }
}

function readClient(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Invocation {
  const {flags, input} = meow('', {...common(argv), flags: clientOptions});
  if (flags.help) return {face: 'print', text: helpFor(chat)};
  if (flags.version) return {face: 'print', text: versionText};
  const [first, ...others] = input;
  checkWords(flags, clientOptions, first !== undefined && isAddressLike(first) ? others : input);
  if (flags.config) return {face: 'config-path'};
  if (flags.jsonSchema) return {face: 'json-schema'};
  const protocol = protocolNamed(flags.protocol ?? defaultProtocol.name);
  if (first !== undefined && flags.server !== undefined) {
    throw new Error(`there are two addresses, ${flags.server} and ${first}: give one`);
  }
  const server = flags.server ?? first ?? (environment['CHAT_TUI_SERVER'] || undefined);
  const nick = flags.nick ?? (environment['CHAT_TUI_NICK'] || undefined);
  const isDumb = environment['TERM'] === 'dumb';
  const face = faceOf(flags, isDumb);
  const isWaiting = flags.wait ?? false;
  if (isWaiting && face !== 'headless')
    throw new Error('--wait is for --headless: the screen waits by itself');
  const isTracing = flags.trace ?? false;
  if (isTracing && face !== 'headless') {
    const instead = 'on the screen, Enter on a message shows its journey';
    throw new Error(`--trace is for --headless: ${instead}`);
  }
  const {onRefusal} = flags;
  if (onRefusal !== undefined && face !== 'headless')
    throw new Error('--on-refusal is for --headless: the screen asks');
  if (onRefusal !== undefined && onRefusal !== 'end' && onRefusal !== 'stay')
    throw new Error(`--on-refusal has to be end or stay, not ${onRefusal}`);
  const goesBack = onRefusal === 'stay';
  const isAsking = flags.ask ?? false;
  if (isAsking && face !== 'screen') throw new Error(`--ask is for the screen, not for --${face}`);
  const linear = readLinear(flags, face, isDumb && !flags.linear);
  const wantsOwnHub = server === undefined && flags.protocol !== undefined;
  const how = {
    face,
    nick,
    isWaiting,
    isAsking,
    wantsOwnHub,
    isTracing,
    goesBack,
    ...(linear && {linear}),
  } as const;
  if (server === undefined) return {...how, address: undefined, protocol};
  const address = readAddress(server, flags.protocol);
  return {...how, address, protocol: address.protocol};
}

function readAddress(server: string, protocol: string | undefined): Address {
  const parsed = parseAddress(server, protocol);
  if (!parsed.ok) throw new Error(parsed.message);
  const {address} = parsed;
  const isGuess = address.isGuess === true && address.protocol.name !== protocol;
  return {...address, isGuess};
}

type FaceFlags = {
  readonly headless?: boolean | undefined;
  readonly linear?: boolean | undefined;
  readonly screen?: boolean | undefined;
};

function faceOf({headless, linear, screen}: FaceFlags, isDumb: boolean): ClientInvocation['face'] {
  const asked = [headless && '--headless', linear && '--linear', screen && '--screen'];
  const [first, second] = asked.filter(flag => typeof flag === 'string');
  if (second !== undefined) throw new Error(`${first} and ${second} exclude each other`);
  if (headless) return 'headless';
  return linear || (isDumb && !screen) ? 'linear' : 'screen';
}

/** How the linear mode is to speak; undefined for the other faces, which have none of these options. */
function readLinear(
  flags: Readonly<Partial<Record<keyof LinearSettings, string | undefined>>>,
  face: ClientInvocation['face'],
  isChosenByTerminal: boolean,
): LinearInvocation | undefined {
  const given: Record<string, string> = {};
  for (const name of [...linearChoiceNames, 'prompt'] as const) {
    const value = flags[name];
    if (value === undefined) continue;
    if (face !== 'linear') throw new Error(`--${name} is for --linear`);
    if (name !== 'prompt' && !isValueOf(name, value)) {
      throw new Error(`--${name} has to be ${linearChoices[name].join(' or ')}, not ${value}`);
    }
    given[name] = value;
  }
  // Each value was checked against its choice.
  const settings = given as Partial<LinearSettings>;
  return face === 'linear' ? {settings, isChosenByTerminal} : undefined;
}

/** A word without a dot or a colon is rather a command that is written wrong. */
function isAddressLike(word: string): boolean {
  return /[.:]/.test(word) || word === 'localhost';
}

function readSay(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Invocation {
  const {flags, input} = meow('', {...common(argv), flags: sayOptions});
  if (flags.help) return {face: 'print', text: helpFor(say)};
  checkWords(flags, sayOptions, []);
  const text = input.join(' ');
  if (text.trim() === '') throw new Error('a text is missing: what is to be said?');
  return {face: 'say', ...readOneShot(flags, environment), to: flags.to, text};
}

function readWait(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Invocation {
  const {flags, input} = meow('', {...common(argv), flags: waitOptions});
  if (flags.help) return {face: 'print', text: helpFor(wait)};
  checkWords(flags, waitOptions, input);
  const {for: type = 'message', from, match} = flags;
  if (match !== undefined && type !== 'message') {
    throw new Error(`--match is for --for message: ${type} has no text`);
  }
  const pattern = match === undefined ? undefined : readPattern(match);
  return {face: 'wait', ...readOneShot(flags, environment), type, from, pattern};
}

function readPattern(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch {
    throw new Error(`--match has to be a regular expression of JavaScript, not ${text}`);
  }
}

/** In seconds. A timer of Node takes no more than 24 days. */
const maximumTimeout = 1_000_000;

function readOneShot(
  {
    server,
    nick,
    protocol,
    timeout = '30',
  }: {readonly [flag in 'server' | 'nick' | 'protocol' | 'timeout']?: string | undefined},
  environment: Readonly<Record<string, string | undefined>>,
): OneShot {
  const where = server ?? (environment['CHAT_TUI_SERVER'] || undefined);
  if (where === undefined) throw new Error('--server is missing: at which hub?');
  if (!/^\d{1,7}(?:\.\d{1,3})?$/.test(timeout) || Number(timeout) > maximumTimeout) {
    const rule = `a number of seconds, at most ${maximumTimeout}`;
    throw new Error(`--timeout has to be ${rule}, not ${timeout}`);
  }
  return {
    address: readAddress(where, protocol),
    nick: nick ?? (environment['CHAT_TUI_NICK'] || undefined),
    timeoutMs: Number(timeout) * 1000,
  };
}

function readPipe(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Invocation {
  const {flags, input} = meow('', {...common(argv), flags: pipeOptions});
  if (flags.help) return {face: 'print', text: helpFor(pipe)};
  const {accept} = flags;
  checkWords(flags, pipeOptions, accept === undefined ? input.slice(1) : input);
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

function helpAbout(name: string | undefined): string {
  return helpFor(subcommands.find(candidate => candidate.name === name) ?? chat);
}

function readServe(argv: readonly string[]): Invocation {
  const {flags, input} = meow('', {...common(argv), flags: serveOptions});
  if (flags.help) return {face: 'print', text: helpFor(serve)};
  checkWords(flags, serveOptions, input);
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

function readCompletion(argv: readonly string[]): Invocation {
  const {flags, input} = meow('', {...common(argv), flags: completionOptions});
  if (flags.help) return {face: 'print', text: helpFor(completion)};
  const [name, ...others] = input;
  checkWords(flags, completionOptions, others);
  const shell = shells.find(candidate => candidate === name);
  if (shell === undefined) {
    const what = name === undefined ? 'for which shell?' : `there is none for ${name}:`;
    throw new Error(`${what} ${shells.join(', ')}`);
  }
  return {face: 'completion', shell};
}

/** @throws Error with a message for the user, if a word is unknown or a value missing. */
function checkWords(flags: object, known: object, input: readonly string[]): void {
  for (const [name, value] of Object.entries(flags)) {
    const flag = name.length === 1 ? `-${name}` : flagOf(name);
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
