import {describe, expect, onTestFinished, test} from 'vitest';
import {Client} from '../../source/client/client.ts';
import {presenceWords} from '../../source/client/entries.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {here} from '../../source/client/state.ts';
import {FakeProtocol} from './fake-protocol.ts';

/** alice, connected to a hub that is the test. */
async function open(protocol = new FakeProtocol()) {
  const client = new Client({address: {protocol, host: '127.0.0.1', port: 9}, nick: 'alice'});
  onTestFinished(() => client.close());
  const events: EngineEvent[] = [];
  client.onEvent(event => events.push(event));
  const connected = () =>
    new Promise<void>(resolve => {
      const stop = client.onEvent(({type}) => {
        if (type !== 'connected') return;
        stop();
        resolve();
      });
    });
  const first = connected();
  client.start();
  await first;
  return {
    client,
    protocol,
    events,
    connected,
    type: (line: string) => client.submit(line, here(client.state)),
    errors: () => events.filter(event => event.type === 'error'),
  };
}

test('/msg tells one person, and what becomes of it is followed as of any text', async () => {
  const {client, protocol, events, type} = await open();
  expect(type('/msg bob psst,  entre nous')).toBe(true);
  const tell = {id: 1, to: 'bob', text: 'psst,  entre nous'};
  expect(protocol.end.requests).toEqual([{type: 'tell', scope: 'direct', ...tell}]);
  expect(events).toContainEqual({type: 'sent', scope: 'direct', ...tell});
  let isSettled = false;
  const settled = client.settled().then(() => {
    isSettled = true;
  });
  await Promise.resolve();
  expect(isSettled).toBe(false);
  protocol.end.tell({type: 'delivered', id: 1});
  await settled;
});

test('/reply answers the last person who wrote directly, and not those who spoke to all', async () => {
  const {protocol, type} = await open();
  const message = (scope: 'direct' | 'public', from: string) =>
    ({type: 'message', scope, from, text: '?'}) as const;
  protocol.end.tell(message('direct', 'bob'), message('direct', 'carl'), message('public', 'dora'));
  type('/r oui');
  expect(protocol.end.requests).toEqual([
    {type: 'tell', scope: 'direct', id: 1, to: 'carl', text: 'oui'},
  ]);
});

test('a direct message that is too long is not sent, and the line is still there', async () => {
  const {protocol, type, errors} = await open();
  expect(type(`/msg bob ${'é'.repeat(51)}`)).toBe(false);
  expect(errors()).toMatchObject([{code: 'text-too-long'}]);
  expect(protocol.end.requests).toEqual([]);
});

test('/query turns to a person, and sends the text that stands behind it', async () => {
  const {client, protocol, errors} = await open();
  const type = (text: string) => client.carryOut(client.read({text, conversation: 'public'}));
  expect(type('/query bob')).toBe(false);
  expect(errors()).toMatchObject([{code: 'no-such-user'}]);
  protocol.end.tell({type: 'users', users: [{nick: 'bob', status: 'public'}]});
  expect(type('/query bob')).toBe(true);
  expect(here(client.state)).toBe('@bob');
  expect(type('/query carl salut')).toBe(true);
  expect(here(client.state)).toBe('@carl');
  expect(protocol.end.requests).toMatchObject([{type: 'tell', to: 'carl', text: 'salut'}]);
  expect(type('/query b0b')).toBe(false);
  expect(type(`/query dora ${'é'.repeat(51)}`)).toBe(false);
  expect(errors().slice(1)).toMatchObject([{code: 'no-such-user'}, {code: 'text-too-long'}]);
  expect(here(client.state)).toBe('@carl');
});

test('a line of a program never turns: it could not see where the next one goes', async () => {
  const {client, protocol, type, errors} = await open();
  expect(type('/msg bob')).toBe(false);
  expect(errors()).toMatchObject([{code: 'usage'}]);
  expect(type('/query bob salut')).toBe(true);
  expect(protocol.end.requests).toMatchObject([{type: 'tell', to: 'bob', text: 'salut'}]);
  expect(here(client.state)).toBe('public');
});

