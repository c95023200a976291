import {describe, expect, test} from 'vitest';
import type {CommandHost} from '../../source/client/command.ts';
import {commands} from '../../source/client/commands.ts';
import {readDraft} from '../../source/client/draft.ts';
import {Durations} from '../../source/client/durations.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {findCommands} from '../../source/client/find-commands.ts';
import {helpText} from '../../source/client/help.ts';
import {reduce} from '../../source/client/reduce.ts';
import type {UserRequest} from '../../source/client/requests.ts';
import {here, initialState, type State} from '../../source/client/state.ts';
import type {Feature} from '../../source/protocols/protocol.ts';
import {version} from '../../source/version.ts';

const features: readonly Feature[] = ['invitations', 'centralised-rooms', 'decentralised-rooms'];

/** The protocols' features that matter for commands. */
const protocols = {
  res302: features,
  messagerie: [...features, 'named-rooms'],
  shen: [...features, 'direct-messages'],
  whoiam: ['direct-messages', 'presence'],
  cosp: ['direct-messages', 'links', 'presence'],
} as const satisfies Record<string, readonly Feature[]>;

/** alice, connected, with some people about. */
function stateAfter(
  events: readonly EngineEvent[] = [],
  protocol: keyof typeof protocols = 'res302',
): State {
  const server = `${protocol}://h:30200`;
  const start = initialState({
    protocol,
    server,
    nick: 'alice',
    features: new Set<Feature>(protocols[protocol]),
  });
  const connected: EngineEvent[] = [
    {type: 'connection', connection: {phase: 'connected'}, server, nick: 'alice'},
    {
      type: 'users',
      users: [
        {nick: 'alice', status: 'public', self: true},
        {nick: 'Bob', status: 'public', self: false},
        {nick: 'carl', status: 'room', self: false},
      ],
    },
  ];
  const noon = new Date(2026, 0, 1, 12, 0).getTime();
  return [...connected, ...events].reduce((state, event) => reduce(state, event, noon), start);
}

function inRoom(...more: readonly EngineEvent[]): State {
  return stateAfter([
    {type: 'room-entered', mode: 'centralised', members: ['alice', 'Bob']},
    ...more,
  ]);
}

function invitedBy(...nicks: readonly string[]): State {
  return stateAfter(nicks.map(from => ({type: 'invitation', from, mode: 'centralised'}) as const));
}

type Call = readonly [what: string, ...details: readonly unknown[]];

const keyTimes = new Durations();

/** The result of a line: every call, in order. The client does everything that is asked of it, or nothing. */
function type(
  line: string,
  state = stateAfter(),
  isWilling = true,
): {calls: Call[]; isDone: boolean} {
  const calls: Call[] = [];
  const ask = (...call: Call): boolean => {
    calls.push(call);
    return isWilling;
  };
  const client: CommandHost['client'] = {
    state,
    journeys: undefined,
    keyTimes,
    emit: event => void calls.push(event.type === 'quit' ? ['quit'] : ['emit', event]),
    retry: () => ask('retry'),
    request: request => ask(...callOf(request)),
    connect: to => ask('connect', to),
    reconnect: () => void calls.push(['reconnect']),
    share: () => void calls.push(['share']),
  };
  const host = {client, conversation: here(state)};
  const reading = readDraft(
    {text: line, conversation: host.conversation},
    {state, carriesLineFeeds: true, maximumTextBytes: 500},
  );
  if (reading.kind === 'command') {
    return {calls, isDone: reading.command.run(host, reading.argument)};
  }
  if (reading.kind === 'refused') {
    const {code, message} = reading;
    return {calls: [['emit', {type: 'error', code, message}]], isDone: false};
  }
  if (reading.kind === 'nothing') return {calls, isDone: true};
  if (reading.kind === 'turn') return {calls: [['turn', reading.to]], isDone: true};
  for (const {to, text} of reading.letters) {
    if (typeof to === 'string') ask('say', text);
    else ask('tell', to.nick, text);
  }
  return {calls, isDone: isWilling};
}

function callOf(request: UserRequest): Call {
  switch (request.type) {
    case 'create-room':
      return ['createRoom', request.name, request.mode, request.maximumMembers];
    case 'join-room':
      return ['joinRoom', request.name];
    case 'invite':
      return ['invite', request.nicknames, request.mode];
    case 'answer':
      return ['answer', request.from, request.accepted];
    case 'link':
      return ['link', request.to];
    case 'unlink':
      return ['unlink', request.from];
    default:
      return [request.type];
  }
}

/** The one error that a line ends in. */
function error(line: string, state?: State): {code: string; message: string} {
  const {calls} = type(line, state);
  const [[, event] = []] = calls;
  if (calls.length !== 1 || !isError(event)) throw new Error(`${line}: ${JSON.stringify(calls)}`);
  return event;
}

function isError(event: unknown): event is Extract<EngineEvent, {type: 'error'}> {
  return typeof event === 'object' && event !== null && 'type' in event && event.type === 'error';
}

/** The one notice that a line ends in. */
function notice(line: string, state?: State): string {
  const {calls} = type(line, state);
  const texts = calls.flatMap(([, event]) =>
    typeof event === 'object' && event !== null && 'text' in event ? [String(event.text)] : [],
  );
  const [text] = texts;
  if (text === undefined || texts.length > 1) throw new Error(`${line}: ${JSON.stringify(calls)}`);
  return text;
}

