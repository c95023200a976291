import {types} from '../../../source/protocols/messagerie/wire/messages.ts';
import type {BitWriter} from '../../../source/transport/bits.ts';
import {Bench, type RawClient} from './bench.ts';

export const modes = ['centralised', 'decentralised'] as const;

export const minuteMs = 60_000;

/** A hub with those users connected, in the public room. */
export function connected(...nicknames: readonly string[]) {
  const bench = new Bench();
  const clients = nicknames.map(nickname => bench.connect(nickname));
  const [alice, bob, carl, dora] = clients;
  const spare = bench.add('spare');
  return {
    bench,
    alice: alice ?? spare,
    bob: bob ?? spare,
    carl: carl ?? spare,
    dora: dora ?? spare,
  };
}

/** What comes every 100 ms, 31 times, and then no more. */
export function thirtyOneTimes(line: string): string[] {
  return Array.from({length: 31}, () => line);
}

/** Says that text as often, each copy under a number of its own. */
export function sayOften(author: RawClient, count: number): void {
  for (let index = 0; index < count; index++) author.say(`text ${index}`);
}

/** The bytes of a `text#` in a datagram. */
export function delimited(...bytes: readonly number[]) {
  return (writer: BitWriter) => writer.bytes(Uint8Array.from(bytes)).unsigned(8, 0x23);
}

export function textOf(bytes: Uint8Array) {
  return (writer: BitWriter) => writer.unsigned(16, bytes.length).bytes(bytes);
}

export function clear(...clients: readonly RawClient[]): void {
  for (const client of clients) client.take();
}

export function hexOf(type: keyof typeof types, userId: number, sequence: number): string {
  const bits = types[type] * 2 ** 27 + userId * 2 ** 19 + sequence * 2 ** 3;
  return bits.toString(16).padStart(8, '0');
}
