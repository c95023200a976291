import {describe, expect, test} from 'vitest';
import {readInput} from '../../source/headless/requests.ts';
import {requestNames} from '../../source/headless/schema.ts';
import {FakeProtocol} from '../client/fake-protocol.ts';
import {openSession} from './session.ts';
import {isValidRequest} from './valid.ts';

describe('a line of JSON', () => {
  test('says its text exactly, and its tag comes back with all that becomes of it', async () => {
    const {write, done, tell, protocol, told} = await openSession();
    write({do: 'say', text: ' /etc\n/quit ', tag: '7'}, {do: 'say', text: 'b', tag: 8}, 'c');
    await done();
    expect(protocol.end.requests).toEqual([
      {type: 'say', id: 1, scope: 'public', text: ' /etc\n/quit '},
      {type: 'say', id: 2, scope: 'public', text: 'b'},
      {type: 'say', id: 3, scope: 'public', text: 'c'},
    ]);
    tell(
      {type: 'delivered', id: 3},
      {type: 'delivered', id: 2},
      {type: 'failed', id: 1, reason: 'hub-silent', pending: []},
      {type: 'delivered', id: 1},
    );
    await done();
    expect(told()).toEqual([
      {type: 'sent', id: 1, scope: 'public', text: ' /etc\n/quit ', tag: '7'},
      {type: 'sent', id: 2, scope: 'public', text: 'b', tag: 8},
      {type: 'sent', id: 3, scope: 'public', text: 'c'},
      {type: 'delivered', id: 3},
      {type: 'delivered', id: 2, tag: 8},
      {type: 'failed', id: 1, reason: 'hub-silent', pending: [], tag: '7'},
      {type: 'delivered', id: 1, late: true, tag: '7'},
    ]);
  });

  test('is several texts where one has no line feeds, and each has the tag', async () => {
    const protocol = new FakeProtocol();
    protocol.carriesLineFeeds = false;
    const {write, done, told} = await openSession(protocol);
    write({do: 'say', text: '/a\n/b', tag: 't'});
    await done();
    expect(told()).toMatchObject([
      {type: 'sent', text: '/a', tag: 't'},
      {type: 'sent', text: '/b', tag: 't'},
    ]);
  });

  test('can be for one person, an action, or in parts', async () => {
    const {write, done, protocol, told} = await openSession();
    write(
      {do: 'say', to: 'bob', text: 'psst'},
      {do: 'say', action: true, text: 'waves'},
      {do: 'say', split: true, text: `${'a'.repeat(80)} ${'b'.repeat(80)}`},
    );
    await done();
    expect(protocol.end.requests).toEqual([
      {type: 'tell', id: 1, scope: 'direct', to: 'bob', text: 'psst'},
      {type: 'say', id: 2, scope: 'public', text: '* alice waves'},
      {type: 'say', id: 3, scope: 'public', text: 'a'.repeat(80)},
      {type: 'say', id: 4, scope: 'public', text: 'b'.repeat(80)},
    ]);
    expect(told()).toHaveLength(4);
  });

  test('that cannot be said is an error with its tag', async () => {
    const {write, done, protocol, told} = await openSession(new FakeProtocol('fake', []));
    write(
      {do: 'say', text: 'x'.repeat(101), tag: 'long'},
      {do: 'say', text: ' ', tag: 'empty'},
      {do: 'say', to: 'bob', text: 'x', tag: 'direct'},
      {do: 'say', scope: 'room', text: 'x', tag: 'room'},
      {do: 'retry', tag: 'retry'},
      {do: 'line', line: '/nonsense', tag: 'line'},
    );
    await done();
    expect(protocol.end.requests).toEqual([]);
    expect(told()).toMatchObject([
      {type: 'error', code: 'text-too-long', tag: 'long'},
      {type: 'error', code: 'usage', tag: 'empty'},
      {type: 'error', code: 'unsupported', tag: 'direct'},
      {type: 'error', code: 'not-in-room', tag: 'room'},
      {type: 'error', code: 'nothing-failed', tag: 'retry'},
      {type: 'error', code: 'unknown-command', tag: 'line'},
    ]);
  });

  test('that asks for a list gets the next whole one, and the lines behind it wait', async () => {
    const {write, event, done, tell, protocol, told} = await openSession();
    tell({type: 'users', users: [{nick: 'alice'}]});
    await done();
    write({do: 'list', tag: 'people'}, 'later');
    // The hub is asked, and has not answered.
    while (protocol.end.requests.length === 0) await new Promise(resolve => setImmediate(resolve));
    tell({type: 'message', scope: 'public', from: 'bob', text: 'x'});
    tell({type: 'users', users: [{nick: 'alice'}]});
    await event({type: 'sent', text: 'later'});
    expect(told()).toEqual([
      {type: 'users', users: [{nick: 'alice', self: true}]},
      {type: 'message', id: 1, scope: 'public', from: 'bob', text: 'x'},
      {type: 'users', users: [{nick: 'alice', self: true}], tag: 'people'},
      {type: 'sent', id: 1, scope: 'public', text: 'later'},
    ]);
  });

  test('that asks for a list does not wait for a hub that is lost', async () => {
    const {write, event, done, tell, protocol} = await openSession();
    write({do: 'rooms', tag: 'rooms'});
    while (protocol.end.requests.length === 0) await new Promise(resolve => setImmediate(resolve));
    tell({type: 'lost'});
    write({do: 'rooms', tag: 'again'});
    await event({type: 'error', code: 'not-connected', tag: 'again'});
    await done();
  });

  test('that moves is answered where it leads to, or by the error of it', async () => {
    const {write, event, done, tell, protocol, told} = await openSession();
    const asked = async (count: number) => {
      while (protocol.end.requests.length < count) {
        await new Promise(resolve => setImmediate(resolve));
      }
    };
    write({do: 'join', name: 'le projet', tag: 1}, {do: 'create', name: '--max', max: 5, tag: 2});
    await asked(1);
    tell({type: 'error', code: 'room-full', about: 'le projet'});
    await asked(2);
    tell({type: 'room-entered', name: '--max', mode: 'centralised', members: ['alice']});
    await event({type: 'room-entered', tag: 2});
    await done();
    write({do: 'leave', tag: 3});
    await done();
    tell({type: 'room-left', reason: 'closed'});
    expect(protocol.end.requests).toEqual([
      {type: 'join-room', name: 'le projet'},
      {type: 'create-room', name: '--max', mode: 'centralised', maximumMembers: 5},
      {type: 'leave'},
    ]);
    await done();
    expect(told()).toMatchObject([
      {type: 'error', code: 'room-full', about: 'le projet', tag: 1},
      {type: 'room-entered', name: '--max', tag: 2},
      {type: 'room-left', reason: 'closed'},
    ]);
  });

  test('about another name or hub is answered by connecting', async () => {
    const {write, event, printed} = await openSession();
    write({do: 'nick', nick: 'zoe', tag: 'n'});
    await event({type: 'connected', nick: 'zoe', tag: 'n'});
    write({do: 'nick', nick: 'n0t', tag: 'm'});
    await event({type: 'error', code: 'nickname-invalid', tag: 'm'});
    expect(printed.filter(({type}) => type === 'connected')).toHaveLength(2);
  });

  test('is only what has "do" in it: other JSON is a text, and what is broken is said to nobody', async () => {
    const {write, done, told} = await openSession();
    write('{"temperature": 3}', '{', '{"do":"say","text":"secret}', '{"tag":"1","do":"fly"}');
    write({do: 'say', tag: {}}, {do: 'say', text: 'x', colour: 'red'}, {do: 'invite', nicks: []});
    await done();
    expect(told()).toMatchObject([
      {type: 'sent', text: '{"temperature": 3}'},
      {type: 'sent', text: '{'},
      {type: 'error', code: 'request-invalid'},
      {type: 'error', code: 'request-invalid', tag: '1'},
      {
        type: 'error',
        code: 'request-invalid',
        message: expect.stringContaining('"text" is missing'),
      },
      {type: 'error', code: 'request-invalid', message: expect.stringContaining('"colour" is no')},
      {
        type: 'error',
        code: 'request-invalid',
        message: expect.stringContaining('"nicks" has to be'),
      },
    ]);
  });
});

describe('requests that are read are those of the schema', () => {
  const values = ['x', '', 1, -1, 1.5, true, null, [], ['x'], [1], {}, 'room', 'centralised'];
  const fields = [
    'text',
    'to',
    'scope',
    'line',
    'id',
    'name',
    'mode',
    'max',
    'nicks',
    'nick',
    'server',
    'tag',
    'split',
  ];

  test.each(requestNames)('%s', name => {
    const disagreeing: unknown[] = [];
    for (const field of fields) {
      for (const value of values) {
        for (const base of [{}, {text: 'x'}, {nick: 'x'}, {name: 'x'}, {server: 'x'}]) {
          const request = {do: name, ...base, [field]: value};
          const isRead = readInput(JSON.stringify(request)).kind === 'request';
          if (isRead !== isValidRequest(request)) disagreeing.push(request);
        }
      }
    }
    expect(disagreeing).toEqual([]);
  });
});