describe('finding a command', () => {
  const known = commands.flatMap(({name, aliases}) =>
    [name, ...aliases].map(word => [word, name] as const),
  );

  test.each(known)('/%s is /%s, in capitals too', (word, name) => {
    expect(findCommands(commands, word).map(command => command.name)).toEqual([name]);
    expect(findCommands(commands, word.toUpperCase()).map(command => command.name)).toEqual([name]);
  });

  test('no two commands answer to one word', () => {
    const words = known.map(([word]) => word);
    expect(new Set(words).size).toBe(words.length);
  });

  test('the names that people have in their fingers are known', () => {
    const fingers = {
      list: ['who', 'names', 'users'],
      leave: ['part'],
      close: ['wc'],
      invites: ['requests'],
      quit: ['exit', 'q'],
      msg: ['w'],
      reply: ['r'],
      join: ['j'],
    };
    for (const [name, aliases] of Object.entries(fingers)) {
      for (const alias of aliases) {
        expect(findCommands(commands, alias).map(command => command.name)).toEqual([name]);
      }
    }
  });

  test.each([
    ['/lis', 'list'],
    ['/lin', 'link'],
    ['/unl', 'unlink'],
    ['/QUI', 'quit'],
    ['/recon', 'reconnect'],
    ['/whoi', 'whois'],
    ['/unig', 'unignore'],
    ['/ms', 'msg'],
    ['/rep', 'reply'],
    ['/ro', 'rooms'],
    ['/cr', 'create'],
  ])('%s is enough for /%s', (beginning, name) => {
    expect(findCommands(commands, beginning.slice(1)).map(command => command.name)).toEqual([name]);
  });

  test('a beginning of several is enough for the one that the protocol has', () => {
    expect(type('/LI').calls).toEqual([['list']]);
    expect(type('/un bob').calls[0]).toEqual([
      'emit',
      {type: 'ignoring', nick: 'Bob', isIgnored: false},
    ]);
    expect(type('/help li').calls).toEqual([['emit', {type: 'help', topic: 'list'}]]);
    expect(error('/li', stateAfter([], 'cosp')).code).toBe('ambiguous-command');
  });

  test('a whole name is no beginning of another', () => {
    expect(type('/me waves').calls).toEqual([['say', '* alice waves']]);
    expect(findCommands(commands, 'connect').map(({name}) => name)).toEqual(['connect']);
  });

  test('a beginning of several names them and does nothing', () => {
    const {code, message} = error('/re');
    expect(code).toBe('ambiguous-command');
    for (const name of ['/retry', '/reconnect']) expect(message).toContain(name);
    expect(message).not.toContain('/reply');
    expect(error('/re', stateAfter([], 'shen')).message).toContain('/reply');
    expect(type('/re').isDone).toBe(false);
  });

  test('one that answers to two words with the same beginning is one', () => {
    expect(findCommands(commands, 'q').map(({name}) => name)).toEqual(['quit']);
    expect(findCommands(commands, 'us').map(({name}) => name)).toEqual(['list']);
  });

  test.each([
    ['/lsit', '/list'],
    ['/hepl', '/help'],
    ['/inviet bob', '/invite'],
    ['/QUITT', '/quit'],
    ['/exitt', '/exit'],
    ['/declien', '/decline'],
  ])('for %s the nearest, %s, is suggested and nothing done', (line, suggestion) => {
    const {code, message} = error(line);
    expect(code).toBe('unknown-command');
    expect(message).toContain(`did you mean ${suggestion}?`);
    expect(type(line).isDone).toBe(false);
  });

  test('a slash alone does nothing but say so', () => {
    expect(error('/').code).toBe('unknown-command');
    expect(error('/ bob').code).toBe('unknown-command');
  });
});