test('to what cannot be a nickname nothing is sent', async () => {
  const {protocol, type, errors} = await open();
  expect(type('/msg b0b salut')).toBe(false);
  expect(errors()).toEqual([
    {type: 'error', code: 'no-such-user', message: 'Nobody here is called b0b: /list shows who is'},
  ]);
  expect(protocol.end.requests).toEqual([]);
});

test('while another connection is made, a direct message waits with the one who wrote it', async () => {
  const {client, protocol, connected, type, errors} = await open();
  const again = connected();
  client.connect({nick: 'zoe'});
  expect(type('/msg bob salut')).toBe(false);
  expect(errors()).toMatchObject([{code: 'not-connected'}]);
  await again;
  expect(type('/msg bob salut')).toBe(true);
  expect(protocol.ends.map(({requests}) => requests.length)).toEqual([0, 1]);
});

test('a direct message that failed is sent again to the same person by the next connection', async () => {
  const {client, protocol, connected, type} = await open();
  type('/msg bob salut');
  protocol.end.tell({type: 'failed', id: 1, reason: 'hub-silent', pending: []});
  const again = connected();
  client.connect({nick: 'zoe'});
  await again;
  expect(type('/retry')).toBe(true);
  expect(protocol.end.requests).toEqual([
    {type: 'tell', scope: 'direct', id: 1, to: 'bob', text: 'salut'},
  ]);
});

test('somebody who is in the room already is not invited into it', async () => {
  const {protocol, type, errors} = await open();
  protocol.end.tell({
    type: 'room-entered',
    name: 'projet',
    mode: 'centralised',
    members: ['alice', 'bob'],
  });
  type('/invite bob, carl');
  expect(errors()).toMatchObject([
    {code: 'already-in-room', message: 'bob is in this room with you already'},
  ]);
  expect(protocol.end.requests).toMatchObject([{type: 'invite', nicknames: ['carl']}]);
  protocol.end.requests.length = 0;
  expect(type('/invite bob')).toBe(false);
  expect(protocol.end.requests).toEqual([]);
});

test('/retry names the text that cannot be sent here any more', async () => {
  const {protocol, type, errors} = await open();
  protocol.end.tell({type: 'room-entered', name: 'projet', mode: 'centralised', members: ['bob']});
  type('only for the room');
  protocol.end.tell({type: 'failed', id: 1, reason: 'hub-silent', pending: []});
  protocol.end.tell({type: 'room-left', reason: 'left'});
  type('/retry');
  expect(errors()).toMatchObject([
    {
      code: 'left-room',
      message:
        '“only for the room” was for a room that you are not in any more: copy it if it is still wanted',
    },
  ]);
});

test('at another hub, what was meant for somebody of the former is not said', async () => {
  const {client, protocol, type, errors} = await open();
  type('/msg bob salut');
  protocol.end.tell({type: 'failed', id: 1, reason: 'hub-silent', pending: []});
  const isTried = new Promise<void>(resolve => {
    client.onEvent(event => {
      if (event.type === 'connection' && event.connection.phase === 'connecting') resolve();
    });
  });
  client.connect({server: 'res302://127.0.0.1:9'});
  await isTried;
  expect(client.retry()).toBe(false);
  expect(errors().at(-1)).toMatchObject({code: 'nothing-failed'});
});

test.each([
  ['/create projet', 'projet', 'centralised', 254],
  ['/create projet X --decentralised --max 3', 'projet X', 'decentralised', 3],
] as const)('%s asks for the room', async (line, name, mode, maximumMembers) => {
  const {protocol, type} = await open();
  expect(type(line)).toBe(true);
  expect(protocol.end.requests).toEqual([{type: 'create-room', name, mode, maximumMembers}]);
});

