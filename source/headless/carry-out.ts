/** What each line of input does. */
import type {ChatClient} from '../client/client.ts';
import {directId} from '../client/conversations.ts';
import {asTyped} from '../client/draft.ts';
import {writeNickname} from '../client/nicknames.ts';
import {crowdOf, hereWithAll} from '../client/state.ts';
import {foundEvent, invitationsEvent, statsEvent} from './answers.ts';
import type {PrintedEvent} from './events.ts';
import type {Request} from './requests.ts';
import type {Awaited} from './tags.ts';
import type {Texts} from './texts.ts';

export type LineHost = {
  readonly client: ChatClient;
  readonly texts: Texts;
  print(event: PrintedEvent): void;
};

/** @returns false if nothing was done and an event said why. */
type Action = () => boolean;

/** What the line does, and what answers it later, if something does. */
export type Deed = {readonly action: Action; readonly awaited?: Awaited};

/** A text or a slash command. */
export function deedOfLine(host: LineHost, line: string): Deed {
  const {client, texts} = host;
  const conversation = hereWithAll(client.state);
  const reading = client.read({text: line, conversation});
  if (reading.kind !== 'command') return {action: () => client.submit(line, conversation)};
  const {argument, command} = reading;
  const awaited = awaitedBy[command.name];
  // Beside the sentence for people.
  const answer = (): PrintedEvent | undefined => {
    if (command.name === 'stats') return statsEvent(client.state, texts.times);
    if (command.name === 'invites') return invitationsEvent(client.state, Date.now());
    if (command.name === 'search' && argument !== '') {
      return foundEvent(client.state, conversation, argument);
    }
    return undefined;
  };
  const action = () => {
    const event = answer();
    if (event !== undefined) host.print(event);
    return client.submit(line, conversation);
  };
  return awaited === undefined ? {action} : {action, awaited};
}

const awaitedBy: Readonly<Record<string, Awaited>> = {
  list: 'users',
  rooms: 'rooms',
  create: 'move',
  join: 'move',
  accept: 'move',
  nick: 'connection',
  connect: 'connection',
  reconnect: 'connection',
};

export function deedOf(host: LineHost, request: Request): Deed {
  const {client, texts} = host;
  const {state} = client;
  const written = (nick: string) => writeNickname(nick, crowdOf(state));
  const command = (name: string, ...nicks: readonly (string | undefined)[]) => {
    const names = nicks.filter(nick => nick !== undefined).map(nick => written(nick));
    return deedOfLine(host, [`/${name}`, ...names].join(' '));
  };
  const told = (event: PrintedEvent): Deed => ({
    action: () => {
      host.print(event);
      return true;
    },
  });
  switch (request.do) {
    case 'say':
      return {action: () => say(host, request)};
    case 'line':
      return deedOfLine(host, request.line);
    case 'retry':
      return {action: () => client.retry(request.id)};
    case 'stats':
      return told(statsEvent(state, texts.times));
    case 'invitations':
      return told(invitationsEvent(state, Date.now()));
    case 'search':
      return told(foundEvent(state, hereWithAll(state), request.text));
    case 'create': {
      const {name, mode = 'centralised', max: maximumMembers} = request;
      const wanted = {type: 'create-room', name, mode, maximumMembers} as const;
      return {action: () => client.request(wanted), awaited: 'move'};
    }
    case 'join': {
      const {name} = request;
      return {action: () => client.request({type: 'join-room', name}), awaited: 'move'};
    }
    case 'invite': {
      const {nicks, mode} = request;
      const flag = mode === undefined ? '' : `--${mode} `;
      const names = nicks.map(nick => written(nick)).join(' ');
      return deedOfLine(host, `/invite ${flag}${names}`);
    }
    case 'nick': {
      const {nick} = request;
      return {action: () => client.connect({nick}), awaited: 'connection'};
    }
    case 'connect': {
      const {server, nick} = request;
      const to = nick === undefined ? {server} : {server, nick};
      return {action: () => client.connect(to), awaited: 'connection'};
    }
    case 'list':
    case 'rooms':
    case 'leave':
    case 'quit':
      return command(request.do);
    default:
      return command(request.do, request.nick);
  }
}

export type Saying = Omit<Extract<Request, {do: 'say'}>, 'do'>;

/** Says a text exactly: whatever it begins with, it is no command. @returns As {@link Action}. */
export function say(
  {client, print}: Pick<LineHost, 'client' | 'print'>,
  {text, to, scope, action, split}: Saying,
): boolean {
  const {state} = client;
  // The command says why it cannot go to that person.
  if (to !== undefined && (!state.features.has('direct-messages') || to === state.nick)) {
    return client.submit(`/msg ${writeNickname(to, crowdOf(state))} ${text}`, hereWithAll(state));
  }
  const conversation = to === undefined ? (scope ?? hereWithAll(state)) : directId(to);
  const typed = action === true ? `/me ${text}` : asTyped({text, conversation, pastedAt: 0});
  const parts = split === true ? {isInParts: true as const} : {};
  const reading = client.read({text: typed, conversation, ...parts});
  if (reading.kind !== 'nothing') return client.carryOut(reading);
  print({type: 'error', code: 'usage', message: 'Not sent: there is nothing but spaces in it'});
  return false;
}