describe('what the protocol lacks', () => {
  test.each([
    ['/msg bob salut', 'res302', 'direct messages: /invite bob opens a private room'],
    ['/msg', 'res302', 'direct messages: /invite NICK opens a private room'],
    ['/w bob', 'res302', 'direct messages: /invite bob opens a private room'],
    ['/QUERY bob salut', 'res302', 'direct messages: /invite bob opens a private room'],
    ['/reply salut', 'res302', 'direct messages: /invite NICK opens a private room'],
    ['/r', 'res302', 'direct messages: /invite NICK opens a private room'],
    ['/rooms', 'res302', 'named rooms: /invite NICK opens a private room'],
    ['/create projet', 'shen', 'named rooms: /invite NICK opens a private room'],
    ['/join projet', 'shen', 'named rooms: /invite NICK opens a private room'],
    ['/J projet', 'res302', 'named rooms: /invite NICK opens a private room'],
    ['/roo', 'shen', 'named rooms: /invite NICK opens a private room'],
    ['/help rooms', 'shen', 'named rooms: /invite NICK opens a private room'],
    [
      '/msg bob salut',
      'messagerie',
      'direct messages: /create NAME opens a private room, /invite bob brings bob into it',
    ],
    [
      '/reply salut',
      'messagerie',
      'direct messages: /create NAME opens a private room, /invite NICK brings NICK into it',
    ],
    [
      '/link bob',
      'res302',
      'private connections: /invite bob --decentralised speaks from peer to peer',
    ],
    ['/link bob', 'whoiam', 'private connections: /msg bob writes to bob alone'],
    ['/unlink bob', 'whoiam', 'private connections: /msg bob writes to bob alone'],
    ['/invite bob', 'whoiam', 'private rooms: /msg bob writes to bob alone'],
    ['/invite --decentralised bob', 'whoiam', 'private rooms: /msg NICK writes to NICK alone'],
    ['/rooms', 'whoiam', 'named rooms: /msg NICK writes to NICK alone'],
    ['/invite bob carl', 'cosp', 'private rooms: /link bob opens a private connection'],
    ['/join projet', 'cosp', 'named rooms: /link NICK opens a private connection'],
    [
      '/unlink',
      'messagerie',
      'private connections: /create NAME --decentralised speaks from peer to peer',
    ],
  ] as const)('%s in %s says what does the job instead', (line, protocol, what) => {
    const state = stateAfter([], protocol);
    expect(error(line, state)).toEqual({
      type: 'error',
      code: 'unsupported',
      message: `${protocol} has no ${what}`,
    });
    expect(type(line, state).isDone).toBe(false);
  });

  test('is told even without a connection: it would be the same with one', () => {
    const connection = {phase: 'closed'} as const;
    const server = 'res302://h:30200';
    const state = stateAfter([{type: 'connection', connection, server, nick: 'alice'}]);
    expect(error('/rooms', state).code).toBe('unsupported');
  });

  test.each(['/msg bob', '/rooms', '/link bob'])('what %s names instead is a command', line => {
    const named = /: \/(\S+)/.exec(error(line).message)?.[1] ?? '';
    expect(findCommands(commands, named)).toHaveLength(1);
  });
});

describe('without a connection', () => {
  const server = 'res302://h:30200';
  const lost = stateAfter([
    {type: 'connection', connection: {phase: 'retrying', attempt: 1, at: 5}, server, nick: 'alice'},
  ]);

  test.each(['/list', '/invite bob', '/accept', '/decline bob'])('%s says so', line => {
    expect(error(line, lost).code).toBe('not-connected');
    expect(type(line, lost).isDone).toBe(false);
  });

  test.each<[string, Call]>([
    ['/reconnect', ['reconnect']],
    ['/retry', ['retry']],
    ['/quit', ['quit']],
    ['/nick zoe', ['connect', {nick: 'zoe'}]],
    ['/me waits', ['say', '* alice waits']],
  ])('%s goes on', (line, call) => {
    expect(type(line, lost)).toEqual({calls: [call], isDone: true});
  });
});

describe('/invite', () => {
  test.each<[string, readonly string[], string]>([
    ['/invite Bob', ['Bob'], 'centralised'],
    ['/invite Bob carl', ['Bob', 'carl'], 'centralised'],
    ['/invite Bob,carl, zoe', ['Bob', 'carl', 'zoe'], 'centralised'],
    ['/invite   Bob \t carl  ', ['Bob', 'carl'], 'centralised'],
    ['/invite Bob --decentralised', ['Bob'], 'decentralised'],
    ['/invite --decentralised Bob carl', ['Bob', 'carl'], 'decentralised'],
    ['/invite Bob --d', ['Bob'], 'decentralised'],
    ['/invite Bob --decent carl', ['Bob', 'carl'], 'decentralised'],
    ['/invite Bob --centralised', ['Bob'], 'centralised'],
    ['/invite bob CARL', ['Bob', 'carl'], 'centralised'],
    ['/invite bob BOB Bob', ['Bob'], 'centralised'],
    ['/invite Nobody', ['Nobody'], 'centralised'],
    ['/invite Bob --', ['Bob'], 'centralised'],
    ['/invite --d -- -x --centralised', ['-x', '--centralised'], 'decentralised'],
  ])('%s invites %j, %s', (line, nicknames, mode) => {
    expect(type(line)).toEqual({calls: [['invite', nicknames, mode]], isDone: true});
  });

  test.each(['/invite alice', '/invite ALICE', '/invite Bob Alice'])(
    '%s: nobody invites themselves',
    line => {
      expect(error(line).code).toBe('self-invitation');
    },
  );

  test.each([
    '/invite',
    '/invite ,',
    '/invite --decentralised',
    '/invite Bob -x',
    '/invite Bob -',
    '/invite --',
    '/invite Bob --decentralized',
    '/invite Bob --decentralised --centralised',
  ])('%s: how it is typed', line => {
    const {code, message} = error(line);
    expect(code).toBe('usage');
    expect(message).toMatch(/^Type \/invite .*--decentralised/);
  });
});

describe('/invite where rooms have names', () => {
  const room = (mode: 'centralised' | 'decentralised') =>
    stateAfter(
      [{type: 'room-entered', name: 'projet', mode, members: ['alice', 'Bob']}],
      'messagerie',
    );

  test.each([
    ['/invite bob', '/invite Bob'],
    ['/invite bob carl --decentralised', '/invite Bob carl'],
  ])('%s outside of a private room says how to open one first', (line, then) => {
    const state = stateAfter([], 'messagerie');
    expect(error(line, state)).toEqual({
      type: 'error',
      code: 'not-in-room',
      message: `messagerie invites into a named room: /create NAME opens one, then ${then}`,
    });
    expect(type(line, state).isDone).toBe(false);
  });

  test.each(['/invite carl', '/invite carl --decentralised', '/invite carl --centralised'])(
    '%s in a room invites into that, whatever its mode',
    line => {
      for (const mode of ['centralised', 'decentralised'] as const) {
        expect(type(line, room(mode)).calls).toEqual([['invite', ['carl'], mode]]);
      }
    },
  );

  test('how it is typed, and that nobody invites themselves, is said first', () => {
    expect(error('/invite', stateAfter([], 'messagerie')).code).toBe('usage');
    expect(error('/invite alice', stateAfter([], 'messagerie')).code).toBe('self-invitation');
  });
});

