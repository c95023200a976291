/** An IPv4 address and a UDP or TCP port. */
export type Endpoint = {
  readonly host: string;
  readonly port: number;
  /** If we listen with several sockets: the one that has heard this remote endpoint, and answers it. */
  readonly via?: number;
};

/** The key of an endpoint in a table. */
export function endpointKey({host, port}: Endpoint): string {
  return `${host}:${port}`;
}

export function isSameEndpoint(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && one.host === other.host;
}

/** Whether it is dotted decimal, each number 0–255 and without leading zeros: as a socket writes addresses. */
export function isIPv4(text: string): boolean {
  return parseIPv4(text) === text;
}

/** The address in the text, as a socket writes it: without leading zeros. Undefined if it is no address. */
export function parseIPv4(text: string): string | undefined {
  const parts = text.split('.');
  const isAddress = parts.every(part => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  return parts.length === 4 && isAddress ? parts.map(Number).join('.') : undefined;
}

/** The port in the text, 1–65535, or undefined. */
export function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}
