/** Random users of random protocols do random things: everything they see has to agree with the model. */
import assert from 'node:assert/strict';
import {describe, expect, test} from 'vitest';
import {protocols} from '../../source/protocols/index.ts';
import type {Mode} from '../../source/protocols/protocol.ts';
import {bad, on, quicken} from './conditions.ts';
import {type Expected, Model} from './mixed/model.ts';
import {type Person, people} from './mixed/people.ts';
import {areOwnSeeds, seeds} from './random.ts';
import {type Conditions, type SimulatedUser, World} from './world.ts';

const networks = [
  ...on('a good network', {}, seeds(1, 2, 3, 4, 5, 6)),
  ...on('a bad network', bad, seeds(1, 2, 3, 4)),
];

const rounds = 200;

/** Longer than any message is repeated, and longer than the time between two requests for a list. */
const quietMs = 21_000;
/**
 * Longer than any protocol lets somebody be silent. No sum of the two comes near the five minutes of an
 * invitation, which begin later at the hub than in the model.
 */
const deathMs = 125_000;

const roomNames = ['équipe', 'rosa', 'projet'];
const [first, ...others] = protocols;

class Session {
  readonly world: World;
  readonly model = new Model();
  readonly users = new Map<Person, SimulatedUser>();
  /** Everything that was done, for the reader of a failure. */
  readonly story: string[] = [];
  readonly #read = new Map<SimulatedUser, number>();
  #texts = 0;

  constructor(seed: number, conditions: Conditions) {
    if (first === undefined) throw new Error('no protocol');
    this.world = new World(first, seed, conditions, others);
    quicken(this.world);
  }

  /** One thing that somebody does, or several texts at once; and what everybody sees of it. */
  round(): void {
    const {world, model} = this;
    const {random} = world;
    model.expire(world.network.now);
    const absent = people.filter(person => !model.present.includes(person));
    const choice = random.next();
    if (model.present.length < 4 || (choice < 0.1 && absent.length > 0)) {
      this.#connect(random.pick(absent));
    } else if (choice < 0.13) this.#disconnect(random.pick(model.present));
    else if (choice < 0.15) this.#kill(random.pick(model.present));
    else if (choice < 0.32) this.#talk();
    else if (choice < 0.45) this.#tell();
    else if (choice < 0.5) this.#create();
    else if (choice < 0.55) this.#join();
    else if (choice < 0.75) this.#invite();
    else if (choice < 0.94) this.#answer();
    else this.#leave();
    this.#rest();
    for (const person of model.present) this.#compare(person);
  }