describe('direct messages', () => {
  const shen = (...events: readonly EngineEvent[]) => stateAfter(events, 'shen');
  const writtenBy = (from: string) =>
    ({type: 'message', scope: 'direct', from, text: '?'}) as const;

  test.each([
    ['/msg Bob salut', 'Bob', 'salut'],
    ['/w BOB salut  toi ', 'Bob', 'salut  toi'],
    ['/query zoe  one\ntwo', 'zoe', 'one\ntwo'],
    ['/msg carl /me waves', 'carl', '/me waves'],
  ])('%j is told to %s alone', (line, to, text) => {
    expect(type(line, shen())).toEqual({calls: [['tell', to, text]], isDone: true});
  });

  test.each([
    ['/msg bob', '@Bob'],
    ['/w   BOB  ', '@Bob'],
    ['/query "jean paul"', '@jean paul'],
  ])('%s turns to that person', (line, to) => {
    expect(type(line, shen())).toEqual({calls: [['turn', to]], isDone: true});
  });

  test('/close closes the conversation with the person, and leaves a room', () => {
    const turned = shen(writtenBy('Bob'), {type: 'turned', conversation: '@Bob'});
    const closed = ['emit', {type: 'conversation-closed', conversation: '@Bob'}];
    expect(type('/close', turned)).toEqual({calls: [closed], isDone: true});
    expect(type('/leave', turned)).toEqual({calls: [closed], isDone: true});
    const entered = {type: 'room-entered', mode: 'centralised', members: ['alice']} as const;
    expect(type('/close', shen(entered)).calls).toEqual([['leave']]);
    const beside = shen(entered, {type: 'turned', conversation: '@Bob'});
    expect(type('/close', beside).calls).toEqual([closed]);
    expect(type('/leave', beside).calls).toEqual([['leave']]);
  });

  test.each(['/msg', '/query ', '/w'])('%s: how it is typed', line => {
    expect(error(line, shen())).toMatchObject({
      code: 'usage',
      message: 'Type /msg, a nickname and your text',
    });
    expect(type(line, shen()).isDone).toBe(false);
  });

  test.each(['/msg alice salut', '/msg ALICE salut'])('%s: nobody writes to themselves', line => {
    expect(error(line, shen())).toMatchObject({code: 'self-message'});
    expect(type(line, shen()).isDone).toBe(false);
  });

  test('/reply goes to the last person who wrote', () => {
    const state = shen(writtenBy('Bob'), writtenBy('carl'));
    expect(type('/reply salut  toi', state).calls).toEqual([['tell', 'carl', 'salut  toi']]);
    expect(type('/R salut', state).calls).toEqual([['tell', 'carl', 'salut']]);
  });

  test('/reply to nobody says how to begin', () => {
    const {code, message} = error('/reply salut', shen());
    expect(code).toBe('nobody-to-reply-to');
    expect(message).toContain('/msg NICK TEXT');
    expect(type('/reply salut', shen()).isDone).toBe(false);
  });

  test('/reply without a text: how it is typed', () => {
    expect(error('/reply', shen(writtenBy('Bob'))).message).toBe('Type /reply and your text');
  });

  test('are not refused without a connection: they can be sent again', () => {
    const lost = shen({
      type: 'connection',
      connection: {phase: 'retrying', attempt: 1, at: 5},
      server: 'shen://h:30200',
      nick: 'alice',
    });
    expect(type('/msg bob salut', lost).calls).toEqual([['tell', 'Bob', 'salut']]);
  });

  test('are found by /search in the conversation with that person', () => {
    const told = {type: 'sent', id: 1, scope: 'direct', to: 'Bob', text: '? ?'} as const;
    const state = shen(writtenBy('Bob'), told, {type: 'turned', conversation: '@Bob'});
    expect(notice('/search ?', state)).toBe('The newest with ?:\n12:00 Bob  ?\n12:00 alice  ? ?');
    const elsewhere = stateAfter([{type: 'turned', conversation: '@carl'}], 'shen');
    expect(notice('/search ?', elsewhere)).toBe('Nobody has written ? here');
  });
});