test.each(['1', '0', '255', '-3', '99999999999999999999'])(
  'a limit of %s members is refused before anything is asked',
  async limit => {
    const {protocol, type, errors} = await open();
    expect(type(`/create projet --max ${limit}`)).toBe(false);
    expect(errors()).toEqual([
      {
        type: 'error',
        code: 'room-size-invalid',
        message: 'A room has a limit of 2 to 254 members here: choose another with --max',
      },
    ]);
    expect(protocol.end.requests).toEqual([]);
  },
);

test.each([2, 254])('a limit of %i members can be asked for', async limit => {
  const {protocol, type} = await open();
  type(`/create projet --max=${limit}`);
  expect(protocol.end.requests).toMatchObject([{maximumMembers: limit}]);
});

test.each(['/create #1', '/join #1'])(
  '%s is refused with what a name may be, and nothing asked',
  async line => {
    const {protocol, type, errors} = await open();
    expect(type(line)).toBe(false);
    expect(errors()).toEqual([
      {
        type: 'error',
        code: 'room-name-invalid',
        message: '#1 cannot be the name of a room here: fake wants 1 to 20 characters without #',
      },
    ]);
    expect(protocol.end.requests).toEqual([]);
  },
);

test('/join asks for the room as the list spells it', async () => {
  const {protocol, type} = await open();
  protocol.end.tell({
    type: 'rooms',
    rooms: [{name: 'Le Projet', mode: 'centralised', members: 3}],
  });
  type('/j le projet');
  expect(protocol.end.requests).toEqual([{type: 'join-room', name: 'Le Projet'}]);
});

test('/rooms asks the hub, and says that somebody wants to see them', async () => {
  const {protocol, events, type} = await open();
  type('/rooms');
  expect(protocol.end.requests).toEqual([{type: 'rooms'}]);
  expect(events).toContainEqual({type: 'room-list'});
});

test('a room of a protocol without named rooms cannot be joined, even from a list', async () => {
  const nameless = Object.defineProperty(new FakeProtocol('shen', ['invitations']), 'namedRooms', {
    value: undefined,
  });
  const {client, protocol, errors} = await open(nameless);
  expect(client.request({type: 'join-room', name: 'projet'})).toBe(false);
  expect(errors()).toMatchObject([{code: 'unsupported'}]);
  expect(protocol.end.requests).toEqual([]);
});

/** alice, in a protocol with private connections. */
const openLinks = () => open(new FakeProtocol('fake', ['direct-messages', 'links', 'presence']));

/** The same, and one with bob is there. */
async function linked() {
  const opened = await openLinks();
  opened.protocol.end.tell({type: 'link-opened', nick: 'bob'});
  return opened;
}

test('/link asks for a private connection, and what is typed then goes there alone', async () => {
  const {client, protocol, events, type} = await openLinks();
  expect(type('/link bob')).toBe(true);
  expect(protocol.end.requests).toEqual([{type: 'link', to: 'bob'}]);
  type('salut tout le monde');
  protocol.end.tell({type: 'link-opened', nick: 'bob'});
  type('psst');
  client.submit('pour tous', 'public');
  type('/me waves');
  const tell = (id: number, text: string) => ({type: 'tell', scope: 'link', id, to: 'bob', text});
  expect(protocol.end.requests.slice(1)).toEqual([
    {type: 'say', scope: 'public', id: 1, text: 'salut tout le monde'},
    tell(2, 'psst'),
    {type: 'say', scope: 'public', id: 3, text: 'pour tous'},
    tell(4, '* alice waves'),
  ]);
  expect(events).toContainEqual({type: 'sent', scope: 'link', id: 2, to: 'bob', text: 'psst'});
});

test('there is one private connection at a time', async () => {
  const {protocol, type, errors} = await linked();
  protocol.end.tell({type: 'invitation', from: 'carl', mode: 'link'});
  expect(type('/link dora')).toBe(false);
  type('/accept carl');
  const message = 'You have a private connection with bob: /unlink first';
  const refusal = {type: 'error', code: 'link-exists', message};
  expect(errors()).toEqual([refusal, refusal]);
  expect(protocol.end.requests).toEqual([]);
  type('/decline carl');
  expect(protocol.end.requests).toEqual([{type: 'answer', from: 'carl', accepted: false}]);
});

