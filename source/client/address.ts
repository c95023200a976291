import {defaultProtocol, protocols} from '../protocols/index.ts';
import type {Protocol} from '../protocols/protocol.ts';
import {parsePort} from '../transport/endpoint.ts';

export type Address = {
  readonly protocol: Protocol;
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
};

export type ParsedAddress =
  | {readonly ok: true; readonly address: Address}
  /** A sentence for the user who typed it. */
  | {readonly ok: false; readonly message: string};

/**
 * `host`, `host:port` or `protocol://host[:port]`. Without a scheme, the protocol is the one whose default port is
 * given, else `fallback`, else the first of our list.
 */
export function parseAddress(text: string, fallback?: string): ParsedAddress {
  const match = /^(?:([a-z0-9]+):\/\/)?(\[[^\]]*\]|[^:/[\]\s]+)(?::([^:/]*))?$/i.exec(text.trim());
  if (match === null) {
    const what = text.trim() === '' ? 'An address is missing' : `${text.trim()} is no address`;
    return failure(`${what}: write host:port, for example 127.0.0.1:30200`);
  }
  const [, scheme, hostText = '', portText] = match;
  const port = portText === undefined ? undefined : parsePort(portText);
  if (portText !== undefined && port === undefined) {
    return failure(`${portText} is no port: it has to be a number from 1 to 65535`);
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
  return {ok: true, address: {protocol: found, host, port: port ?? found.defaultPort}};
}

/** The protocol of that name, or a sentence why there is none. */
export function findProtocol(name: string): Protocol | string {
  const protocol = protocols.find(candidate => candidate.name === name);
  if (protocol !== undefined) return protocol;
  const spoken = protocols.map(candidate => candidate.name).join(', ');
  if (name === '') return `the name of a protocol is missing: this version speaks ${spoken}`;
  return `${name} is no protocol: this version speaks ${spoken}`;
}

export function formatAddress({protocol, host, port}: Address): string {
  return `${protocol.name}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Without the protocol where the port already says it. */
export function shortAddress(address: Address): string {
  const short = formatAddress(address).replace(/^\w+:\/\//, '');
  const parsed = parseAddress(short);
  return parsed.ok && parsed.address.protocol === address.protocol ? short : formatAddress(address);
}

function nameOfPort(port: number | undefined): string | undefined {
  return protocols.find(({defaultPort}) => defaultPort === port)?.name;
}

function failure(message: string): ParsedAddress {
  return {ok: false, message};
}