describe('named rooms', () => {
  const messagerie = (...events: readonly EngineEvent[]) => stateAfter(events, 'messagerie');
  const listed = messagerie({
    type: 'rooms',
    rooms: [
      {name: 'Le Projet', mode: 'centralised', members: 3},
      {name: 'tp', mode: 'decentralised', members: 2},
      {name: 'TP', mode: 'centralised', members: 1},
    ],
  });

  test('/rooms asks for them, and for their being shown', () => {
    expect(type('/rooms', messagerie())).toEqual({
      calls: [['emit', {type: 'room-list'}], ['rooms']],
      isDone: true,
    });
  });

  test.each([
    ['/create projet', 'projet', 'centralised', undefined],
    ['/create le  projet X ', 'le  projet X', 'centralised', undefined],
    ['/create projet --decentralised', 'projet', 'decentralised', undefined],
    ['/create "le projet" --max 5', 'le projet', 'centralised', 5],
    ['/create le "projet"', 'le "projet"', 'centralised', undefined],
    ['/create projet --d', 'projet', 'decentralised', undefined],
    ['/create projet --centralised', 'projet', 'centralised', undefined],
    ['/create projet --max 5', 'projet', 'centralised', 5],
    ['/create projet --max=5', 'projet', 'centralised', 5],
    ['/create projet --m 5', 'projet', 'centralised', 5],
    ['/create projet --max 5 --decentralised', 'projet', 'decentralised', 5],
    ['/create le --max 5 projet --d', 'le projet', 'decentralised', 5],
    ['/create --decentralised projet', 'projet', 'decentralised', undefined],
    ['/create projet 5', 'projet 5', 'centralised', undefined],
    ['/create a - b = c', 'a - b = c', 'centralised', undefined],
    ['/create projet --max -1', 'projet', 'centralised', -1],
  ])('%s opens %j, %s, for %s', (line, name, mode, maximumMembers) => {
    expect(type(line, messagerie())).toEqual({
      calls: [['createRoom', name, mode, maximumMembers]],
      isDone: true,
    });
  });

  test.each([
    '/create',
    '/create --decentralised',
    '/create --max 5',
    '/create projet --max',
    '/create projet --max five',
    '/create projet --max 2.5',
    '/create projet --max=',
    '/create projet --max --decentralised',
    '/create projet --secret',
    '/create projet --',
    '/create projet --decentralised --centralised',
    '/create projet --decentralised=yes',
  ])('%s: how it is typed', line => {
    const {code, message} = error(line, messagerie());
    expect(code).toBe('usage');
    expect(message).toMatch(/^Type \/create .*--decentralised.*--max/);
    expect(type(line, messagerie()).isDone).toBe(false);
  });

  test.each([
    ['/join Le Projet', 'Le Projet'],
    ['/j  le projet ', 'Le Projet'],
    ['/join TP', 'TP'],
    ['/join tp', 'tp'],
    ['/join Tp', 'tp'],
    ['/join another  one', 'another  one'],
  ])('%j enters %j', (line, name) => {
    expect(type(line, listed)).toEqual({calls: [['joinRoom', name]], isDone: true});
  });

  test('/join works before anybody has asked for the list', () => {
    expect(type('/join projet', messagerie()).calls).toEqual([['joinRoom', 'projet']]);
  });

  test('/join without a name: how it is typed, and where the names are', () => {
    const {code, message} = error('/join', messagerie());
    expect(code).toBe('usage');
    expect(message).toContain('/rooms');
  });

  test.each(['/create projet', '/join projet'])(
    '%s that the client refuses is still there to be mended',
    line => {
      expect(type(line, messagerie(), false).isDone).toBe(false);
    },
  );

  test.each(['/rooms', '/create projet', '/join projet'])('%s needs a connection', line => {
    const lost = messagerie({
      type: 'connection',
      connection: {phase: 'retrying', attempt: 1, at: 5},
      server: 'messagerie://h:30200',
      nick: 'alice',
    });
    expect(error(line, lost).code).toBe('not-connected');
  });

  test('an invitation into one is listed with its name', () => {
    const state = messagerie({
      type: 'invitation',
      from: 'Bob',
      mode: 'decentralised',
      room: 'projet',
    });
    expect(notice('/invites', state)).toContain('Bob (projet, decentralised)');
  });
});

describe.each([
  ['accept', true],
  ['decline', false],
] as const)('/%s', (name, accepted) => {
  test('without an invitation says so', () => {
    expect(error(`/${name}`).code).toBe('no-invitation');
    expect(error(`/${name} bob`).code).toBe('no-invitation');
  });

  test('of one needs no name', () => {
    expect(type(`/${name}`, invitedBy('Bob')).calls).toEqual([['answer', 'Bob', accepted]]);
  });

  test('of several wants one, and names them', () => {
    const {code, message} = error(`/${name}`, invitedBy('Bob', 'carl'));
    expect(code).toBe('usage');
    expect(message).toContain('Bob, carl');
    expect(message).toContain(`/${name}`);
  });

  test('takes the name however it is spelt', () => {
    const state = invitedBy('Bob', 'carl');
    expect(type(`/${name} CARL`, state).calls).toEqual([['answer', 'carl', accepted]]);
    expect(type(`/${name}   bob `, state).calls).toEqual([['answer', 'Bob', accepted]]);
  });

  test('of somebody else says so', () => {
    const {code, message} = error(`/${name} zoe`, invitedBy('Bob'));
    expect(code).toBe('no-invitation');
    expect(message).toContain('zoe');
  });
});

describe.each(['/invites', '/requests'])('%s', line => {
  test('lists who has invited, into what, and how to answer', () => {
    const text = notice(line, invitedBy('Bob', 'carl'));
    for (const words of ['Bob (centralised)', 'carl', '/accept', '/decline']) {
      expect(text).toContain(words);
    }
  });

  test('says when nobody has', () => {
    expect(notice(line)).toBe('Nobody has invited you');
  });
});