test('a private connection that is accepted when there is another one is closed', async () => {
  const {client, protocol} = await linked();
  protocol.end.tell({type: 'link-opened', nick: 'carl'});
  expect(protocol.end.requests).toEqual([{type: 'unlink', from: 'carl'}]);
  expect(client.state.link?.nick).toBe('bob');
});

test('/unlink takes effect at once, and another one can be asked for', async () => {
  const {protocol, type} = await linked();
  expect(type('/unlink')).toBe(true);
  type('pour tous');
  type('/link carl');
  expect(protocol.end.requests).toEqual([
    {type: 'unlink', from: 'bob'},
    {type: 'say', scope: 'public', id: 1, text: 'pour tous'},
    {type: 'link', to: 'carl'},
  ]);
});

test('what was typed for a private connection that is closed is not said elsewhere', async () => {
  const {client, protocol, errors} = await linked();
  protocol.end.tell({type: 'link-closed', nick: 'bob'});
  expect(client.submit('psst', 'room')).toBe(false);
  expect(client.submit('/me whispers', 'room')).toBe(false);
  const message = 'Not sent: the private connection it was for is closed';
  expect(errors()).toMatchObject([{code: 'no-such-link', message}, {message}]);
  expect(protocol.end.requests).toEqual([]);
});

test('a text that a private connection did not carry is sent over one with the same person alone', async () => {
  const {protocol, type, errors} = await linked();
  type('psst');
  protocol.end.tell(
    {type: 'failed', id: 1, reason: 'link-closed', pending: []},
    {type: 'link-closed', nick: 'bob'},
  );
  expect(type('/retry')).toBe(false);
  expect(errors().at(-1)).toMatchObject({code: 'link-closed'});
  protocol.end.tell({type: 'link-opened', nick: 'carl'});
  expect(type('/retry')).toBe(false);
  protocol.end.tell({type: 'link-closed', nick: 'carl'}, {type: 'link-opened', nick: 'Bob'});
  expect(type('/retry')).toBe(false);
  protocol.end.tell({type: 'link-closed', nick: 'Bob'}, {type: 'link-opened', nick: 'bob'});
  expect(type('/retry')).toBe(true);
  expect(protocol.end.requests.slice(1)).toEqual([
    {type: 'tell', scope: 'link', id: 1, to: 'bob', text: 'psst'},
  ]);
});

test('of several that failed, /retry means the newest that can be sent now', async () => {
  const {client, protocol, type} = await linked();
  client.submit('pour tous', 'public');
  type('psst');
  protocol.end.tell(
    {type: 'failed', id: 1, reason: 'hub-silent', pending: []},
    {type: 'failed', id: 2, reason: 'link-closed', pending: []},
    {type: 'link-closed', nick: 'bob'},
  );
  expect(type('/retry')).toBe(true);
  expect(protocol.end.requests.at(-1)).toMatchObject({type: 'say', id: 1});
});

test('the texts of a draft are sent all together or not at all', async () => {
  const {client, protocol, events, errors} = await open();
  const draft = {text: `one\n${'x'.repeat(101)}`, conversation: 'public', pastedAt: 0} as const;
  const isDone = client.carryOut(client.read(draft));
  expect(isDone).toBe(false);
  expect(protocol.end.requests).toEqual([]);
  expect(events.filter(({type}) => type === 'sent')).toEqual([]);
  expect(errors()).toMatchObject([
    {
      code: 'text-too-long',
      message:
        'Not sent: message 2 has 101 bytes, and fake carries 100. Shorten it, or send it in parts',
    },
  ]);
  expect(client.carryOut(client.read({...draft, text: 'one\n/quit'}))).toBe(true);
  expect(protocol.end.requests).toMatchObject([
    {type: 'say', text: 'one'},
    {type: 'say', text: '/quit'},
  ]);
});

