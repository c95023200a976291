/** One hub and real clients of five protocols, whose names fit few of them. */
import {expect, test} from 'vitest';
import {type Client, hears, say} from './conversation.ts';
import {gathering} from './gathering.ts';

const people = gathering();
const {start, connected} = people;

/** Waits for a list that names those people and nobody else. */
async function lists(reader: Client, ...nicks: readonly string[]): Promise<void> {
  reader.write('/list');
  await reader.next('users', ({users}) => {
    const names = users.map(({nick}) => nick);
    return names.toSorted().join() === nicks.toSorted().join();
  });
}

test('five protocols, one public room: everybody is read, listed and found by a name of the reader', async () => {
  const rosa = await connected('res302', 'rosa');
  const lilei = await connected('messagerie', '李雷');
  const dupont = await connected('shen', 'jean-pierre_dupont');
  const durand = await connected('shen', 'jean-pierre_durand');
  const zoe = await connected('whoiam', 'Zoë');
  const marie = await connected('cosp', 'Marie Durand');
  await Promise.all([
    lists(rosa, 'rosa', 'LiLei', 'jeanpierre', 'jeanpierr2', 'Zoe', 'MarieDuran'),
    lists(lilei, 'rosa', '李雷', 'jean-pierr', 'jean-pier2', 'Zoë', 'Marie Dura'),
    lists(
      dupont,
      'rosa',
      'LiLei',
      'jean-pierre_dupont',
      'jean-pierre_durand',
      'Zoe',
      'MarieDurand',
    ),
    lists(zoe, 'rosa', '李雷', 'jean-pierre_dupont', 'jean-pierre_durand', 'Zoë', 'MarieDurand'),
    lists(marie, 'rosa', '李雷', 'jean-pierre_dupont', 'jean-pierre_durand', 'Zoë', 'Marie Durand'),
  ]);
  await say(durand, 'salut tout le monde');
  await hears(rosa, 'jeanpierr2', 'salut tout le monde', 'public');
  await hears(lilei, 'jean-pier2', 'salut tout le monde', 'public');
  await hears(dupont, 'jean-pierre_durand', 'salut tout le monde', 'public');
  await hears(zoe, 'jean-pierre_durand', 'salut tout le monde', 'public');
  await hears(marie, 'jean-pierre_durand', 'salut tout le monde', 'public');
  await say(lilei, '你好');
  await hears(rosa, 'LiLei', '你好', 'public');
  await hears(zoe, '李雷', '你好', 'public');

  // Directly, to somebody whose protocol has no word for it.
  await say(marie, 'psst', '/msg rosa psst');
  await hears(rosa, 'Marie Durand'.replace(' ', '').slice(0, 10), '(private) psst', 'public');
  await say(zoe, 'psst aussi', '/msg marieDURAND psst aussi');
  await hears(marie, 'Zoë', 'psst aussi', 'direct');

  // A name that somebody is called by already is in use there, and there alone.
  expect((await start('res302', 'jeanpierre').next('refused')).reason).toBe('nickname-in-use');
  expect((await start('shen', 'ROSA').next('refused')).reason).toBe('nickname-in-use');

  rosa.write('/invite Zoe');
  expect(await rosa.next('invitation-answer')).toMatchObject({nick: 'Zoe', accepted: false});
  rosa.write('/invite jeanpierre --decentralised');
  expect(await rosa.next('invitation-answer')).toMatchObject({nick: 'jeanpierre', accepted: false});
  marie.write('/link Zoë');
  expect(await marie.next('invitation-answer')).toMatchObject({nick: 'Zoë', accepted: false});

  // All protocols that tell departures tell this one.
  rosa.end();
  expect((await rosa.exited).code).toBe(0);
  await zoe.next('users', ({users}) => users.every(({nick}) => nick !== 'rosa'));
  await marie.next('users', ({users}) => users.every(({nick}) => nick !== 'rosa'));
}, 60_000);

test('three protocols share a room, which two others cannot reach into', async () => {
  const rosa = await connected('res302', 'rosa');
  const jean = await connected('shen', 'jean-pierre_dupont');
  const lilei = await connected('messagerie', '李雷');
  const zoe = await connected('whoiam', 'Zoë');
  const marie = await connected('cosp', 'Marie Durand');

  rosa.write('/invite jeanpierre');
  expect(await jean.next('invitation')).toMatchObject({from: 'rosa', mode: 'centralised'});
  jean.write('/accept');
  await jean.next('room-entered', ({members}) => members.includes('rosa'));
  expect(await rosa.next('invitation-answer')).toMatchObject({nick: 'jeanpierre', accepted: true});
  jean.write('/invite LiLei');
  expect(await lilei.next('invitation')).toMatchObject({from: 'jean-pierr', room: 'rosa'});
  lilei.write('/accept');
  expect((await lilei.next('room-entered')).members.toSorted()).toEqual([
    'jean-pierr',
    'rosa',
    '李雷',
  ]);
  await rosa.next('room-members', ({members}) => members.length === 3);
  await say(lilei, 'entre nous');
  await hears(rosa, 'LiLei', 'entre nous', 'room');
  await hears(jean, 'LiLei', 'entre nous', 'room');
  const long = 'mot '.repeat(240).trim();
  await say(lilei, long);
  await rosa.next('message', ({text}) => text === long.slice(0, 500));
  await rosa.next('message', ({text}) => text === long.slice(500));

  for (const [author, name] of [
    [zoe, 'rosa'],
    [marie, '李雷'],
  ] as const) {
    author.write(`/msg ${name} tu viens ?`);
    expect(await author.next('failed')).toMatchObject({reason: 'recipient-in-room'});
  }
  await say(zoe, 'il fait beau');
  await hears(marie, 'Zoë', 'il fait beau', 'public');

  // The hub's log tells who it was, from where, in what language, and why they left.
  expect(await people.hub.logged('connected', 'jean-pierre_dupont')).toMatchObject({
    protocol: 'shen',
    host: '127.0.0.1',
    aliases: {res302: 'jeanpierre', messagerie: 'jean-pierr'},
  });
  lilei.signal('SIGKILL');
  rosa.write('/quit');
  expect(await people.hub.logged('left', 'rosa')).toMatchObject({
    protocol: 'res302',
    reason: 'disconnected',
  });
  await jean.next('room-members', ({members}) => !members.includes('rosa'));
  jean.write('/leave');
  await jean.next('room-left', ({reason}) => reason === 'left');
}, 60_000);