describe('private connections', () => {
  const linked = stateAfter([{type: 'link-opened', nick: 'carl'}], 'cosp');
  const asked = stateAfter([{type: 'invitation', from: 'Bob', mode: 'link'}], 'cosp');

  test('/link asks whom the list has under that name', () => {
    const state = stateAfter([], 'cosp');
    expect(type('/link BOB', state).calls).toEqual([['link', 'Bob']]);
    expect(type('/link zoe', state).calls).toEqual([['link', 'zoe']]);
    expect(type('/link bob', state, false).isDone).toBe(false);
  });

  test.each([
    ['/link', 'usage', '/link'],
    ['/link bob carl', 'usage', '/link'],
    ['/link Alice', 'self-link', 'yourself'],
    ['/unlink', 'no-such-link', '/link NICK'],
    ['/leave', 'not-in-room', '/quit'],
    ['/accept', 'no-invitation', 'There is no request for a private connection'],
    ['/accept zoe', 'no-invitation', 'There is no request'],
  ])('%s does nothing but say why', (line, code, words) => {
    const state = stateAfter([], 'cosp');
    expect(error(line, state).code).toBe(code);
    expect(error(line, state).message).toContain(words);
    expect(type(line, state).isDone).toBe(false);
  });

  test.each(['/unlink', '/unlink CARL', '/leave', '/part'])('%s closes the one there is', line => {
    expect(type(line, linked).calls).toEqual([['unlink', 'carl']]);
  });

  test('/unlink with a nickname withdraws what was asked of that one', () => {
    expect(type('/unlink bob', stateAfter([], 'cosp')).calls).toEqual([['unlink', 'Bob']]);
  });

  test.each([
    ['/accept', true],
    ['/decline bob', false],
  ] as const)('%s answers who asks for one', (line, accepted) => {
    expect(type(line, asked).calls).toEqual([['answer', 'Bob', accepted]]);
  });

  test('/invites lists who asks, and others are told apart', () => {
    expect(notice('/invites', asked)).toContain('Bob (private connection)');
    expect(notice('/invites', linked)).toBe('There is no request for a private connection');
    expect(error('/accept zoe', asked).message).toBe('zoe has not asked for a private connection');
  });

  test('/clear and /search are about the conversation the line was typed for', () => {
    const state = [
      {type: 'message', scope: 'link', from: 'carl', text: 'un mot'},
      {type: 'message', scope: 'public', from: 'carl', text: 'un autre mot'},
    ] as const;
    const here = stateAfter([{type: 'link-opened', nick: 'carl'}, ...state], 'cosp');
    expect(notice('/search mot', here)).toContain('un mot');
    const aside = reduce(here, {type: 'turned', conversation: 'public'}, 0);
    expect(notice('/search mot', aside)).toContain('un autre mot');
    expect(type('/clear', aside).calls).toEqual([
      ['emit', {type: 'cleared', conversation: 'public'}],
    ]);
  });
});

describe('in and out of rooms', () => {
  test.each(['/leave', '/part', '/close'])('%s leaves the room', line => {
    expect(type(line, inRoom()).calls).toEqual([['leave']]);
  });

  test('in public /leave names /quit, and does not do it', () => {
    const {code, message} = error('/leave');
    expect(code).toBe('not-in-room');
    expect(message).toContain('/quit');
  });
});

describe('talking', () => {
  test('/me says what you do, as it was typed', () => {
    expect(type('/me waves  at /everybody').calls).toEqual([
      ['say', '* alice waves  at /everybody'],
    ]);
  });

  test('/me of several lines keeps them', () => {
    expect(type('/me waves\nand goes').calls).toEqual([['say', '* alice waves\nand goes']]);
  });

  test('/me without an action says how it is typed', () => {
    expect(error('/me')).toMatchObject({code: 'usage'});
    expect(error('/me').message).toMatch(/^Type \/me /);
  });

  test('/retry sends again', () => {
    expect(type('/retry').calls).toEqual([['retry']]);
  });
});

describe('people', () => {
  test.each(['/list', '/who', '/names', '/users', '/LIST'])('%s asks who is here', line => {
    expect(type(line).calls).toEqual([['list']]);
  });

  test('/ignore and /unignore take the name as the list spells it', () => {
    expect(type('/ignore BOB').calls[0]).toEqual([
      'emit',
      {type: 'ignoring', nick: 'Bob', isIgnored: true},
    ]);
    expect(type('/unignore bob').calls[0]).toEqual([
      'emit',
      {type: 'ignoring', nick: 'Bob', isIgnored: false},
    ]);
  });

  test('/ignore says how to undo it', () => {
    expect(notice('/ignore bob')).toContain('/unignore Bob');
  });

  test('somebody who is not here can be ignored as well', () => {
    expect(type('/ignore Zoe').calls[0]).toEqual([
      'emit',
      {type: 'ignoring', nick: 'Zoe', isIgnored: true},
    ]);
  });

  test.each(['/ignore', '/unignore', '/search'])('%s without a word: how it is typed', line => {
    expect(error(line).code).toBe('usage');
  });
});

