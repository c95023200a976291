import {expect} from 'vitest';
import {type Setting, seesTruth} from '../scenarios.ts';
import type {World} from '../world.ts';

const names = ['alice', 'bob', 'carl'] as const;

/** Lists that are right without being asked for. */
export function presence(setting: Setting): void {
  setting.scenario('an arrival is told to everybody at once', names, ({alice}, world) => {
    world.add('dora').start();
    world.until(() => world.chat.find('dora') !== undefined, 'dora at the hub');
    untilAllKnow(world, setting.roundTripMs);
    expect(alice.present).toEqual(['alice', 'bob', 'carl', 'dora']);
  });

  setting.scenario('a departure is told to everybody at once', names, ({alice, bob}, world) => {
    bob.close();
    world.until(() => world.chat.find('bob') === undefined, 'his end at the hub');
    untilAllKnow(world, setting.roundTripMs);
    expect(alice.present).toEqual(['alice', 'carl']);
  });

  setting.scenario('who dies has departed', names, ({alice, carl}, world) => {
    world.kill(carl);
    world.until(() => world.chat.find('carl') === undefined, 'his end at the hub');
    untilAllKnow(world, setting.roundTripMs);
    expect(alice.present).toEqual(['alice', 'bob']);
    expect(world.departures).toMatchObject([{nick: 'carl', reason: 'disconnected'}]);
  });

  setting.scenario('a name that is given again is one on the list', names, (users, world) => {
    const {alice, bob} = users;
    bob.close();
    world.until(() => bob.engine.isClosed, 'the goodbye');
    world.users.splice(world.users.indexOf(bob), 1);
    world.connect('bob');
    untilAllKnow(world, setting.roundTripMs);
    expect(alice.present).toEqual([...names]);
  });

  setting.scenario('whoever comes and goes, everybody knows who is there', names, (_, world) => {
    for (const nick of ['dora', 'eve', 'frank', 'grace', 'heidi', 'ivan']) {
      world.connect(nick);
      const leaver = world.random.pick(world.users.filter(({isConnected}) => isConnected));
      const how = world.random.pick(['stays', 'leaves', 'dies']);
      if (how === 'leaves') leaver.close();
      else if (how === 'dies') world.kill(leaver);
      world.run(world.random.next() * setting.roundTripMs);
    }
    world.run(setting.roundTripMs);
    untilAllKnow(world, setting.roundTripMs);
  });
}

function untilAllKnow(world: World, maximumMs: number): void {
  const allKnow = () => world.users.every(user => seesTruth(world, user));
  world.until(allKnow, 'what the hub knows on every list', maximumMs);
}
