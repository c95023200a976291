import {expect, onTestFinished, test, vi} from 'vitest';
import {Client} from '../../source/client/client.ts';
import {presenceWords} from '../../source/client/entries.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import type {ClientEvent} from '../../source/protocols/protocol.ts';
import {FakeProtocol} from './fake-protocol.ts';

/** alice, connected to a hub that is the test. */
async function open() {
  const protocol = new FakeProtocol();
  const client = new Client({address: {protocol, host: '127.0.0.1', port: 9}, nick: 'alice'});
  onTestFinished(() => client.close());
  const connected = new Promise<void>(resolve => {
    client.onEvent(({type}) => type === 'connected' && resolve());
  });
  client.start();
  await connected;
  const events: EngineEvent[] = [];
  client.onEvent(event => void (event.type === 'statistics' || events.push(event)));
  return {client, end: protocol.end, events};
}

const list = (...nicks: readonly string[]): ClientEvent => ({
  type: 'users',
  users: nicks.map(nick => ({nick, status: 'public'})),
});

test('a protocol that knows lists alone tells who has come and who has gone, and the list', async () => {
  const {client, end, events} = await open();
  end.tell(list('alice', 'bob'));
  expect(events.map(({type}) => type)).toEqual(['users']);
  events.length = 0;
  end.tell(list('alice', 'carl', 'dora'));
  expect(events).toMatchObject([
    {type: 'arrived', nick: 'carl', status: 'public'},
    {type: 'arrived', nick: 'dora', status: 'public'},
    {type: 'departed', nick: 'bob'},
    {type: 'users', users: [{nick: 'alice', self: true}, {nick: 'carl'}, {nick: 'dora'}]},
  ]);
  events.length = 0;
  end.tell(list('dora', 'carl', 'alice'));
  expect(events).toEqual([]);
  expect(client.state.users.size).toBe(3);
});

test('somebody who moves into a room has not come or gone: the list alone tells', async () => {
  const {end, events} = await open();
  end.tell(list('alice', 'bob'));
  events.length = 0;
  end.tell({
    type: 'users',
    users: [
      {nick: 'alice', status: 'public'},
      {nick: 'bob', status: 'room'},
    ],
  });
  expect(events.map(({type}) => type)).toEqual(['users']);
});

test('each who arrives and departs is told once, without the list', async () => {
  const {client, end, events} = await open();
  end.tell(list('alice'));
  events.length = 0;
  end.tell({type: 'arrived', nick: 'bob', status: 'public'}, {type: 'arrived', nick: 'bob'});
  end.tell({type: 'departed', nick: 'bob'}, {type: 'departed', nick: 'bob'});
  expect(events).toEqual([
    {type: 'arrived', nick: 'bob', status: 'public'},
    {type: 'departed', nick: 'bob'},
  ]);
  const texts = [...client.state.conversations.public.backwards()].flatMap(([, entry]) =>
    entry.kind === 'presence' ? [presenceWords(entry)] : [],
  );
  expect(texts).toEqual(['← bob left']);
});

test('the answer to /list is told even if nothing has changed', async () => {
  const {client, end, events} = await open();
  end.tell(list('alice'));
  events.length = 0;
  client.submit('/list', 'public');
  end.tell(list('alice'));
  expect(events).toMatchObject([
    {type: 'users'},
    {type: 'notice', text: '1 here: alice (you). Rooms: /rooms'},
  ]);
});

test('a thousand arrivals among two thousand people look at a thousand names', async () => {
  const {client, end} = await open();
  const name = (index: number) => `\u00e9${index}`;
  const crowd = Array.from({length: 2000}, (_, index) => name(index));
  end.tell(list('alice', ...crowd));
  // Every look at a name that is not in ASCII normalises it: for its label, its key, or to compare it.
  const looks = vi.spyOn(String.prototype, 'normalize');
  onTestFinished(() => looks.mockRestore());
  end.tell({type: 'arrived', nick: name(2000)});
  const each = looks.mock.calls.length;
  expect(each).toBeGreaterThan(0);
  looks.mockClear();
  for (let index = 2001; index <= 3000; index++) end.tell({type: 'arrived', nick: name(index)});
  expect(client.state.users.size).toBe(3002);
  expect(looks.mock.calls.length).toBeLessThanOrEqual(1100 * each);
});