describe('/search', () => {
  const said = (text: string, scope: 'public' | 'room' = 'public') =>
    ({type: 'message', scope, from: 'Bob', text}) as const;

  test('finds messages whatever their case, oldest first, with time and author', () => {
    const state = stateAfter([said('Un café ?'), said('non'), said('deux CAFÉS !')]);
    expect(notice('/search café', state)).toBe(
      'The newest with café:\n12:00 Bob  Un café ?\n12:00 Bob  deux CAFÉS !',
    );
  });

  test('looks in the conversation one is in', () => {
    const state = inRoom(said('public words'), said('room words', 'room'));
    expect(notice('/search words', state)).toBe('The newest with words:\n12:00 Bob  room words');
  });

  test('finds one’s own, and no notices', () => {
    const state = stateAfter([
      {type: 'sent', id: 1, scope: 'public', text: 'mine'},
      {type: 'notice', text: 'mine too'},
    ]);
    expect(notice('/search MINE', state)).toBe('The newest with MINE:\n12:00 alice  mine');
  });

  test('shows the newest ten', () => {
    const state = stateAfter(Array.from({length: 30}, (_, index) => said(`number ${index}`)));
    const lines = notice('/search number', state).split('\n').slice(1);
    expect(lines).toHaveLength(10);
    expect(lines.at(0)).toContain('number 20');
    expect(lines.at(-1)).toContain('number 29');
  });

  test('says when there is nothing', () => {
    expect(notice('/search café')).toContain('café');
  });
});

describe('links and copies', () => {
  const said = (text: string) => ({type: 'message', scope: 'public', from: 'Bob', text}) as const;
  const state = stateAfter([
    said('https://one.example or https://two.example'),
    said('https://three.example'),
    said('several\nlines'),
  ]);
  const emitted = (line: string) => type(line, state).calls.map(([, event]) => event);

  test.each([
    ['/open', 'https://three.example/'],
    ['/open 2', 'https://two.example/'],
    ['/open 3', 'https://one.example/'],
  ])('%s opens %s', (line, target) => {
    expect(emitted(line)).toEqual([{type: 'open-link', target}]);
  });

  test.each([
    ['/copy', 'several\nlines'],
    ['/copy 2', 'https://three.example'],
    ['/copy link', 'https://three.example/'],
    ['/copy link 2', 'https://two.example/'],
  ])('%s copies %j', (line, text) => {
    expect(emitted(line)).toMatchObject([{type: 'copy', text}]);
  });

  test.each(['/open 4', '/copy 4', '/copy link 9'])('%s finds nothing', line => {
    expect(error(line, state).code).toBe('nothing-there');
  });

  test.each(['/open x', '/open 0', '/copy me', '/copy link x', '/mute', '/mute tomorrow'])(
    '%s says how it is used',
    line => expect(error(line, state).code).toBe('usage'),
  );

  test('/mute says until when, /mute off that it is over', () => {
    const [[, muted] = []] = type('/mute 1h').calls;
    expect(muted).toMatchObject({type: 'muted', until: expect.any(Number)});
    expect(notice('/mute 1h')).toMatch(/until \d\d:\d\d/);
    expect(type('/mute off').calls[0]).toEqual(['emit', {type: 'muted', until: undefined}]);
  });
});

/** The texts that a line sends, with their places. */
function texts(line: string, state?: State): readonly string[] {
  return type(line, state).calls.map(call => call.join(' '));
}

describe('texts that a command makes', () => {
  test.each([
    ['/away', '* alice is away'],
    ['/away lunch', '* alice is away: lunch'],
    ['/back', '* alice is back'],
    ['/shrug', '\u00af\\_(\u30c4)_/\u00af'],
    ['/shrug who knows', 'who knows \u00af\\_(\u30c4)_/\u00af'],
  ])('%s', (line, said) => {
    expect(texts(line)).toEqual([`say ${said}`]);
  });
});

describe('/whois', () => {
  test('tells what is known', () => {
    const state = inRoom({type: 'message', scope: 'room', from: 'Bob', text: 'salut'});
    expect(notice('/whois bob', state)).toBe(
      'Bob\n  is in the room with you\n  wrote last on Jan 01 at 12:00',
    );
    expect(notice('/whois carl')).toContain('is in a private room');
    expect(notice('/whois alice')).toContain('that is you');
  });

  test('tells the exact name of somebody who looks like another', () => {
    const state = stateAfter([{type: 'arrived', nick: 'B\u03bfb'}]);
    expect(notice('/whois B\u03bfb#2', state)).toContain('"B\u03bfb"');
  });

  test('does not make up somebody', () => {
    expect(error('/whois zoe').code).toBe('no-such-user');
  });
});

test('/ping tells the round trip to the hub, and that nobody knows that of a person', () => {
  const statistics = {sent: 1, received: 1, retransmissions: 0, roundTripMs: 1.84};
  expect(notice('/ping', stateAfter([{type: 'statistics', statistics}]))).toContain('1.8 ms');
  expect(notice('/ping')).toContain('No answer');
  expect(error('/ping bob').message).toContain('Bob');
  const answering = inRoom({type: 'member-state', nick: 'Bob', state: {roundTripMs: 3.14}});
  expect(notice('/ping bob', answering)).toBe('Bob answers after 3.1 ms');
});

