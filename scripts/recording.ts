/**
 * Makes the film of the README from the real program: docs/recording.svg, and docs/recording.cast for `asciinema play`.
 * Two people, one above the other, a room from peer to peer, a member who does not answer for a while, and the journey of
 * a text. Needs a build.
 */
import {writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {blankCell, type Cell} from '../test/terminal/cell.ts';
import {key} from '../test/terminal/keys.ts';
import {chatTui, headless, startHub} from '../test/terminal/processes.ts';
import type {Terminal} from '../test/terminal/terminal.ts';
import {cast} from './cast.ts';
import {type Frame, film} from './svg.ts';

const docs = path.resolve(import.meta.dirname, '../docs');
const title = 'chat-tui: two people, a private room, and the journey of a text';
/** The last frame is shown for this time. */
const restMs = 3000;

const started: {dispose(): Promise<void>}[] = [];
async function record(): Promise<Frame[]> {
  const hub = await startHub();
  started.push({dispose: () => hub.stop()});
  const enter = async (nick: string, rows: number) => {
    const args = ['--server', hub.address, '--nick', nick];
    const terminal = chatTui(args, {columns: 104, rows});
    started.push(terminal);
    await terminal.waitFor('●');
    return terminal;
  };
  const alice = await enter('alice', 28);
  const bob = await enter('bob', 11);
  const carl = headless(['--server', hub.address, '--nick', 'carl']);
  started.push(carl);
  await carl.next('connected');

  const recorder = new Recorder([alice, bob]);
  await type(alice, 'salut bob ! Emma has her birthday on Saturday');
  await bob.waitFor('birthday');
  await type(bob, 'shall we find her something? With carl?');
  await alice.waitFor('with carl?'.slice(1));
  await type(alice, '/invite bob carl --decentralised');
  await carl.next('invitation');
  carl.write('/accept alice');
  await bob.waitFor('alice invites');
  await delay(700);
  await type(bob, '/accept');
  await carl.next('room-entered');
  await alice.waitFor('bob came');
  await type(bob, 'flowers? There is a stall near the canal');
  await alice.waitFor('canal');
  // Nothing that is sent to carl is confirmed now.
  carl.signal('SIGSTOP');
  await type(alice, 'calling them now');
  await alice.waitFor(/⟳ ?1\/2/);
  alice.write(`\u001b2`);
  await delay(500);
  alice.write(key.up);
  await delay(500);
  alice.write(key.enter);
  await delay(1200);
  carl.signal('SIGCONT');
  await alice.waitFor('2 of 2 have it');
  await delay(2000);
  alice.write(key.escape);
  await delay(700);
  await type(bob, 'parfait, merci');
  await alice.waitFor('parfait');
  await delay(1000);
  return recorder.stop();
}

/** As a person types. */
async function type(terminal: Terminal, text: string): Promise<void> {
  for (const character of text) {
    terminal.write(character);
    await delay(45);
  }
  await delay(250);
  terminal.write(key.enter);
  await delay(600);
}

/** Looks at the terminals ten times a second, and keeps what has changed. */
class Recorder {
  readonly #terminals: readonly Terminal[];
  readonly #frames: Frame[] = [];
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #last = '';

  constructor(terminals: readonly Terminal[]) {
    this.#terminals = terminals;
    this.#look();
    this.#timer = setInterval(() => this.#look(), 100);
  }

  stop(): Frame[] {
    clearInterval(this.#timer);
    this.#look();
    return this.#frames;
  }

  #look(): void {
    const rows = above(this.#terminals);
    const look = JSON.stringify(rows);
    if (look === this.#last) return;
    this.#last = look;
    const at = this.#frames.length === 0 ? 0 : Math.round(performance.now() - this.#startedAt);
    this.#frames.push({at, rows});
  }
}

/** The screens one above the other, with a row between them. */
function above(terminals: readonly Terminal[]): Cell[][] {
  return terminals.flatMap((terminal, index) => [
    ...(index === 0 ? [] : [Array.from({length: terminal.columns}, () => blankCell)]),
    ...Array.from({length: terminal.screen().length}, (_, row) =>
      Array.from({length: terminal.columns}, (_, column) => terminal.cell(column, row)),
    ),
  ]);
}

try {
  const frames = await record();
  await writeFile(path.join(docs, 'recording.cast'), cast(frames, title, restMs));
  await writeFile(path.join(docs, 'recording.svg'), film(frames, title, restMs));
  console.log(`docs/recording.svg, docs/recording.cast: ${frames.length} frames`);
} finally {
  await Promise.all(started.map(program => program.dispose()));
}
