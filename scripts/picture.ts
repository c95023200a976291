/**
 * Makes the pictures of the README from screens of the real program: docs/journey.svg, a hub with four people, a
 * little story, and the journey of the last text in it; and docs/bridge.svg, a hub and five clients, each with another
 * protocol. Needs a build. The times in the pictures are those of the day when they were made.
 */
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {blankCell, type Cell} from '../test/terminal/cell.ts';
import {alt, key} from '../test/terminal/keys.ts';
import {chatTui, headless, startHub} from '../test/terminal/processes.ts';
import type {Terminal, TerminalOptions} from '../test/terminal/terminal.ts';
import {svg} from './svg.ts';

const docs = path.resolve(import.meta.dirname, '../docs');

const started: {dispose(): Promise<void>}[] = [];
try {
  const hub = await startHub();
  started.push({dispose: () => hub.stop()});
  const {alice, carl} = await play(hub.address);
  await openJourney(alice, carl);
  await make('journey.svg', cells(alice), 'chat-tui: the journey of a message in a private room');
  await make(
    'bridge.svg',
    tiled(await meet()),
    'chat-tui: five protocols in one chat, and the hub',
  );
} finally {
  await Promise.all(started.map(program => program.dispose()));
}

async function make(name: string, rows: readonly (readonly Cell[])[], title: string) {
  await writeFile(path.join(docs, name), svg(rows, title));
  const text = rows.map(row =>
    row.map(cell => (cell.width === 0 ? '' : cell.text || ' ')).join(''),
  );
  console.log(`docs/${name}\n${text.map(line => line.trimEnd()).join('\n')}`);
}

/** Each step waits for the result of the one before, so that the picture is the same each time. */
async function play(server: string): Promise<{alice: Terminal; carl: Person}> {
  const hugo = await enter(server, 'hugo');
  const emma = await enter(server, 'emma');
  const alice = await enterOnScreen(server, 'alice', {columns: 120, rows: 30});
  const carl = await enter(server, 'carl');
  await alice.waitFor('carl came');

  const says = async (person: Person, text: string) => {
    person.write(text);
    // The pane may break the line after these characters.
    await alice.waitFor(text.slice(0, 12));
  };
  const deliveries = () => alice.screen().join('').match(/✓+/g)?.length ?? 0;
  const aliceSays = async (text: string) => {
    const before = deliveries();
    alice.write(text + key.enter);
    await alice.waitFor(() => deliveries() > before);
  };

  await says(hugo, 'salut tout le monde');
  await says(emma, 'hi! Lunch by the canal today?');
  await says(hugo, 'avec plaisir, à midi et demi ?');
  await aliceSays('half past twelve is fine with me');
  await says(emma, 'super, I will book a table 🎉');
  emma.write('/invite alice');
  await alice.waitFor('Invitations 1');

  alice.write(`/invite hugo carl --decentralised${key.enter}`);
  for (const person of [hugo, carl]) {
    await person.next('invitation');
    person.write('/accept alice');
    await person.next('room-entered');
  }
  await alice.waitFor(/peer to peer · .*carl/);
  await says(hugo, 'un cadeau pour Emma ?');
  await aliceSays('oui ! Flowers?');
  await says(carl, 'I know a good florist');
  await aliceSays('parfait, merci');
  // The list comes every few seconds.
  await alice.waitFor(/hugo +here/);
  return {alice, carl};
}

/** Writes a text that carl does not confirm, and opens its journey. */
async function openJourney(alice: Terminal, carl: Person): Promise<void> {
  carl.signal('SIGSTOP');
  alice.write(`calling them now${key.enter}`);
  await alice.waitFor(/calling them now +⟳ 1\/2/);
  alice.write(alt('2'));
  await alice.waitFor('choose a message');
  alice.write(key.up);
  await alice.waitFor(/▸.*calling them now/);
  alice.write(key.enter);
  await alice.waitFor('fourth try');
}

type Person = Awaited<ReturnType<typeof enter>>;

async function enter(server: string, nick: string) {
  const person = headless(['--server', server, '--nick', nick]);
  started.push(person);
  await person.next('connected');
  return person;
}

async function enterOnScreen(
  server: string,
  nick: string,
  size: TerminalOptions,
): Promise<Terminal> {
  const terminal = chatTui(['--server', server, '--nick', nick], size);
  started.push(terminal);
  await terminal.waitFor('●');
  return terminal;
}

/** People of five protocols in one public room, three of them in one private room; and the hub's log. */
async function meet(): Promise<Terminal[]> {
  const size = {columns: 72, rows: 16};
  const hub = chatTui(['serve', '--host', '127.0.0.1', '--port', '0'], size);
  started.push(hub);
  await hub.waitFor('cosp tcp');
  const addresses = hub.screen().flatMap(line => {
    const [, protocol, address] = /^(\w+) \w+ (\S+)$/.exec(line) ?? [];
    return protocol === undefined ? [] : `${protocol}://${address}`;
  });
  const nicks = ['rosa', '李雷', 'jean-pierre_dupont', 'Zoë', 'Marie Durand'];
  const people: Terminal[] = [];
  for (const [index, nick] of nicks.entries()) {
    people.push(await enterOnScreen(addresses[index] ?? '', nick, size));
  }
  const [rosa, lilei, jean, zoe, marie] = people as [
    Terminal,
    Terminal,
    Terminal,
    Terminal,
    Terminal,
  ];
  const say = async (author: Terminal, text: string, reader: Terminal) => {
    author.write(text + key.enter);
    await reader.waitFor(text.replace(/^\/msg \S+ /, '').slice(0, 10));
  };
  await say(rosa, 'salut tout le monde', lilei);
  await say(lilei, '你好 !', zoe);
  await say(zoe, 'bonjour à tous', marie);
  await say(marie, '/msg rosa ce soir ?', rosa);
  rosa.write(`/invite jeanpierre${key.enter}`);
  await jean.waitFor('rosa invites you');
  jean.write(`/accept${key.enter}`);
  await jean.waitFor('You are in');
  jean.write(`/invite LiLei${key.enter}`);
  await lilei.waitFor('invites you');
  lilei.write(`/accept${key.enter}`);
  await lilei.waitFor('You are in');
  await rosa.waitFor('LiLei came');
  await say(lilei, 'entre nous', rosa);
  await say(jean, 'oui, à trois', lilei);
  await say(zoe, 'il fait beau', marie);
  await zoe.waitFor(/il fait beau +✓/);
  marie.write(`/query 李雷 et toi ?${key.enter}`);
  await marie.waitFor('cannot be reached');
  return [...people, hub];
}

/** Two screens a row, with a column between them, and a row between those. */
function tiled(terminals: readonly Terminal[]): Cell[][] {
  const screens = terminals.map(cells);
  return Array.from({length: Math.ceil(screens.length / 2)}, (_, row) => {
    const [left = [], right = []] = screens.slice(2 * row, 2 * row + 2);
    const line = left.map((cellsOfLeft, index) => [
      ...cellsOfLeft,
      blankCell,
      blankCell,
      ...(right[index] ?? []),
    ]);
    return row === 0 ? line : [[blankCell], ...line];
  }).flat();
}

function cells(terminal: Terminal): Cell[][] {
  const rows = terminal.screen().length;
  return Array.from({length: rows}, (_, row) =>
    Array.from({length: terminal.columns}, (_, column) => terminal.cell(column, row)),
  );
}
