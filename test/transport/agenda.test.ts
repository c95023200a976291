import fc from 'fast-check';
import {expect, test} from 'vitest';
import {Agenda} from '../../source/transport/agenda.ts';

test('an empty agenda is never due and gives nobody out', () => {
  const agenda = new Agenda<string>();
  expect(agenda.dueAt).toBe(Number.POSITIVE_INFINITY);
  expect(agenda.take(Number.MAX_VALUE)).toBeUndefined();
});

test('owners are taken off in the order of their deadlines, none before its time', () => {
  const agenda = new Agenda<string>();
  agenda.schedule('late', 300);
  agenda.schedule('early', 100);
  agenda.schedule('middle', 200);
  expect(agenda.dueAt).toBe(100);
  expect(agenda.take(99)).toBeUndefined();
  expect([agenda.take(200), agenda.take(200), agenda.take(200)]).toEqual([
    'early',
    'middle',
    undefined,
  ]);
  expect(agenda.dueAt).toBe(300);
});

test('an owner has one deadline: the newest', () => {
  const agenda = new Agenda<string>();
  agenda.schedule('alice', 100);
  agenda.schedule('alice', 500);
  expect(agenda.take(499)).toBeUndefined();
  agenda.schedule('alice', 50);
  expect(agenda.take(50)).toBe('alice');
  expect(agenda.take(1000)).toBeUndefined();
});

test('a cancelled owner is not taken, and cancelling nobody does nothing', () => {
  const agenda = new Agenda<string>();
  agenda.schedule('alice', 100);
  agenda.cancel('bob');
  agenda.cancel('alice');
  expect(agenda.dueAt).toBe(Number.POSITIVE_INFINITY);
  expect(agenda.take(100)).toBeUndefined();
});

test('taking somebody out of the middle leaves the others in their order', () => {
  const agenda = new Agenda<number>();
  // The last one of the heap is earlier than the parent of the one that is taken out.
  const deadlines = [0, 50, 1, 60, 70, 2, 3, 80, 81, 90, 91, 10, 11, 12, 4];
  for (const dueAt of deadlines) agenda.schedule(dueAt, dueAt);
  agenda.cancel(60);
  expect(deadlines.map(() => agenda.take(100))).toEqual([
    ...[0, 1, 2, 3, 4, 10, 11, 12, 50, 70, 80, 81, 90, 91],
    undefined,
  ]);
});

type Step =
  | {readonly type: 'schedule'; readonly owner: number; readonly dueAt: number}
  | {readonly type: 'cancel'; readonly owner: number}
  | {readonly type: 'take'; readonly now: number};

const owner = fc.nat({max: 20});
const time = fc.nat({max: 100});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('schedule' as const),
      owner,
      dueAt: fc.oneof({weight: 9, arbitrary: time}, fc.constant(Number.POSITIVE_INFINITY)),
    }),
  },
  fc.record({type: fc.constant('cancel' as const), owner}),
  {weight: 2, arbitrary: fc.record({type: fc.constant('take' as const), now: time})},
);

test('whatever is scheduled, moved, cancelled and taken, it agrees with a plain sorted array', () => {
  fc.assert(
    fc.property(fc.array(step, {maxLength: 200}), steps => {
      const agenda = new Agenda<number>();
      let model: {readonly owner: number; readonly dueAt: number}[] = [];
      const without = (gone: number | undefined) => model.filter(item => item.owner !== gone);
      for (const next of steps) {
        if (next.type === 'take') {
          const taken = agenda.take(next.now);
          const firstDue = model[0]?.dueAt ?? Number.POSITIVE_INFINITY;
          // Of several whose time is the same, any may come first.
          const firsts = model.filter(({dueAt}) => dueAt === firstDue && dueAt <= next.now);
          if (firsts.length === 0) expect(taken).toBeUndefined();
          else expect(firsts.map(item => item.owner)).toContain(taken);
          model = without(taken);
        } else if (next.type === 'cancel') {
          agenda.cancel(next.owner);
          model = without(next.owner);
        } else {
          agenda.schedule(next.owner, next.dueAt);
          model = without(next.owner);
          if (Number.isFinite(next.dueAt)) model.push({owner: next.owner, dueAt: next.dueAt});
        }
        model.sort((one, other) => one.dueAt - other.dueAt);
        expect(agenda.dueAt).toBe(model[0]?.dueAt ?? Number.POSITIVE_INFINITY);
      }
      const deadlines = new Map(model.map(item => [item.owner, item.dueAt]));
      const rest = model.map(() => agenda.take(1000) ?? -1);
      expect(new Set(rest)).toEqual(new Set(deadlines.keys()));
      expect(rest.map(taken => deadlines.get(taken))).toEqual(model.map(item => item.dueAt));
      expect(agenda.take(1000)).toBeUndefined();
    }),
    {numRuns: 300},
  );
});
