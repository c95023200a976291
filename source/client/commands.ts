/** The slash commands: one table. Help, completion and the list in the README are made from it too. */
import {version} from '../version.ts';
import {type Addressed, type Command, fail, show} from './command.ts';
import {help} from './find-commands.ts';
import {unquoted} from './nicknames.ts';
import {addressReply, addressTo, ignore, ping, search, whois} from './people-actions.ts';
import {
  answer,
  close,
  createRoom,
  invite,
  joinRoom,
  leave,
  link,
  listInvitations,
  unlink,
} from './room-actions.ts';
import {stats} from './stats.ts';
import {copy, mute, openLink} from './terminal-actions.ts';

export const commands: readonly Command[] = [
  {
    name: 'me',
    aliases: [],
    usage: 'ACTION',
    summary: 'say what you do: * alice waves',
    group: 'talking',
    address({nick}, argument) {
      if (argument === '') return {code: 'usage', message: 'Type /me and what you do'};
      return {prefix: `* ${nick} `, text: argument};
    },
  },
  {
    name: 'msg',
    aliases: ['w'],
    usage: 'NICK TEXT',
    argument: 'person',
    summary: 'write to one person alone',
    group: 'talking',
    needs: 'direct-messages',
    address: addressTo,
  },
  {
    name: 'query',
    aliases: [],
    usage: 'NICK [TEXT]',
    argument: 'person',
    summary: 'talk with one person alone, until /close',
    group: 'talking',
    needs: 'direct-messages',
    address: addressTo,
    turns: true,
  },
  {
    name: 'reply',
    aliases: ['r'],
    usage: 'TEXT',
    summary: 'answer the last person who wrote to you alone',
    group: 'talking',
    needs: 'direct-messages',
    address: addressReply,
  },
  {
    name: 'away',
    aliases: [],
    usage: '[TEXT]',
    summary: 'say that you are away, and why: * alice is away: lunch',
    group: 'talking',
    address: ({nick}, argument) => presence(nick, 'is away', argument),
  },
  {
    name: 'back',
    aliases: [],
    usage: '[TEXT]',
    summary: 'say that you are back',
    group: 'talking',
    address: ({nick}, argument) => presence(nick, 'is back', argument),
  },
  {
    name: 'shrug',
    aliases: [],
    usage: '[TEXT]',
    summary: 'your text, and a shrug behind it',
    group: 'talking',
    address: (_state, argument) => withFace(argument, '\u00af\\_(\u30c4)_/\u00af'),
  },
  {
    name: 'tableflip',
    aliases: [],
    usage: '[TEXT]',
    summary: 'your text, and a table that flies',
    group: 'talking',
    address: (_state, argument) =>
      withFace(argument, '(\u256f\u00b0\u25a1\u00b0)\u256f\ufe35 \u253b\u2501\u253b'),
  },
  {
    name: 'retry',
    aliases: [],
    usage: '',
    summary: 'send the newest message that was not delivered again',
    group: 'talking',
    run: host => host.client.retry(),
  },
  {
    name: 'rooms',
    aliases: [],
    usage: '',
    summary: 'the named rooms, to choose one',
    group: 'rooms',
    needsConnection: true,
    needs: 'named-rooms',
    run(host) {
      host.client.emit({type: 'room-list'});
      return host.client.request({type: 'rooms'});
    },
  },
  {
    name: 'create',
    aliases: [],
    usage: 'NAME [--decentralised] [--max N]',
    argument: 'new-name',
    summary: 'open a named room, for at most N members',
    group: 'rooms',
    needsConnection: true,
    needs: 'named-rooms',
    run: createRoom,
  },
  {
    name: 'join',
    aliases: ['j'],
    usage: 'NAME',
    summary: 'enter a named room',
    group: 'rooms',
    needsConnection: true,
    needs: 'named-rooms',
    argument: 'room',
    run: joinRoom,
  },
  {
    name: 'invite',
    aliases: [],
    usage: 'NICK… [--decentralised]',
    argument: 'people',
    summary: 'invite into your private room, or into a new one',
    group: 'rooms',
    needsConnection: true,
    needs: 'invitations',
    run: invite,
  },
  {
    name: 'accept',
    aliases: [],
    usage: '[NICK]',
    argument: 'inviter',
    summary: 'accept an invitation',
    group: 'rooms',
    needsConnection: true,
    run: (host, argument) => answer(host, argument, true),
  },
  {
    name: 'decline',
    aliases: [],
    usage: '[NICK]',
    argument: 'inviter',
    summary: 'decline an invitation',
    group: 'rooms',
    needsConnection: true,
    run: (host, argument) => answer(host, argument, false),
  },
  {
    name: 'invites',
    aliases: ['requests'],
    usage: '',
    summary: 'who has invited you',
    group: 'rooms',
    run: listInvitations,
  },
  {
    name: 'leave',
    aliases: ['part'],
    usage: '',
    summary: 'leave the private room; never ends the program',
    group: 'rooms',
    run: leave,
  },
  {
    name: 'close',
    aliases: ['wc'],
    usage: '',
    summary: 'close the conversation with one person; leave a room',
    group: 'rooms',
    run: close,
  },
  {
    name: 'link',
    aliases: [],
    usage: 'NICK',
    argument: 'person',
    summary: 'ask for a private connection: texts for that person alone',
    group: 'rooms',
    needsConnection: true,
    needs: 'links',
    run: link,
  },
  {
    name: 'unlink',
    aliases: [],
    usage: '[NICK]',
    argument: 'person',
    summary: 'close the private connection, or withdraw what you asked',
    group: 'rooms',
    needsConnection: true,
    needs: 'links',
    run: unlink,
  },
  {
    name: 'list',
    aliases: ['who', 'names', 'users'],
    usage: '',
    summary: 'who is here',
    group: 'people',
    needsConnection: true,
    run: host => host.client.request({type: 'list'}),
  },
  {
    name: 'whois',
    aliases: [],
    usage: 'NICK',
    argument: 'person',
    summary: 'what is known of somebody',
    group: 'people',
    run: whois,
  },
  {
    name: 'ping',
    aliases: [],
    usage: '[NICK]',
    argument: 'person',
    summary: 'how long the hub takes to answer',
    group: 'people',
    needsConnection: true,
    run: ping,
  },
  {
    name: 'ignore',
    aliases: [],
    usage: 'NICK',
    argument: 'person',
    summary: 'do not show what somebody writes',
    group: 'people',
    run: (host, argument) => ignore(host, argument, true),
  },
  {
    name: 'unignore',
    aliases: [],
    usage: 'NICK',
    argument: 'ignored',
    summary: 'show it again',
    group: 'people',
    run: (host, argument) => ignore(host, argument, false),
  },
  {
    name: 'mentions',
    aliases: [],
    usage: '',
    summary: 'the last messages that name you, to go to one',
    group: 'people',
    run(host) {
      host.client.emit({type: 'mentions'});
      return true;
    },
  },
  {
    name: 'search',
    aliases: ['lastlog'],
    usage: 'TEXT',
    summary: 'find messages in the conversation you are in',
    group: 'people',
    run: search,
  },
  {
    name: 'open',
    aliases: [],
    usage: '[N]',
    summary: 'open the newest link of the conversation, or the N-th newest',
    group: 'program',
    run: openLink,
  },
  {
    name: 'copy',
    aliases: [],
    usage: '[link] [N]',
    summary: 'copy the newest message or link, or the N-th newest',
    group: 'program',
    run: copy,
  },
  {
    name: 'mute',
    aliases: [],
    usage: 'TIME',
    summary: 'no bell and no notices for 30m, 1h, 2d; off ends that',
    group: 'program',
    run: mute,
  },
  {
    name: 'help',
    aliases: [],
    usage: '[TOPIC]',
    argument: 'topic',
    summary: 'keys and commands; one command; or keys, invitations, marks',
    group: 'program',
    run: (host, argument) => help(commands, host, argument),
  },
  {
    name: 'clear',
    aliases: [],
    usage: '',
    summary: 'empty the conversation on your screen',
    group: 'program',
    run(host) {
      host.client.emit({type: 'cleared', conversation: host.conversation});
      return true;
    },
  },
  {
    name: 'nick',
    aliases: [],
    usage: 'NAME',
    argument: 'new-name',
    summary: 'connect again under another nickname',
    group: 'program',
    run(host, argument) {
      const nick = unquoted(argument);
      if (nick === '') return fail(host, 'usage', 'Type /nick and a name');
      return host.client.connect({nick});
    },
  },
  {
    name: 'connect',
    aliases: ['server'],
    usage: '[ADDRESS]',
    argument: 'hub',
    summary: 'go to another hub; without an address, choose one',
    group: 'program',
    run(host, argument) {
      if (argument !== '') return host.client.connect({server: argument});
      host.client.emit({type: 'choose-hub'});
      return true;
    },
  },
  {
    name: 'share',
    aliases: [],
    usage: '',
    summary: 'how others join this hub: a link and its QR code',
    group: 'program',
    run(host) {
      host.client.share();
      return true;
    },
  },
  {
    name: 'reconnect',
    aliases: [],
    usage: '',
    summary: 'connect again now',
    group: 'program',
    run(host) {
      host.client.reconnect();
      return true;
    },
  },
  {
    name: 'stats',
    aliases: [],
    usage: '',
    summary: 'how well the network carries your messages',
    group: 'program',
    run: stats,
  },
  {
    name: 'version',
    aliases: [],
    usage: '',
    summary: 'of this program',
    group: 'program',
    run: host => show(host, `chat-tui ${version}, Node ${process.versions.node}`),
  },
  {
    name: 'quit',
    aliases: ['exit', 'q'],
    usage: '',
    summary: 'say goodbye and leave',
    group: 'program',
    run(host) {
      host.client.emit({type: 'quit'});
      return true;
    },
  },
];

/** No protocol knows who is away, so it is said to those who are there: as an action, which reads as a mark. */
function presence(nick: string, state: string, reason: string): Addressed {
  return {prefix: `* ${nick} `, text: reason === '' ? state : `${state}: ${reason}`};
}

function withFace(text: string, face: string): Addressed {
  return {text: `${text} ${face}`.trimStart()};
}
