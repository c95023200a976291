import {expect, onTestFinished, test} from 'vitest';
import {Client} from '../../source/client/client.ts';
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

test('/reply answers whoever wrote directly last, and not those who spoke to all', async () => {
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
  expect(client.joinRoom('projet')).toBe(false);
  expect(errors()).toMatchObject([{code: 'unsupported'}]);
  expect(protocol.end.requests).toEqual([]);
});
