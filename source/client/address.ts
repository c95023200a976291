import {defaultProtocol, protocols} from '../protocols/index.ts';
import type {Protocol} from '../protocols/protocol.ts';
import {parsePort} from '../transport/endpoint.ts';
import {cleanLine} from './clean-text.ts';

export type Address = {
  readonly protocol: Protocol;
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Nobody has said which protocol the hub speaks: if another one is spoken there, that one is meant. */
  readonly isGuess?: boolean;
};

/** A hub that has let us in before. */
export type KnownHub = {
  /** An address with its protocol. */
  readonly server: string;
  /** Our nickname there. */
  readonly nick?: string;
  /** Milliseconds since 1970. */
  readonly at?: number;
};

export type ParsedAddress =
  | {readonly ok: true; readonly address: Address}
  /** A sentence for the user who typed it. */
  | {readonly ok: false; readonly message: string};

/** Of a host no character is invisible, and none has a meaning in an address. */
const addressPattern =
  /^(?:([a-z0-9-]+):\/\/)?(\[[^\]\p{C}\s]*\]|[^:/?#@[\]\p{C}\s]{1,253})(?::([^:/?#]*))?(\/?(?:\?[^#\s]*)?)$/iu;

/**
 * `host`, `host:port`, `protocol://host[:port]`, or the link of {@link formatLink}. Without a protocol, it is the one whose
 * default port is given, else `fallback`, else the first of our list; and it is a guess.
 */
export function parseAddress(text: string, fallback?: string): ParsedAddress {
  const match = addressPattern.exec(text.trim());
  const isLink = match?.[1]?.toLowerCase() === linkScheme;
  // Only a link has something behind the port.
  if (match === null || (!isLink && match[4] !== '')) {
    const what =
      text.trim() === '' ? 'An address is missing' : `${cleanLine(text.trim())} is no address`;
    return failure(`${what}: write host:port, for example 127.0.0.1:30200`);
  }
  const [, prefix, hostText = '', portText, query = ''] = match;
  const inQuery = new URLSearchParams(query.replace(/^\/?\??/, '')).get('protocol') ?? undefined;
  const scheme = isLink ? inQuery : prefix;
  const port = portText === undefined ? undefined : parsePort(portText);
  if (portText !== undefined && port === undefined) {
    return failure(
      `${cleanLine(portText ?? '')} is no port: it has to be a number from 1 to 65535`,
    );
  }
  const name = (scheme ?? nameOfPort(port) ?? fallback ?? defaultProtocol.name).toLowerCase();
  const found = findProtocol(name);
  if (typeof found === 'string') return failure(found);
  const host = hostText.replace(/^\[(.*)\]$/, '$1');
  if (hostText.startsWith('[') && found.transport === 'udp') {
    return failure(
      `${name} reaches IPv4 addresses only: its messages tell peers four bytes of address`,
    );
  }
  const address = {protocol: found, host, port: port ?? found.defaultPort};
  return {ok: true, address: scheme === undefined ? {...address, isGuess: true} : address};
}

const linkScheme = 'chat-tui';

/**
 * `chat-tui://host:port`, with `?protocol=name` where the port does not say it: an address that other programs pass on. It
 * has no nickname, since whoever gets it has another one.
 */
export function formatLink(address: Address): string {
  const [protocol = '', rest = ''] = formatAddress(address).split('://');
  const isSaid = nameOfPort(address.port) === protocol;
  return `${linkScheme}://${rest}${isSaid ? '' : `?protocol=${protocol}`}`;
}

/**
 * Whether a hub at `found` means that there is none at `asked`: two programs cannot have a port of one transport. Where
 * the protocol is only a guess, any hub at that port is the one that is meant.
 */
export function takesPlaceOf(found: Address, asked: Address): boolean {
  const isSameTransport = found.protocol.transport === asked.protocol.transport;
  return found.port === asked.port && (isSameTransport || asked.isGuess === true);
}

/**
 * Where a hub of another protocol can be that is meant by an address at which nobody answers: at the same port, or, if that
 * is the usual one, at the usual ones of the others.
 */
export function alternatives({protocol, host, port}: Address): readonly Address[] {
  const others = protocols.filter(other => other !== protocol);
  const isUsual = port === protocol.defaultPort;
  return others.flatMap(other => {
    const ports = isUsual ? [port, other.defaultPort] : [port];
    return ports.map(one => ({protocol: other, host, port: one}));
  });
}

/** The protocol of that name, or a sentence why there is none. */
export function findProtocol(name: string): Protocol | string {
  const protocol = protocols.find(candidate => candidate.name === name);
  if (protocol !== undefined) return protocol;
  const spoken = protocols.map(candidate => candidate.name).join(', ');
  if (name === '') return `the name of a protocol is missing: this version speaks ${spoken}`;
  return `${cleanLine(name)} is no protocol: this version speaks ${spoken}`;
}

export function formatAddress({protocol, host, port}: Address): string {
  return `${protocol.name}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Without the protocol where the port already says it. */
export function shortAddress(address: Address): string {
  const short = withoutProtocol(formatAddress(address));
  const parsed = parseAddress(short);
  return parsed.ok && parsed.address.protocol === address.protocol ? short : formatAddress(address);
}

/** An address as people read it where the protocol is said apart. */
export function withoutProtocol(server: string): string {
  return server.replace(/^\w+:\/\//, '');
}

function nameOfPort(port: number | undefined): string | undefined {
  return protocols.find(({defaultPort}) => defaultPort === port)?.name;
}

function failure(message: string): ParsedAddress {
  return {ok: false, message};
}
