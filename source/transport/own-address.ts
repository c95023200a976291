import {networkInterfaces} from 'node:os';

/** An IPv4 address under which other machines may reach this one; undefined if it has none. */
export function ownAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap(addresses => addresses ?? []);
  return all.find(({family, internal}) => family === 'IPv4' && !internal)?.address;
}

/** Whether the address means the machine that it is used on. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.') || host === '::1';
}