test('where a text is one line, what is shown as sent is what is asked of the protocol', async () => {
  const {protocol, events, type} = await open();
  protocol.carriesLineFeeds = false;
  expect(type('if x:\n  y\rz')).toBe(true);
  expect(protocol.end.requests).toMatchObject([{text: 'if x:'}, {text: '  y z'}]);
  expect(events.filter(event => event.type === 'sent')).toMatchObject([
    {text: 'if x:'},
    {text: '  y z'},
  ]);
});

test('a text for a private connection outlives a reconnection, and waits for that person', async () => {
  const {client, protocol, connected, type} = await linked();
  type('psst');
  protocol.end.tell({type: 'failed', id: 1, reason: 'link-closed', pending: []});
  const again = connected();
  client.connect({nick: 'zoe'});
  await again;
  expect(type('/retry')).toBe(false);
  protocol.end.tell({type: 'link-opened', nick: 'bob'});
  expect(type('/retry')).toBe(true);
  expect(protocol.end.requests).toEqual([
    {type: 'tell', scope: 'link', id: 1, to: 'bob', text: 'psst'},
  ]);
});

test('after /accept of a private connection, settled waits for it to be open', async () => {
  const {client, protocol, type} = await openLinks();
  protocol.end.tell({type: 'invitation', from: 'bob', mode: 'link'});
  type('/accept');
  let isSettled = false;
  const settled = client.settled().then(() => {
    isSettled = true;
  });
  protocol.end.tell({type: 'invitation-ended', from: 'bob', reason: 'accepted'});
  await Promise.resolve();
  expect(isSettled).toBe(false);
  protocol.end.tell({type: 'link-opened', nick: 'bob'});
  await settled;
});

test('to what cannot be a nickname no private connection is asked for', async () => {
  const {protocol, type, errors} = await openLinks();
  expect(type('/link b0b')).toBe(false);
  expect(errors()).toMatchObject([{code: 'no-such-user'}]);
  expect(protocol.end.requests).toEqual([]);
});

test('where lists are pushed, who comes and goes is told, and /list answers at once', async () => {
  const {client, protocol, events, type} = await openLinks();
  const tell = (...nicks: readonly string[]) =>
    protocol.end.tell({type: 'users', users: nicks.map(nick => ({nick}))});
  tell('alice');
  tell('alice', 'bob');
  tell('alice');
  const notices = [...client.state.conversations.public.backwards()].flatMap(([, entry]) =>
    entry.kind === 'presence' ? [presenceWords(entry)] : [],
  );
  expect(notices).toEqual(['← bob left']);
  type('/list');
  expect(protocol.end.requests).toEqual([{type: 'list'}]);
  tell('alice');
  expect(events.at(-1)).toEqual({type: 'notice', text: '1 here: alice (you)'});
});

describe('another name while the hub is away', () => {
  test('goes on trying under that name', async () => {
    const {client, protocol, events, connected} = await open();
    protocol.isReached = false;
    protocol.end.tell({type: 'lost'});
    expect(client.state.connection.phase).toBe('retrying');
    const retried = new Promise<void>(resolve => {
      const stop = client.onEvent(({type}) => {
        if (type !== 'reconnecting') return;
        stop();
        resolve();
      });
    });
    client.submit('/nick zoe', 'public');
    await retried;
    // The request is not waited for: a program may go on, or end.
    await client.settled();
    expect(client.state).toMatchObject({nick: 'zoe', connection: {phase: 'retrying'}});
    expect(events.filter(({type}) => type === 'refused')).toEqual([]);
    protocol.isReached = true;
    const again = connected();
    client.submit('/reconnect', 'public');
    await again;
    expect(client.state).toMatchObject({nick: 'zoe', connection: {phase: 'connected'}});
  });

  test('of a hub that has never let us in is refused with it', async () => {
    const protocol = new FakeProtocol();
    protocol.isReached = false;
    const address = {protocol, host: '127.0.0.1', port: 9};
    const client = new Client({address, nick: 'alice'});
    onTestFinished(() => client.close());
    const refusals: EngineEvent[] = [];
    const refused = () =>
      new Promise<void>(resolve => {
        client.onEvent(event => {
          if (event.type !== 'refused') return;
          refusals.push(event);
          resolve();
        });
      });
    const first = refused();
    client.start();
    await first;
    const second = refused();
    client.connect({nick: 'zoe'});
    await second;
    expect(client.state.connection).toMatchObject({phase: 'refused', reason: 'unreachable'});
  });
});

