/** People who do everything at once, over connections that take their time and cut where they like. */
import {expect, test} from 'vitest';
import {areOwnSeeds, Random, seeds} from '../../network/random.ts';
import {Simulation, type User} from './simulation.ts';

const steps = 800;

/** `to` is undefined for what was said in public. */
type Said = {readonly author: User; readonly id: number; readonly to: User | undefined};

test.each(seeds(1, 2, 3, 4, 5, 6))(
  'what is called delivered has arrived, once, and nothing is left when all have gone (seed %i)',
  seed => {
    const simulation = new Simulation({maximumDelayMs: 0, pieces: 'random'}, seed);
    const random = new Random(seed);
    const residents = simulation.join('alice', 'bob', 'carl', 'dora');
    const texts = new Map<string, Said>();
    let visitors: User[] = [];
    let number = residents.length;
    let written = 0;

    const note = (author: User, to: User | undefined, say: (text: string) => number) => {
      const text = `text ${++written}`;
      texts.set(text, {author, to, id: say(text)});
    };
    const acts: ((user: User, other: User) => void)[] = [
      user => note(user, undefined, text => user.say(text)),
      (user, other) => note(user, other, text => user.tell(other.nick, text)),
      (user, other) => note(user, other, text => user.tell(other.nick, text, 'link')),
      (user, other) => user.link(other.nick),
      user => {
        const from = user.of('invitation').at(-1)?.from;
        if (from !== undefined) user.answer(from, random.chance(0.8));
      },
      (user, other) => {
        if (random.chance(0.3)) user.unlink(other.nick);
      },
      () => {
        if (visitors.length > 2) return;
        const visitor = simulation.add(`visitor${number}`, number++);
        visitors.push(visitor);
        visitor.connect();
      },
      () => {
        const [first, ...rest] = visitors;
        visitors = rest;
        first?.disconnect();
      },
    ];

    simulation.streams.conditions = {maximumDelayMs: 20, pieces: 'random'};
    for (let step = 0; step < steps; step++) {
      const user = random.pick([...residents, ...visitors]);
      const other = random.pick([...residents, ...visitors].filter(one => one !== user));
      random.pick(acts)(user, other);
      if (random.chance(0.4)) simulation.run(random.next() * 30);
    }
    simulation.run(5000);

    for (const [text, {author, id, to}] of texts) {
      const ends = author.ends().filter(end => end.startsWith(`${id} `));
      expect(ends, text).toHaveLength(1);
      const readers = residents.flatMap(({nick, events}) =>
        events.flatMap(event => (event.type === 'message' && event.text === text ? nick : [])),
      );
      expect(new Set(readers).size, text).toBe(readers.length);
      if (ends[0] !== `${id} delivered`) continue;
      const meant = residents.filter(reader => (to ?? reader) === reader && reader !== author);
      expect(readers, text).toEqual(meant.map(({nick}) => nick));
    }
    // So that the seeds are known to have tried something.
    if (areOwnSeeds) {
      const opened = residents.flatMap(user => user.of('link-opened'));
      expect(opened.length).toBeGreaterThan(5);
      for (const scope of ['public', 'direct', 'link'] as const) {
        const heard = residents
          .flatMap(user => user.of('message'))
          .filter(one => one.scope === scope);
        expect(heard.length, scope).toBeGreaterThan(5);
      }
    }
    const failures = residents.flatMap(({events}) => events.filter(({type}) => type === 'lost'));
    expect(failures).toEqual([]);

    for (const user of [...residents, ...visitors]) user.disconnect();
    simulation.run(20_000);
    expect(simulation.hub.users).toBe(0);
    expect(simulation.streams.size).toBe(0);
    expect(simulation.hub.dueAt).toBe(Number.POSITIVE_INFINITY);
    for (const user of residents) expect(user.end.dueAt).toBe(Number.POSITIVE_INFINITY);
  },
);
