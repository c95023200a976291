import {Bench, type RawClient} from './bench.ts';

export const centralised = false;

export const decentralised = true;

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

/** What comes every 500 ms, six times, and then no more. */
export function sixTimes(line: string): string[] {
  return Array.from({length: 6}, () => line);
}

/** Says that text as often, each copy under a number of its own. */
export function sayOften(author: RawClient, count: number): void {
  for (let index = 0; index < count; index++) author.say(`text ${index}`);
}
