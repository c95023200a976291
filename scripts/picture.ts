/**
 * Makes docs/screen.svg from the screen of the real program: a hub, four people, a little story.
 * Needs a build; the times in it are those of the day it was made.
 */
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {key} from '../test/terminal/keys.ts';
import {chatTui, headless, startHub} from '../test/terminal/processes.ts';
import type {Terminal} from '../test/terminal/terminal.ts';
import {svg} from './svg.ts';

const file = path.resolve(import.meta.dirname, '../docs/screen.svg');
const columns = 104;
const rows = 26;

const started: {dispose(): Promise<void>}[] = [];
try {
  const hub = await startHub();
  started.push({dispose: () => hub.stop()});
  const alice = await play(hub.address);
  await mkdir(path.dirname(file), {recursive: true});
  await writeFile(
    file,
    svg(cells(alice), 'chat-tui: public chat, a private room, users, invitations'),
  );
  console.log(`${path.relative('.', file)}\n${alice.screen().join('\n')}`);
} finally {
  await Promise.all(started.map(program => program.dispose()));
}

/** Each step waits for what it needs from the one before, so that the picture is the same each time. */
async function play(server: string): Promise<Terminal> {
  const hugo = await enter(server, 'hugo');
  const emma = await enter(server, 'emma');
  const alice = await enterOnScreen(server, 'alice');
  const carl = await enter(server, 'carl');
  await alice.waitFor('carl arrived');

  const says = async (person: Person, text: string) => {
    person.write(text);
    // The pane may break the line after that.
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
  await alice.waitFor('decentralised · 3');
  await says(hugo, 'un cadeau pour Emma ?');
  await aliceSays('oui ! Flowers?');
  await says(carl, 'I know a good florist');
  await aliceSays('parfait, merci');
  // The list comes every few seconds.
  await alice.waitFor(/hugo +room/);
  return alice;
}

type Person = Awaited<ReturnType<typeof enter>>;

async function enter(server: string, nick: string) {
  const person = headless(['--server', server, '--nick', nick]);
  started.push(person);
  await person.next('connected');
  return person;
}

async function enterOnScreen(server: string, nick: string): Promise<Terminal> {
  const terminal = chatTui(['--server', server, '--nick', nick], {columns, rows});
  started.push(terminal);
  await terminal.waitFor('●');
  return terminal;
}

function cells(terminal: Terminal) {
  return Array.from({length: rows}, (_, row) =>
    Array.from({length: columns}, (_, column) => terminal.cell(column, row)),
  );
}
