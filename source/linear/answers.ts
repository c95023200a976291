/** What the screen shows when it is asked, as lines. */
import {withoutProtocol} from '../client/address.ts';
import {isThere} from '../client/command.ts';
import {commands} from '../client/commands.ts';
import {type ConversationId, isDirect} from '../client/conversations.ts';
import {findCommands} from '../client/find-commands.ts';
import {groupTitles} from '../client/help.ts';
import {invitationPairs} from '../client/help-topics.ts';
import {lastMentions} from '../client/last-mentions.ts';
import {roomLabels} from '../client/room-names.ts';
import {noMentions, noRooms} from '../client/sentences.ts';
import {
  here,
  historyOf,
  type ListedRoom,
  type MessageEntry,
  openConversations,
  type State,
} from '../client/state.ts';
import {timeOf} from '../client/times.ts';
import {ownCommands} from './own-commands.ts';
import {countForYou, type UnreadMessage} from './unread.ts';
import {
  counted,
  durationWords,
  listOf,
  messageLines,
  modeWords,
  placeWords,
  prefixOf,
  type Rendering,
  readersWords,
  sentence,
  spoken,
  waitWords,
} from './words.ts';

/** Everything, one command, or a topic. A command of the linear mode takes the place of one of the same name. */
export function helpLines(topic: string | undefined, {features}: State): readonly string[] {
  if (topic === 'keys') return keyLines;
  if (topic === 'marks') return markLines;
  if (topic === 'invitations') {
    return invitationPairs(features)
      .filter(([typed]) => typed !== 'in the pane')
      .map(([typed, does]) => sentence(`${typed}: ${does}`));
  }
  const own = ownCommands.find(({name}) => name === topic);
  if (own !== undefined) return [commandLine(own)];
  const [command] = topic === undefined ? [] : findCommands(commands, topic);
  if (command !== undefined) {
    const also =
      command.aliases.length === 0
        ? []
        : [`Also ${listOf(command.aliases.map(word => `/${word}`))}.`];
    return [[commandLine(command), ...also].join(' ')];
  }
  const groups = Object.entries(groupTitles).flatMap(([group, title]) => [
    `Group: ${title}.`,
    ...commands
      .filter(candidate => candidate.group === group && isThere(candidate, features))
      .filter(({name}) => !ownCommands.some(one => one.name === name))
      .map(commandLine),
  ]);
  return [
    ...groups,
    'Group: Lines and numbers.',
    ...ownCommands.map(commandLine),
    '/help keys, /help invitations and /help marks say more. //text says a text that begins with a slash.',
  ];
}

function commandLine({
  name,
  usage,
  summary,
}: {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
}): string {
  return sentence(`${`/${name} ${usage}`.trimEnd()}: ${summary}`);
}

const keyLines = [
  'Enter sends the line.',
  'Backspace, Ctrl-W and Ctrl-U take back a character, a word, the line.',
  'The arrows up and down write earlier lines again.',
  'Tab completes a name, a command or an emoji, and says in a line what can stand there.',
  'Ctrl-C drops the line; in an empty line it leaves. So does Ctrl-D. Ctrl-Z stops the program.',
];

const markLines = [
  'A message of yours that has arrived is not told, unless you type /marks all.',
  'One that was not confirmed has a number: /retry with it sends it again, /journey tells what happened to it.',
  'For you: somebody names you. Privately: nobody else reads it.',
];

/** Who you are, where, what waits: a line each. */
export function whereLines(
  state: State,
  unread: readonly UnreadMessage[],
  invitations: readonly string[],
  now: number,
): readonly string[] {
  const {nick, server, protocol, users, room, people, sentInvitations, ignored} = state;
  const others = openConversations(state).filter(isDirect);
  const asked = sentInvitations.filter(({until = Number.POSITIVE_INFINITY}) => until > now);
  return [
    `You are ${spoken(nick)} at ${withoutProtocol(server)}, in ${protocol}.`,
    sentence(`What you type goes to ${readersWords(here(state), state)}`),
    `${users.size} here.`,
    ...(room === undefined
      ? []
      : [
          sentence(
            `You are in ${placeWords('room', state)}, ${modeWords[room.mode]}, with ${
              listOf(
                room.members
                  .filter(member => member !== nick)
                  .map(member => spoken(people.labelOf(member))),
              ) || 'nobody else'
            }`,
          ),
        ]),
    ...(others.length === 0
      ? []
      : [`Conversations with ${listOf(others.map(id => placeWords(id, state)))}.`]),
    unreadLine(unread, state),
    ...invitations,
    ...asked.map(({to, until}) => {
      const left = until === undefined ? '' : ` ${durationWords(until - now)} left.`;
      return `${spoken(people.labelOf(to))} has not answered your invitation.${left}`;
    }),
    ...(ignored.size === 0
      ? []
      : [`You ignore ${listOf([...ignored].map(one => spoken(people.labelOf(one))))}.`]),
  ];
}

function unreadLine(unread: readonly UnreadMessage[], state: State): string {
  const counts = new Map<ConversationId, number>();
  for (const {conversation} of unread) {
    counts.set(conversation, (counts.get(conversation) ?? 0) + 1);
  }
  if (counts.size === 0) return 'Nothing is unread.';
  const words = [...counts].map(
    ([id, count]) => `${count} ${isDirect(id) ? 'from' : 'in'} ${placeWords(id, state)}`,
  );
  return `Unread: ${listOf(words)}. /unread reads them.`;
}

