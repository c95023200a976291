import {describe, expect, test} from 'vitest';
import * as res302 from '../../../source/protocols/res302/wire.ts';
import {BitWriter} from '../../../source/transport/bits.ts';
import {Random, seeds} from '../../network/random.ts';
import {Bench as MessagerieBench} from '../messagerie/bench.ts';
import {Bench as Res302Bench} from '../res302/bench.ts';
import {Bench as ShenBench} from '../shen/bench.ts';

const datagramsPerRun = 3000;

function below(random: Random, limit: number): number {
  return Math.floor(random.next() * limit);
}

/** Names and texts that mean something, cut and mixed, or any bytes. */
function data(random: Random): Uint8Array {
  if (random.chance(0.5)) {
    return Uint8Array.from({length: below(random, 60)}, () => below(random, 256));
  }
  const words = ['alice', 'mallory', 'bob', '&', '#', ',', '\r\n', 'den', ' ', '\u{1F600}'];
  const text = Array.from({length: below(random, 8)}, () => random.pick(words)).join('');
  return new TextEncoder().encode(text);
}

/** Headers that a hub looks into, before anything; `id` is the sender's in protocols that have one. */
const protocols = {
  res302: {
    create: () => new Res302Bench(),
    craft: (random: Random, _id: number) =>
      res302.encode(
        res302.message(random.pick(res302.messageTypes), {
          ack: random.chance(0.3),
          sequence: below(random, 128),
          flag: random.chance(0.5),
          code: below(random, 128),
          nickname: 'mallory',
          data: data(random),
        }),
      ),
  },
  messagerie: {
    create: () => new MessagerieBench(),
    craft: (random: Random, id: number) =>
      new BitWriter()
        .unsigned(5, below(random, 32))
        .unsigned(8, random.chance(0.9) ? id : below(random, 256))
        .unsigned(16, below(random, 64))
        .bytes(data(random))
        .finish(),
  },
  shen: {
    create: () => new ShenBench(),
    craft: (random: Random, _id: number) => {
      const text = data(random);
      const type = 1 + below(random, 21);
      const writer = new BitWriter().unsigned(10, below(random, 1024)).unsigned(8, type);
      writer.unsigned(10, text.length);
      if (type >= 18 && type <= 20)
        writer.unsigned(2, below(random, 3)).unsigned(2, below(random, 3));
      return writer.bytes(text).finish();
    },
  },
};

describe.each(Object.entries(protocols))('%s', (_name, {create, craft}) => {
  test.each(seeds(1, 2, 3))(
    'whatever a registered client sends costs nobody else anything, seed %i',
    seed => {
      const random = new Random(seed);
      const bench = create();
      const bob = bench.connect('bob');
      let mallory = bench.connect('mallory');
      let served = 0;
      for (let count = 0; count < datagramsPerRun; count++) {
        if (bench.hub.users < 2) mallory = bench.connect('mallory');
        bench.send(craft(random, 'id' in mallory ? mallory.id : 0), mallory.endpoint);
        bench.run(below(random, 50));
        served += mallory.take().length;
        bob.take();
      }
      expect(bench.dropped('internal-error')).toBe(0);
      expect(bench.departures.filter(gone => gone.startsWith('bob:'))).toEqual([]);
      expect(served).toBeGreaterThan(datagramsPerRun / 10);
    },
  );
});
