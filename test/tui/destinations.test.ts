/**
 * Random drafts, pastes, commands, walks through what was sent, and changes of rooms: every word
 * remembers who it was written for, and a small model of the rooms says who reads it.
 */
import fc from 'fast-check';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import {type ConversationId, directIds, personOf} from '../../source/client/conversations.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import type {Feature} from '../../source/protocols/protocol.ts';
import {draftOf, type Question} from '../../source/tui/composer/composer.ts';
import {KeyReader} from '../../source/tui/input/keys.ts';
import {Screen} from '../../source/tui/screen.ts';
import {FakeClient, roomEntered, users} from './fake-client.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

type Step =
  | {readonly do: 'type'; readonly before: string}
  | {readonly do: 'say'}
  | {readonly do: 'begin'; readonly command: string}
  | {readonly do: 'paste'; readonly lines: readonly string[]; readonly isMarked: boolean}
  | {readonly do: 'press'; readonly keys: string}
  | {readonly do: 'happen'; readonly what: Happening}
  | {readonly do: 'wait'; readonly ms: number};

type Happening =
  | 'enter'
  | 'leave'
  | 'close'
  | 'link'
  | 'unlink'
  | 'unlinked'
  | 'move'
  | 'write'
  | 'forget';

const step: fc.Arbitrary<Step> = fc.oneof(
  {weight: 4, arbitrary: fc.record({do: fc.constant('type'), before: fc.constantFrom('', ' ')})},
  {weight: 3, arbitrary: fc.constant({do: 'say'} as const)},
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('begin'),
      command: fc.constantFrom(
        '/msg bob ',
        ' /MSG carol ',
        '/w bob ',
        '/query bob ',
        '/query carol ',
        '/reply ',
        '/me ',
        '/nick ',
        '/foo ',
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('paste'),
      lines: fc.array(fc.constantFrom('', '/quit', '/msg carol ', '/me ', '\t'), {
        minLength: 2,
        maxLength: 4,
      }),
      isMarked: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('press'),
      // Enter, Alt-Enter, ↑, ↓, Esc, Home, Ctrl-_, Tab, Alt and a digit, Alt-A, Alt-P, Ctrl-N, Ctrl-P, Ctrl-G; and ↑ with Enter.
      keys: fc.constantFrom(
        '\u001b[H',
        '\u001b[A\r',
        '\r',
        '\r',
        '\r',
        '\u001b\r',
        '\u001b[A',
        '\u001b[B',
        '\u001b',
        '\u001f',
        '\t',
        '\u001b1',
        '\u001b2',
        '\u001b5',
        '\u001b6',
        '\u001ba',
        '\u001bp',
        '\u000e',
        '\u0010',
        '\u0007',
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('happen'),
      what: fc.constantFrom<Happening>(
        'enter',
        'leave',
        'close',
        'link',
        'unlink',
        'unlinked',
        'move',
        'write',
        'forget',
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({do: fc.constant('wait'), ms: fc.constantFrom(1, 40, 200, 3000)}),
  },
);

/** The private room or the other end of a private connection, as `room 1`, `link bob`; nobody if there is neither. */
class Rooms {
  hub = 1;
  rooms = 0;
  /** The private conversation there is, or was last. */
  private: string | undefined;

  /** The readers of that conversation. */
  readers(conversation: ConversationId): string {
    const person = personOf(conversation);
    if (person !== undefined) return `${person} ${this.hub}`;
    return conversation === 'public' ? `public ${this.hub}` : `${this.private} ${this.hub}`;
  }
}

const anybody = 'anybody';

/** The words in a text, by their numbers. */
function wordsOf(text: string): number[] {
  return [...text.matchAll(/w(\d+)w/g)].map(([, number]) => Number(number));
}

test('no text reaches anybody it was not written for', () => {
  fc.assert(
    fc.property(fc.array(step, {minLength: 5, maxLength: 60}), steps => run(steps)),
    {numRuns: 400},
  );
});

/** The readers whom a question on the screen names. */
function personIn(question: Question | undefined): string | undefined {
  if (question?.about !== 'lines' && question?.about !== 'readers') return undefined;
  const to = question.about === 'readers' ? question.to : question.reading.letters[0]?.to;
  return typeof to === 'object' ? to.nick : undefined;
}

function run(steps: readonly Step[]): void {
  const client = new FakeClient();
  const features = new Set<Feature>(['invitations', 'direct-messages', 'links']);
  client.state = {...client.state, features};
  client.tell(users('alice', 'bob', 'carol'));
  const screen = new Screen({
    client,
    commands,
    size: {columns: 120, rows: 40},
    terminal: {
      ring() {},
      repaint() {},
      suspend() {},
      isBehind: () => false,
      edit: async text => ({text}),
      guests: () => 0,
      leave: () => expect.unreachable('it left'),
    },
  });
  const reader = new KeyReader();
  const model = new Rooms();
  /** The readers whom each word may reach: those of a conversation, or one person. */
  const meant: string[] = [];
  const press = (keys: string) => {
    screen.onKeys(reader.read(new TextEncoder().encode(keys), performance.now()));
    if (keys === '\u001b') screen.onKeys(reader.onTime(performance.now() + 50));
  };
  const draft = () => draftOf(screen.composer.get()).text;
  /** A new word, for the readers whom the draft names at that moment. */
  const word = () => {
    const {conversation} = screen.composer.get();
    const text = draft().trimStart().toLowerCase();
    const [, person] = /^\/(?:msg|w|query) (bob|carol) /.exec(text) ?? [];
    const {directWriter} = client.state;
    const isReply = text.startsWith('/reply ');
    const named = isReply ? directWriter : person;
    // To whoever will have written by then.
    const isForAny = isReply && directWriter === undefined;
    const readers = model.readers(named === undefined ? conversation : `@${named}`);
    meant.push(isForAny ? anybody : readers);
    return `w${meant.length - 1}w`;
  };
  const isBeforeCommand = () => {
    const {text, cursor} = draftOf(screen.composer.get());
    return /^\s*\//.test(text) && cursor <= text.indexOf('/');
  };
  /** Where one would change the command, or the name in it. */
  const isInHead = () => {
    const {text, cursor} = draftOf(screen.composer.get());
    const head = /^\s*\/(?:(?:msg|w|query) (?:bob|carol)|reply|me|nick|foo) /i.exec(text)?.[0]
      .length;
    return /^\s*\/(?!\/)/.test(text) && cursor < (head ?? text.length + 1) && !isBeforeCommand();
  };
  const type = (before: string) => {
    // Text typed before a command makes it a text, and the user can see that.
    if (isInHead() || isBeforeCommand()) return;
    for (const character of before + word()) press(character);
  };
  let confirmed: string | undefined;
  client.onEvent(event => {
    if (event.type !== 'sent') return;
    const {scope, to, text} = event;
    const reached = model.readers(
      scope === 'direct' ? `@${to}` : scope === 'public' ? 'public' : 'room',
    );
    if (scope === 'link') expect(`link ${to} ${model.hub}`).toBe(reached);
    for (const number of wordsOf(text)) {
      if (reached === confirmed) meant[number] = reached;
      const isNarrower = scope === 'direct' && meant[number]?.startsWith('public');
      if (reached !== meant[number] && meant[number] !== anybody && !isNarrower) {
        expect.fail(`w${number}w was written for ${meant[number]}, and read by ${reached}`);
      }
    }
  });

  for (const one of steps) {
    const {question} = screen.composer.get();
    // Somebody else may be replied to only after a question that names them.
    const asked = personIn(question);
    confirmed = asked === undefined ? undefined : model.readers(`@${asked}`);
    switch (one.do) {
      case 'type':
        type(one.before);
        break;
      case 'say':
        type('');
        press('\r');
        break;
      case 'begin':
        while (draft() !== '' || screen.composer.get().question !== undefined) press('\u0003');
        for (const character of one.command) press(character);
        break;
      case 'paste': {
        if (isInHead()) break;
        const text = one.lines.map(line => `${line}${word()}`);
        press(one.isMarked ? `\u001b[200~${text.join('\n')}\u001b[201~` : `${text.join('\r')}\r`);
        break;
      }
      case 'press':
        if (one.keys === '\u001b\r' && isInHead()) break;
        press(one.keys);
        break;
      case 'wait':
        vi.advanceTimersByTime(one.ms);
        break;
      case 'happen':
        happen(one.what, client, model);
    }
  }
  screen.dispose();
}

function happen(what: Happening, client: FakeClient, model: Rooms): void {
  const {room, link, server, directWriter} = client.state;
  const tell = (...events: readonly EngineEvent[]) => client.tell(...events);
  const isFree = room === undefined && link === undefined;
  switch (what) {
    case 'enter':
      if (link !== undefined) return;
      model.private = `room ${++model.rooms}`;
      tell(roomEntered('alice', 'bob'));
      break;
    case 'leave':
    case 'close':
      if (room !== undefined)
        tell({type: 'room-left', reason: what === 'leave' ? 'left' : 'closed'});
      break;
    case 'link': {
      if (!isFree) return;
      const nick = model.private === 'link bob' ? 'carol' : 'bob';
      model.private = `link ${nick}`;
      tell({type: 'link-opened', nick});
      break;
    }
    case 'unlink':
      if (link !== undefined) tell({type: 'link-closed', nick: link.nick});
      break;
    case 'unlinked':
      if (link !== undefined) tell({type: 'unlinked', nick: link.nick});
      break;
    case 'move': {
      if (!isFree) return;
      model.hub++;
      const next = `${server.replace(/#.*/, '')}#${model.hub}`;
      tell({type: 'connection', connection: {phase: 'connecting'}, server: next, nick: 'alice'});
      tell({type: 'connection', connection: {phase: 'connected'}, server: next, nick: 'alice'});
      break;
    }
    case 'forget': {
      const [conversation] = directIds(client.state.conversations);
      if (conversation !== undefined) tell({type: 'conversation-closed', conversation});
      break;
    }
    case 'write': {
      const from = directWriter === 'bob' ? 'carol' : 'bob';
      tell({type: 'message', scope: 'direct', from, text: 'psst'});
    }
  }
}