/** `14 messages, 2 for you`; undefined if there are none. */
export function unreadCount(unread: readonly UnreadMessage[], state: State): string | undefined {
  if (unread.length === 0) return undefined;
  const forYou = countForYou(unread, state);
  return `${counted(unread.length, 'message')}${forYou === 0 ? '' : `, ${forYou} for you`}`;
}

/** How the connection is. @param troubles Numbers of the texts that failed. */
export function statusLines(
  {connection, statistics, server, memberStates, people}: State,
  kept: number,
  troubles: readonly number[],
  now: number,
): readonly string[] {
  const {sent, received, retransmissions, roundTripMs} = statistics;
  return [
    connectionLine(connection, withoutProtocol(server), roundTripMs, now),
    `${sent} sent, ${received} received, ${retransmissions} sent again.`,
    ...[...memberStates].map(([nick, {roundTripMs: ms, silentSince}]) => {
      const name = spoken(people.labelOf(nick));
      if (silentSince !== undefined) {
        return `${name} has not answered for ${waitWords(now - silentSince)}.`;
      }
      return ms === undefined ? `${name} answers.` : `${name} answers after ${durationWords(ms)}.`;
    }),
    ...(kept === 0 ? [] : [`${counted(kept, 'message')} kept until the hub is back.`]),
    ...(troubles.length === 0
      ? []
      : [
          `Not confirmed: message ${listOf(troubles.map(String))}. /retry and the number sends again.`,
        ]),
  ];
}

function connectionLine(
  connection: State['connection'],
  server: string,
  roundTripMs: number | undefined,
  now: number,
): string {
  switch (connection.phase) {
    case 'connected':
      return roundTripMs === undefined
        ? `Connected to ${server}.`
        : `Connected to ${server}, which answers after ${durationWords(roundTripMs)}.`;
    case 'connecting': {
      const {tries} = connection;
      const count = tries === undefined ? '' : `, ${tries.count} of ${tries.of} tries`;
      return `Asking ${server}${count}.`;
    }
    case 'retrying': {
      const {since, at} = connection;
      const silent = since === undefined ? 'not there' : `silent for ${waitWords(now - since)}`;
      return `Hub ${silent}, next try in ${waitWords(at - now)}.`;
    }
    case 'refused': {
      const {message, retryAt} = connection;
      const again = retryAt === undefined ? '' : ` Trying again in ${waitWords(retryAt - now)}.`;
      return sentence(message) + again;
    }
    case 'closed':
      return 'Not connected: /connect and an address goes to a hub.';
  }
}

/** The named rooms, a line each. */
export function roomLines(rooms: readonly ListedRoom[]): readonly string[] {
  if (rooms.length === 0) return [sentence(noRooms)];
  const labels = roomLabels(rooms);
  return rooms.map(({name, mode, members}) => {
    const people = counted(members, 'person', 'people');
    return `Room "${labels.get(name) ?? ''}", ${modeWords[mode]}, ${people}. /join ${labels.get(name) ?? ''}`;
  });
}

/** Messages with the place at each change and the time last. */
export function pastLines(
  messages: readonly UnreadMessage[],
  state: State,
  render: Rendering,
): readonly string[] {
  let place: ConversationId = 'public';
  return messages.flatMap(({conversation, entry}) => {
    const prefix =
      conversation === place || isDirect(conversation) ? '' : prefixOf(conversation, state);
    if (!isDirect(conversation)) place = conversation;
    const isOwn = entry.id !== undefined;
    const name = isOwn && !entry.isAction ? 'You' : spoken(entry.author);
    const lead = isOwn ? '' : leadOf(entry, conversation);
    const lines = messageLines(entry, name, prefix + lead, render);
    return [...lines.slice(0, -1), `${lines.at(-1)} (${timeOf(entry.at)})`];
  });
}

function leadOf({isMention}: MessageEntry, conversation: ConversationId): string {
  if (isDirect(conversation)) return 'Privately, ';
  return isMention ? 'For you, ' : '';
}

/** The newest messages of a conversation, oldest first. */
export function lastMessages(
  state: State,
  conversation: ConversationId,
  count: number,
): readonly UnreadMessage[] {
  const found: UnreadMessage[] = [];
  for (const [, entry] of historyOf(state, conversation).backwards()) {
    if (found.length === count) break;
    if (entry.kind === 'message') found.unshift({conversation, entry});
  }
  return found;
}

/** Where the user was mentioned, newest first. */
export function mentionLines(state: State, render: Rendering): readonly string[] {
  const found = lastMentions(state);
  return found.length === 0 ? [sentence(noMentions)] : pastLines(found, state, render);
}

/** The newest message of that person, wherever it is. */
export function newestOf(state: State, nick: string): MessageEntry | undefined {
  let newest: MessageEntry | undefined;
  for (const id of openConversations(state)) {
    for (const [, entry] of historyOf(state, id).backwards()) {
      if (entry.kind !== 'message' || entry.from !== nick) continue;
      if (newest === undefined || entry.at > newest.at) newest = entry;
      break;
    }
  }
  return newest;
}