  #user(person: Person): SimulatedUser {
    const user = this.users.get(person);
    if (user === undefined) throw new Error(`${person.nick} is not here`);
    return user;
  }

  #rest(): void {
    this.world.run(quietMs);
    for (const person of this.model.present) this.#user(person).list();
    this.world.run(quietMs);
  }

  #note(...words: readonly string[]): void {
    this.story.push(words.join(' '));
  }

  #connect(person: Person): void {
    const user = this.world.add(person.nick, person.protocol);
    user.start();
    const isIn = this.model.connect(person);
    this.#note(person.nick, isIn ? 'comes' : 'is refused');
    this.world.run(quietMs);
    if (isIn) {
      this.users.set(person, user);
      // They do not get earlier texts.
      this.#read.set(user, 0);
    } else {
      assert.equal(user.last('refused')?.reason, 'nickname-in-use');
      user.close();
    }
  }

  #disconnect(person: Person): void {
    this.#note(person.nick, 'goes');
    this.#user(person).close();
    this.users.delete(person);
    this.model.disconnect(person);
  }

  #kill(person: Person): void {
    this.#note(person.nick, 'is killed');
    this.world.kill(this.#user(person));
    this.users.delete(person);
    this.model.disconnect(person);
    this.world.run(deathMs);
  }

  /** Some say something, all at once. */
  #talk(): void {
    const {random} = this.world;
    for (let count = 1 + Math.floor(random.next() * 4); count > 0; count--) {
      const author = random.pick(this.model.present);
      const text = this.#text(author);
      this.#note(author.nick, 'says', text.slice(0, 30));
      this.#user(author).say(text);
      this.model.say(author, text);
    }
  }

  /** A text that was not there before; sometimes as long as its author can write it. */
  #text({protocol}: Person): string {
    const {random} = this.world;
    const beginning = `${++this.#texts} `;
    if (random.chance(0.8)) return `${beginning}salut`;
    const filling = random.pick(['mot ', 'mot\n', 'x', '👩‍👩‍👧', 'é̂́']);
    const bytes = Math.floor(random.next() * (protocol.maximumTextBytes - beginning.length));
    return beginning + filling.repeat(Math.floor(bytes / Buffer.byteLength(filling)));
  }

  #tell(): void {
    const {world, model} = this;
    const authors = model.present.filter(({protocol}) => protocol.features.has('direct-messages'));
    if (authors.length === 0) return;
    const author = world.random.pick(authors);
    const reader = world.random.pick(model.present.filter(person => person !== author));
    const text = this.#text(author);
    const name = model.called(reader, author);
    const isHeard = model.tell(author, reader, text);
    this.#note(author.nick, 'tells', reader.nick, text.slice(0, 30), isHeard ? '' : 'in vain');
    const user = this.#user(author);
    const id = user.tell(name, text);
    world.run(quietMs);
    const end = [...user.of('delivered'), ...user.of('failed')].find(event => event.id === id);
    assert.equal(end?.type, isHeard ? 'delivered' : 'failed');
  }

  #pick(condition: (person: Person) => boolean): Person | undefined {
    const possible = this.model.present.filter(condition);
    return possible.length === 0 ? undefined : this.world.random.pick(possible);
  }

  #mode(): Mode {
    return this.world.random.chance(0.7) ? 'centralised' : 'decentralised';
  }

  #create(): void {
    const person = this.#pick(({protocol}) => protocol.features.has('named-rooms'));
    if (person === undefined) return;
    const [name, mode] = [this.world.random.pick(roomNames), this.#mode()];
    const isOpened = this.model.create(person, name, mode);
    this.#note(person.nick, 'creates', mode, name, isOpened ? '' : 'in vain');
    const user = this.#user(person);
    const errors = user.of('error').length;
    user.createRoom(name, mode, 254);
    this.world.run(quietMs);
    const codes = user
      .of('error')
      .slice(errors)
      .map(({code}) => code);
    assert.deepEqual(codes, isOpened ? [] : ['room-name-in-use']);
  }

  #join(): void {
    const person = this.#pick(({protocol}) => protocol.features.has('named-rooms'));
    if (person === undefined) return;
    const name = this.world.random.pick(roomNames);
    const isOwn = this.model.roomOf(person)?.title === name;
    const isNew = !isOwn && this.model.join(person, name);
    this.#note(person.nick, 'joins', name, isNew ? '' : 'in vain');
    const user = this.#user(person);
    const errors = user.of('error').length;
    user.joinRoom(name);
    this.world.run(quietMs);
    const codes = user
      .of('error')
      .slice(errors)
      .map(({code}) => code);
    assert.deepEqual(codes, isNew ? [] : [isOwn ? 'already-in-room' : 'no-such-room']);
  }

  #invite(): void {
    const {world, model} = this;
    const inviter = this.#pick(
      person =>
        person.protocol.features.has('invitations') &&
        (!person.protocol.features.has('named-rooms') || model.roomOf(person) !== undefined),
    );
    // Mostly those who have rooms themselves.
    const isAny = world.random.chance(0.2);
    const invitee = this.#pick(
      person => person !== inviter && (isAny || person.protocol.features.has('invitations')),
    );
    if (inviter === undefined || invitee === undefined) return;
    const mode = this.#mode();
    const outcome = model.invite(inviter, invitee, mode, world.network.now);
    this.#note(inviter.nick, 'invites', invitee.nick, mode, outcome);
    const user = this.#user(inviter);
    const before = user.events.length;
    user.invite([model.called(invitee, inviter)], mode);
    world.run(quietMs);
    const answers = user.events.slice(before).flatMap(event => {
      if (event.type === 'error') return event.code;
      return event.type === 'invitation-answer' ? (event.accepted ? 'accepted' : 'declined') : [];
    });
    assert.deepEqual(answers, outcome === 'invited' ? [] : [outcome]);
    if (outcome !== 'invited') return;
    const invitation = this.#user(invitee).last('invitation');
    assert.equal(invitation?.from, model.called(inviter, invitee));
    const room = model.roomOf(inviter);
    assert.equal(invitation.mode, room?.mode ?? mode);
    const title = room?.title ?? model.called(inviter, invitee);
    assert.equal(invitation.room, invitee.protocol.name === 'messagerie' ? title : undefined);
  }

  /** Somebody answers an invitation that they see, which may be over. */
  #answer(): void {
    const {world, model} = this;
    const seen = model.present.flatMap(invitee => {
      const user = this.#user(invitee);
      const inviters = new Set(user.of('invitation').map(({from}) => from));
      return [...inviters].filter(from => user.isInvitedBy(from)).map(from => ({invitee, from}));
    });
    if (seen.length === 0) return;
    const {invitee, from} = world.random.pick(seen);
    const inviter = model.present.find(person => model.called(person, invitee) === from);
    const isAccepted = world.random.chance(0.85);
    const isPending = inviter !== undefined && model.isInvited(invitee, inviter);
    const verb = isAccepted ? 'accepts' : 'declines';
    this.#note(invitee.nick, verb, from, isPending ? '' : 'too late');
    this.#user(invitee).answer(from, isAccepted);
    if (isAccepted) model.accept(invitee, inviter);
    if (inviter === undefined) return;
    if (!isAccepted) model.decline(invitee, inviter);
    world.run(quietMs);
    if (!isPending || isAccepted) return;
    const answer = this.#user(inviter).last('invitation-answer');
    assert.deepEqual([answer?.nick, answer?.accepted], [model.called(invitee, inviter), false]);
  }

  #leave(): void {
    const person = this.#pick(one => this.model.roomOf(one) !== undefined);
    if (person === undefined) return;
    this.#note(person.nick, 'leaves');
    this.#user(person).leave();
    this.model.leave(person);
  }

  #compare(person: Person): void {
    const {model} = this;
    const user = this.#user(person);
    const known = (persons: readonly Person[]) =>
      persons.map(other => model.called(other, person)).toSorted();
    const about = `as ${person.nick} sees it`;
    assert.ok(user.isConnected, `connected, ${about}`);
    assert.deepEqual(user.present, known(model.present), `who is here, ${about}`);
    if (['res302', 'shen'].includes(person.protocol.name)) {
      const inRooms = (user.last('users')?.users ?? []).filter(({status}) => status === 'room');
      assert.deepEqual(
        inRooms.map(({nick}) => nick).toSorted(),
        known(model.present.filter(other => model.roomOf(other) !== undefined)),
        `who is in a room, ${about}`,
      );
    }
    const room = model.roomOf(person);
    assert.equal(user.room?.mode, room?.mode, `the room, ${about}`);
    assert.deepEqual(user.members, room && known(room.members), `who is in the room, ${about}`);
    if (person.protocol.name === 'messagerie') assert.equal(user.room?.name, room?.title);
    this.#compareTexts(person, user, about);
  }

  #compareTexts(person: Person, user: SimulatedUser, about: string): void {
    const messages = user.of('message');
    const read = messages.slice(this.#read.get(user) ?? 0);
    this.#read.set(user, messages.length);
    const {maximumTextBytes} = person.protocol;
    const pieces = [...read];
    // Texts of several people come in any order, those of one person in the order in which they were said.
    for (const expected of this.model.takeTexts(person)) {
      // Some protocols have lines of text, and so spaces in place of line breaks.
      const text = expected.text.replaceAll('\n', ' ');
      let heard = '';
      while (heard !== text) {
        const index = pieces.findIndex(({from}) => from === expected.from);
        const [piece] = index < 0 ? [] : pieces.splice(index, 1);
        assert.ok(piece !== undefined, `${expected.from}: ${text.slice(0, 40)}, ${about}`);
        assert.equal(piece.scope, expected.scope, `where ${piece.text} is said, ${about}`);
        assert.ok(Buffer.byteLength(piece.text) <= maximumTextBytes);
        heard += unmarked(piece.text, expected).replaceAll('\n', ' ');
        assert.ok(text.startsWith(heard), `${heard.slice(0, 40)}, ${about}`);
      }
    }
    assert.deepEqual(pieces, [], `what nobody has said, ${about}`);
  }
}

function unmarked(text: string, {isMarked}: Expected): string {
  const mark = isMarked ? '(private) ' : '';
  assert.ok(text.startsWith(mark));
  return text.slice(mark.length);
}

describe.each(networks)('a session on $network, seed $seed', ({seed, conditions}) => {
  test(`everybody sees what the model says, ${rounds} times`, () => {
    const session = new Session(seed, conditions);
    try {
      for (let round = 0; round < rounds; round++) session.round();
    } catch (error) {
      const story = session.story.slice(-25).join('\n');
      throw new Error(`seed ${seed}, after:\n${story}\n${error}`, {cause: error});
    }
    if (!areOwnSeeds) return;
    // The session has shown what it is for.
    const words = session.story.join('\n');
    for (const word of ['comes', 'says', 'tells', 'declined', 'accepts', 'joins']) {
      expect(words).toContain(word);
    }
  }, 60_000);
});
