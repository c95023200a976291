import {expect} from 'vitest';
import {gather, type Setting, seesTruth, untilQuiet} from '../scenarios.ts';
import {hubEndpoint, type SimulatedUser, type World} from '../world.ts';
import {sayAndWait} from './public-texts.ts';

const names = ['alice', 'bob', 'carl', 'dora'] as const;

/** After this time a client that is cut off is gone. */
const noticedMs = 200_000;

/** For this time the ghost of a client over TCP keeps its name from its own user. */
const ghostMs = 45_000;

/** Time between two attempts to connect, by then. */
const attemptMs = 12_000;

/** Programs and networks that stop, and come back. */
export function silences(setting: Setting): void {
  setting.scenario('a silent client is taken off, and can come back', names, (users, world) => {
    const {alice, carl} = users;
    untilQuiet(world);
    world.silence(carl.endpoint);
    const isNoticed = () => world.hub.users === 3 && !alice.present.includes('carl');
    world.until(isNoticed, 'the departure', noticedMs);
    expect(world.departures).toMatchObject([{nick: 'carl', reason: 'silent'}]);
    comeBack(world, carl, alice);
  });

  if (setting.protocol.transport === 'tcp') {
    setting.scenario(
      'one comes back under the own name while everybody talks to the ghost',
      names,
      (users, world) => {
        const {alice, carl} = users;
        untilQuiet(world);
        world.streams.cutAll(carl.endpoint.host);
        const cutAt = world.network.now;
        const isBack = () => carl.of('connected').length > 1;
        let said = 0;
        // The system of the hub cannot notice: there is always something that the ghost has not acknowledged.
        const talk = () => {
          alice.say(`and ${++said}`);
          if (!isBack()) world.network.after(5000, talk);
        };
        talk();
        world.until(isBack, 'carl back');
        expect(world.network.now - cutAt).toBeLessThan(ghostMs + attemptMs);
        expect(world.departures).toMatchObject([{nick: 'carl', reason: 'silent'}]);
        expect(carl.last('disconnected')?.reason).toBe('hub-silent');
        comeBack(world, carl, alice);
      },
    );
  }

  setting.scenario('a pause that is short costs nobody a place', names, (users, world) => {
    const {alice, carl} = users;
    untilQuiet(world);
    world.silence(carl.endpoint);
    world.run(900);
    world.restore(carl.endpoint);
    world.run(noticedMs);
    expect(world.departures).toEqual([]);
    sayAndWait(world, alice, 'all here');
    world.until(() => carl.texts().length === 1, 'the text');
  });

  setting.scenario('a hub that was silent is found again', names, (users, world) => {
    const {alice} = users;
    const everybody = Object.values(users);
    world.silence(hubEndpoint);
    const first = alice.say('before I knew');
    world.until(() => alice.last('disconnected') !== undefined, 'word of it', 60_000);
    expect(alice.last('failed')).toMatchObject({id: first, reason: 'hub-silent'});
    const second = alice.say('now that I know');
    expect(alice.last('kept')).toEqual({type: 'kept', id: second});
    world.run(60_000 - world.network.now);
    for (const user of everybody) {
      expect(user.isConnected, `${user.nick} connected`).toBe(false);
      expect(user.of('disconnected')).toMatchObject([{reason: 'hub-silent'}]);
      expect(user.of('reconnecting').length).toBeGreaterThan(0);
    }
    world.restore(hubEndpoint);
    untilReconnected(world, everybody);
    // A kept text goes out by itself. Of a text that was under way, a copy may have arrived by now.
    const isDelivered = (id: number) => alice.of('delivered').some(event => event.id === id);
    world.until(() => isDelivered(second), 'the delivery');
    if (!isDelivered(first)) expect(alice.retry(first)).toBeUndefined();
    world.until(() => isDelivered(first), 'the other delivery');
    world.run(world.logMs);
    const said = world.applied.flatMap(({command}) =>
      command.type === 'say' ? [command.text] : [],
    );
    expect(said.filter(text => text === 'now that I know')).toHaveLength(1);
    // One that had failed may have arrived all the same: how often it is shown, settle() looks at.
    expect(said).toContain('before I knew');
  });

  for (const mode of setting.modes) {
    setting.scenario(`a silent client is out of its ${mode} room`, names, (users, world) => {
      const {alice, bob, carl, dora} = users;
      gather(world, [alice, bob, carl], mode);
      world.silence(carl.endpoint);
      const isNoticed = () =>
        world.hub.users === 3 &&
        alice.members?.join() === 'alice,bob' &&
        bob.members?.join() === 'alice,bob';
      world.until(isNoticed, 'the departure', noticedMs);
      sayAndWait(world, alice, 'without him');
      world.until(() => bob.texts('room').length === 1, 'the text');
      comeBack(world, carl, dora);
      expect(carl.members).toBeUndefined();
      expect(carl.last('room-left')?.reason).toBe('disconnected');
      expect(carl.texts('room')).toEqual([]);
    });

    setting.scenario(`with a silent client a ${mode} room closes`, names, (users, world) => {
      const {alice, bob} = users;
      gather(world, [alice, bob], mode);
      world.silence(bob.endpoint);
      world.until(() => alice.members === undefined, 'the end of the room', noticedMs);
      expect(alice.last('room-left')?.reason).toBe('closed');
      comeBack(world, bob, alice);
      expect(bob.members).toBeUndefined();
    });

    setting.scenario(
      `a ${mode} room after its hub was silent is what it seems`,
      names,
      (users, world) => {
        const {alice, bob, carl, dora} = users;
        const members = [alice, bob, carl] as const;
        const everybody = Object.values(users);
        gather(world, members, mode);
        world.silence(hubEndpoint);
        const silentAt = world.network.now;
        const first = alice.say('is the hub there?');
        const wasKept = () => alice.of('kept').length > 0;
        world.until(() => alice.engine.pending === 0 || wasKept(), 'its end');
        if (mode === 'decentralised') {
          expect(alice.last('delivered')?.id).toBe(first);
          for (const reader of [bob, carl]) expect(reader.texts('room')).toHaveLength(1);
        } else if (!wasKept()) {
          expect(alice.last('failed')).toMatchObject({id: first, reason: 'hub-silent'});
        }
        world.run(60_000 - (world.network.now - silentAt));
        expect(everybody.some(user => user.isConnected)).toBe(false);
        world.restore(hubEndpoint);
        untilReconnected(world, everybody);
        for (const user of members) {
          const isMember = user.members !== undefined;
          sayAndWait(world, user, `${user.nick} speaks`);
          const [readers, scope] = isMember
            ? ([members, 'room'] as const)
            : ([everybody, 'public'] as const);
          for (const reader of readers) {
            if (reader === user || (!isMember && reader.members !== undefined)) continue;
            const isRead = () => reader.texts(scope).includes(`${user.nick}: ${user.nick} speaks`);
            world.until(isRead, `${reader.nick} to hear ${user.nick}`);
          }
          expect(dora.texts('room')).toEqual([]);
        }
        for (const user of everybody) {
          expect(user.texts('public')).not.toContain('alice: is the hub there?');
        }
        const isDelivered = () => alice.of('delivered').some(({id}) => id === first);
        if (wasKept()) world.until(() => alice.engine.pending === 0, 'the end of what was kept');
        const retried = alice.retry(first);
        if (mode === 'decentralised' || isDelivered()) expect(retried).toBe('nothing-failed');
        else if (alice.of('room-left').length > 0) expect(retried).toBe('left-room');
        else world.until(isDelivered, 'the delivery');
      },
    );
  }
}

function comeBack(world: World, user: SimulatedUser, reader: SimulatedUser): void {
  world.restore(user.endpoint);
  const isBack = () => user.of('connected').length > 1 && seesTruth(world, user);
  world.until(isBack, `${user.nick} back`);
  world.until(() => reader.present.includes(user.nick), `${user.nick} on the list`);
  sayAndWait(world, user, 'here I am');
  world.until(() => reader.texts().includes(`${user.nick}: here I am`), 'the text');
}

function untilReconnected(world: World, users: readonly SimulatedUser[]): void {
  const areBack = () => users.every(user => user.isConnected && seesTruth(world, user));
  world.until(areBack, 'everybody back');
}
