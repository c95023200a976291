/** Whatever names another hub lets in, a command reaches exactly the person who is meant. */
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {Client} from '../../source/client/client.ts';
import {writeNickname} from '../../source/client/nicknames.ts';
import {crowdOf, here, type State} from '../../source/client/state.ts';
import type {Feature, Request} from '../../source/protocols/protocol.ts';
import {FakeProtocol} from './fake-protocol.ts';
import {anyCrowd} from './names.ts';

class ForeignProtocol extends FakeProtocol {
  override isNickname(): boolean {
    return true;
  }
}

const everything: readonly Feature[] = ['invitations', 'direct-messages', 'links', 'presence'];

/** alice at such a hub, where these are here; the last half of them arrives one by one. */
async function among(nicks: readonly string[]) {
  const protocol = new ForeignProtocol('foreign', everything);
  const client = new Client({address: {protocol, host: '127.0.0.1', port: 9}, nick: 'alice'});
  const connected = new Promise<void>(resolve => {
    client.onEvent(({type}) => type === 'connected' && resolve());
  });
  client.start();
  await connected;
  const {end} = protocol;
  const half = Math.floor(nicks.length / 2);
  end.tell({type: 'users', users: ['alice', ...nicks.slice(0, half)].map(nick => ({nick}))});
  for (const nick of nicks.slice(half)) end.tell({type: 'arrived', nick});
  return {
    client,
    end,
    /** The requests to the hub after these lines. */
    asked(...lines: readonly string[]): Request[] {
      end.requests.length = 0;
      for (const line of lines) client.submit(line, here(client.state));
      return end.requests;
    },
  };
}

type Among = Awaited<ReturnType<typeof among>>;

/** Holds for every crowd, in which each nickname is asked about. */
function everyone(
  holds: (world: Among, nick: string, written: string, nicks: readonly string[]) => void,
): Promise<void> {
  const property = fc.asyncProperty(anyCrowd, async crowd => {
    const nicks = crowd.filter(nick => nick !== 'alice');
    const world = await among(nicks);
    for (const nick of nicks) {
      holds(world, nick, writeNickname(nick, crowdOf(world.client.state)), nicks);
    }
    await world.client.close();
  });
  return fc.assert(property, {numRuns: 60}) as Promise<void>;
}

/** Whose messages are shown last in public, by who they are. */
function lastAuthors(state: State, count: number): string[] {
  const authors = [...state.conversations.public.backwards()].flatMap(([, entry]) =>
    entry.kind === 'message' ? [entry.from] : [],
  );
  return authors.slice(0, count).reverse();
}

test('/msg, /link and /invite ask for that person', async () => {
  await everyone(({asked}, nick, written) => {
    expect(asked(`/msg ${written} psst`)).toMatchObject([{type: 'tell', to: nick, text: 'psst'}]);
    expect(asked(`/link ${written}`)).toEqual([{type: 'link', to: nick}]);
    expect(asked(`/unlink ${written}`)).toEqual([{type: 'unlink', from: nick}]);
    expect(asked(`/invite ${written}`)).toMatchObject([{type: 'invite', nicknames: [nick]}]);
  });
});

test('/invite of several invites them all', async () => {
  await everyone(({asked, client}, _nick, _written, nicks) => {
    const crowd = crowdOf(client.state);
    const line = `/invite ${nicks.map(nick => writeNickname(nick, crowd)).join(',')}`;
    expect(asked(line)).toMatchObject([{type: 'invite', nicknames: nicks}]);
  });
});

test('what is shown of somebody, in quotes, reaches nobody else', async () => {
  await everyone(({asked, client}, nick) => {
    const label = client.state.people.labelOf(nick).replaceAll(/["\\]/g, '\\$&');
    const requests = asked(`/msg "${label}" psst`);
    // It is refused where it is the exact name of somebody else.
    const isNameOfAnother = client.state.people.get(client.state.people.labelOf(nick));
    if (isNameOfAnother === undefined || isNameOfAnother.nick === nick) {
      expect(requests).toMatchObject([{to: nick}]);
    } else expect(requests).toEqual([]);
  });
});

test('/reply answers the person who has written', async () => {
  await everyone(({asked, end}, nick) => {
    end.tell({type: 'message', scope: 'direct', from: nick, text: '?'});
    expect(asked('/reply oui')).toMatchObject([{type: 'tell', to: nick}]);
  });
});

test('/accept and /decline answer the invitation of that person', async () => {
  await everyone(({asked, end, client}, nick, written, nicks) => {
    for (const accepted of [true, false]) {
      const waiting = client.state.invitations.map(({from}) => from);
      for (const from of nicks) {
        if (!waiting.includes(from)) end.tell({type: 'invitation', from, mode: 'centralised'});
      }
      expect(asked(`/${accepted ? 'accept' : 'decline'} ${written}`)).toEqual([
        {type: 'answer', from: nick, accepted},
      ]);
      end.tell({type: 'invitation-ended', from: nick, reason: 'accepted'});
      expect(client.state.invitations.map(({from}) => from).toSorted()).toEqual(
        nicks.filter(other => other !== nick).toSorted(),
      );
    }
  });
});

test('/ignore silences that person alone', async () => {
  await everyone(({client, end}, nick, written, nicks) => {
    client.submit(`/ignore ${written}`, 'public');
    for (const from of nicks) end.tell({type: 'message', scope: 'public', from, text: 'hi'});
    const others = nicks.filter(other => other !== nick);
    expect(lastAuthors(client.state, others.length)).toEqual(others);
    client.submit(`/unignore ${written}`, 'public');
    expect(client.state.ignored.size).toBe(0);
  });
});

test('a private connection is with that person, and their look-alikes are not heard in it', async () => {
  await everyone(({asked, client, end}, nick, _written, nicks) => {
    end.tell({type: 'link-opened', nick});
    expect(asked('psst')).toMatchObject([{type: 'tell', scope: 'link', to: nick}]);
    const length = () => client.state.conversations.room.end;
    const before = length();
    for (const from of nicks) end.tell({type: 'message', scope: 'link', from, text: 'hi'});
    expect(length()).toBe(before + 1);
    for (const other of nicks) if (other !== nick) end.tell({type: 'link-closed', nick: other});
    expect(client.state.link?.nick).toBe(nick);
    end.tell({type: 'link-closed', nick});
    expect(client.state.link).toBeUndefined();
  });
});
