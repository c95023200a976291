/** An IPv4 address and a UDP or TCP port. */
export type Endpoint = {
  readonly host: string;
  readonly port: number;
  /** Of a remote one, where we listen with several sockets: which of them has heard it, and answers. */
  readonly via?: number;
};

/** The same text for the same endpoint: what tables of endpoints are keyed by. */
export function endpointKey({host, port}: Endpoint): string {
  return `${host}:${port}`;
}

export function isSameEndpoint(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && one.host === other.host;
}

/** Dotted decimal, each number 0–255 and without leading zeros: as a socket writes addresses. */
export function isIPv4(text: string): boolean {
  return parseIPv4(text) === text;
}

/** The address that the text names, written as a socket writes it: without leading zeros. Undefined if it names none. */
export function parseIPv4(text: string): string | undefined {
  const parts = text.split('.');
  const isAddress = parts.every(part => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return parts.length === 4 && isAddress ? parts.map(Number).join('.') : undefined;
}

/** The port that the text names, 1–65535, or undefined. */
export function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}