test.each(['kick bob', 'BAN bob', 'op bob', 'topic news'])('/%s: there are no operators', line => {
  const {code, message} = error(`/${line}`);
  expect(code).toBe('unsupported');
  expect(message).toMatch(/^There is no \/\w+: res302 has no (operators|topics), /);
  expect(error(`/help ${line.split(' ')[0]}`).message).toBe(message);
});

describe('the program', () => {
  test('/help opens all of it, or that of one command', () => {
    const topic = (line: string) => type(line).calls;
    expect(topic('/help')).toEqual([['emit', {type: 'help', topic: undefined}]]);
    for (const line of ['/help invite', '/help /invite', '/HELP INVITE', '/help inv']) {
      expect(topic(line)).toEqual([['emit', {type: 'help', topic: 'invite'}]]);
    }
    expect(topic('/help who')).toEqual([['emit', {type: 'help', topic: 'list'}]]);
  });

  test.each([
    ['/help keys', 'keys'],
    ['/help MARKS', 'marks'],
    ['/help mark', 'marks'],
    ['/help invitations', 'invitations'],
  ])('%s is about a topic', (line, topic) => {
    expect(type(line).calls).toEqual([['emit', {type: 'help', topic}]]);
    expect(helpText(topic, stateAfter().features)).not.toBe('');
  });

  test('the help leaves out what the protocol lacks', () => {
    const text = helpText(undefined, stateAfter().features);
    for (const absent of ['/msg', '/rooms', '/link']) expect(text).not.toContain(absent);
  });

  test('/help of what there is not suggests the nearest', () => {
    expect(error('/help inviet')).toMatchObject({code: 'unknown-command'});
    expect(error('/help inviet').message).toContain('did you mean /invite?');
  });

  test('help tells of each command how it is typed, what it does, and its other names', () => {
    const everything = new Set<Feature>(Object.values(protocols).flat());
    const all = helpText(undefined, everything);
    for (const {name, summary, usage, aliases} of commands) {
      expect(all).toContain(`/${name} ${usage}`.trimEnd());
      expect(all).toContain(summary);
      const one = helpText(name, everything);
      expect(one.startsWith(`/${name} ${usage}`.trimEnd())).toBe(true);
      for (const alias of aliases) expect(one).toContain(`/${alias}`);
    }
    expect(all).toContain('//text');
  });

  test('/clear empties the conversation one is in', () => {
    expect(type('/clear').calls).toEqual([['emit', {type: 'cleared', conversation: 'public'}]]);
    expect(type('/clear', inRoom()).calls).toEqual([
      ['emit', {type: 'cleared', conversation: 'room'}],
    ]);
  });

  test('/nick connects again under that name', () => {
    expect(type('/nick zoe').calls).toEqual([['connect', {nick: 'zoe'}]]);
  });

  test.each([
    ['/nick jean paul', 'jean paul'],
    ['/nick "jean paul"', 'jean paul'],
    ['/nick "a" b', '"a" b'],
  ])('%s connects as %s: some protocols have such names', (line, nick) => {
    expect(type(line).calls).toEqual([['connect', {nick}]]);
  });

  test('/nick without a name: how it is typed', () => {
    expect(error('/nick')).toMatchObject({code: 'usage'});
    expect(error('/nick').message).toMatch(/^Type \/nick /);
  });

  test.each(['/connect h:4711', '/server h:4711'])('%s goes to that hub', line => {
    expect(type(line).calls).toEqual([['connect', {server: 'h:4711'}]]);
  });

  test('/stats tells what the network does', () => {
    const statistics = {sent: 12, received: 40, retransmissions: 1, roundTripMs: 0.42};
    const text = notice('/stats', stateAfter([{type: 'statistics', statistics}]));
    for (const number of ['12', '40', '1', '0.4 ms']) expect(text).toContain(number);
    expect(notice('/stats')).toContain('not known yet');
    expect(notice('/stats')).not.toContain('key');
    for (let ms = 1; ms <= 400; ms++) keyTimes.add(ms);
    expect(notice('/stats')).toContain(
      'From a key to the screen: half within 250.0 ms, 99 of 100 within 397.0 ms (at most 50 ms wanted), of the last 300 keys',
    );
  });

  test('/version tells that of the program and of Node', () => {
    expect(notice('/version')).toBe(`chat-tui ${version}, Node ${process.versions.node}`);
  });

  test.each(['/quit', '/exit', '/q', '/QUIT'])('%s quits', line => {
    expect(type(line)).toEqual({calls: [['quit']], isDone: true});
  });

  test('/reconnect connects at once', () => {
    expect(type('/reconnect').calls).toEqual([['reconnect']]);
  });
});

test.each([
  '/invite',
  '/invite alice',
  '/accept',
  '/accept zoe',
  '/me',
  '/nick',
  '/ignore',
  '/search',
  '/help inviet',
  '/leave',
])('%s did nothing, so that the line is still there to be mended', line => {
  expect(type(line).isDone).toBe(false);
});

test('a direct message that the client did not take is still there to be mended', () => {
  expect(type('/msg bob salut', stateAfter([], 'shen'), false).isDone).toBe(false);
});

test.each(['/me waves', '/retry', '/nick zoe', '/connect h:4711'])(
  '%s that the client did not carry out is still there to be mended',
  line => {
    expect(type(line).isDone).toBe(true);
    expect(type(line, stateAfter(), false).isDone).toBe(false);
  },
);