describe('a decentralised room that is carried over to the hub', () => {
  const entered = (mode: 'centralised' | 'decentralised', ...members: readonly string[]) =>
    ({type: 'room-entered', mode, members, name: 'projet'}) as const;
  const modes = ['invitations', 'centralised-rooms', 'decentralised-rooms'] as const;

  test('is left, and those who were in it are invited to one through the hub', async () => {
    const {client, protocol} = await open(withoutNames(new FakeProtocol('fake', modes)));
    protocol.end.tell(entered('decentralised', 'alice', 'bob'));
    expect(client.carryOver()).toBe(true);
    expect(protocol.end.requests).toEqual([
      {type: 'leave'},
      {type: 'invite', nicknames: ['bob'], mode: 'centralised'},
    ]);
  });

  test('gets another name where rooms have names, and they are invited when it is open', async () => {
    const {client, protocol} = await open(new FakeProtocol('fake', [...modes, 'named-rooms']));
    protocol.end.tell(entered('decentralised', 'alice', 'bob', 'carl'));
    expect(client.carryOver()).toBe(true);
    expect(protocol.end.requests).toMatchObject([
      {type: 'create-room', name: 'projet-hub', mode: 'centralised'},
    ]);
    const other = {...entered('centralised', 'alice'), name: 'projet-hub'};
    protocol.end.tell({type: 'room-left', reason: 'left'}, other);
    expect(protocol.end.requests.at(-1)).toEqual({
      type: 'invite',
      nicknames: ['bob', 'carl'],
      mode: 'centralised',
    });
  });

  test('stays as it is where the others could not be invited out of it', async () => {
    const {client, protocol, errors} = await open(withoutNames(new FakeProtocol('fake', modes)));
    expect(client.carryOver()).toBe(false);
    protocol.end.tell(entered('decentralised', 'alice', 'bob', 'carl'));
    expect(client.carryOver()).toBe(false);
    expect(protocol.end.requests).toEqual([]);
    expect(errors()).toMatchObject([
      {message: 'Only a room from peer to peer can be carried over'},
      {message: expect.stringContaining('ask them to /leave')},
    ]);
  });

  test('invites nobody into the room of somebody else that opens meanwhile', async () => {
    const {client, protocol} = await open(new FakeProtocol('fake', [...modes, 'named-rooms']));
    protocol.end.tell(entered('decentralised', 'alice', 'bob'));
    client.carryOver();
    const ofDora = {...entered('centralised', 'alice', 'dora'), name: 'rosa'};
    protocol.end.tell({type: 'room-left', reason: 'left'}, ofDora);
    expect(protocol.end.requests.map(({type}) => type)).toEqual(['create-room']);
  });

  test('invites nobody if the other room cannot be opened', async () => {
    const {client, protocol} = await open(new FakeProtocol('fake', [...modes, 'named-rooms']));
    protocol.end.tell(entered('decentralised', 'alice', 'bob'));
    client.carryOver();
    protocol.end.tell(
      {type: 'error', code: 'room-name-in-use', about: 'projet-hub'},
      {type: 'room-left', reason: 'left'},
      entered('centralised', 'alice', 'dora'),
    );
    expect(protocol.end.requests.map(({type}) => type)).toEqual(['create-room']);
  });
});

function withoutNames(protocol: FakeProtocol): FakeProtocol {
  return Object.defineProperty(protocol, 'namedRooms', {value: undefined});
}
