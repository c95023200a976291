/** The manual: what each page says, from the tables and from here. */

import {commands} from '../source/client/commands.ts';
import {commandPair, groupTitles} from '../source/client/help.ts';
import {marks} from '../source/client/help-topics.ts';
import {
  chat,
  type Option,
  optionPairs,
  type Pair,
  pipe,
  type Subcommand,
  serve,
  subcommands,
} from '../source/options.ts';
import {protocols} from '../source/protocols/index.ts';
import type {Feature} from '../source/protocols/protocol.ts';
import {contextTitles, keyBindings, keyLabel} from '../source/tui/input/key-bindings.ts';
import {protocolTexts} from './protocol-texts.ts';
import {type Block, type Page, roff, type Section} from './roff.ts';

/** By the name of the file. A page more is one more entry of this list. */
export function manualPages(version: string): ReadonlyMap<string, string> {
  const pages = [chatPage(version), servePage(version), protocolsPage(version)];
  return new Map(pages.map(page => [`${page.name}.${page.section}`, roff(page)]));
}

function chatPage(version: string): Page {
  const others = subcommands.filter(subcommand => subcommand !== chat && subcommand !== serve);
  return {
    name: 'chat-tui',
    section: 1,
    summary: chat.summary,
    version,
    sections: [
      usageSection(chat),
      {
        title: 'DESCRIPTION',
        blocks: [
          'chat-tui is a chat for the terminal. It shows whether each message has arrived, and has private rooms that go through the hub or directly from peer to peer.',
          'An ADDRESS is host, host:port, protocol://host:port, or a chat-tui:// link as /share shows it. Without an address chat-tui starts a hub of its own, or asks where to go if you have been at the hub of somebody else.',
          ...chat.notes,
        ],
      },
      {title: 'OPTIONS', blocks: [{pairs: optionPairs(chat.options)}]},
      ...others.map(subcommandSection),
      {title: 'COMMANDS IN THE CHAT', blocks: commandBlocks()},
      {title: 'KEYS', blocks: keyBlocks()},
      {title: 'MARKS', blocks: [{pairs: marks}]},
      {title: 'ENVIRONMENT', blocks: [{pairs: [...environmentPairs(), ...otherVariables]}]},
      exitSection(chat),
      examplesSection([chat, pipe]),
    ],
    seeAlso: ['chat-tui-serve(1)', 'chat-tui(7)'],
  };
}

function servePage(version: string): Page {
  return {
    name: 'chat-tui-serve',
    section: 1,
    summary: serve.summary,
    version,
    sections: [
      usageSection(serve),
      {
        title: 'DESCRIPTION',
        blocks: [
          'The hub listens for each protocol at a port of its own, and the users of all of them meet in one chat.',
          'It prints a line for each listener, then its log: who came, from where, with which protocol, and why they left, but never what they wrote. It does not wait for the reader of its log: it counts the lines that are not read, and logs the number.',
          ...serve.notes,
        ],
      },
      {title: 'OPTIONS', blocks: [{pairs: optionPairs(serve.options)}]},
      exitSection(serve),
      examplesSection([serve]),
    ],
    seeAlso: ['chat-tui(1)', 'chat-tui(7)'],
  };
}

function protocolsPage(version: string): Page {
  return {
    name: 'chat-tui',
    section: 7,
    summary: 'the protocols of chat-tui, and what each of them can do',
    version,
    sections: [
      {
        title: 'DESCRIPTION',
        blocks: [
          'A hub speaks several protocols, each at a port of its own, and their users meet in one chat. All read the texts of each other. A client without a protocol in its address finds out which one a hub speaks.',
          'A name that a protocol cannot write is written as it sounds. A request that cannot work between two protocols is refused at once, in the words of the protocol that asks.',
        ],
      },
      ...protocols.map(({name, defaultPort, nicknameRule, maximumTextBytes, features}) => ({
        title: name.toUpperCase(),
        blocks: [
          ...(protocolTexts[name]?.about ?? []),
          {
            pairs: [
              ['Port', String(defaultPort)],
              ['Nicknames', nicknameRule],
              ['Texts', `at most ${maximumTextBytes} bytes of UTF-8`],
              ['Has', Array.from(features, feature => featureTexts[feature]).join(', ')],
            ] as const,
          },
        ],
      })),
      {
        title: 'ROOMS ACROSS PROTOCOLS',
        blocks: [
          `Users of ${listOf('centralised-rooms')} can share a private room through the hub. A room from peer to peer is for one protocol.`,
          `Users of ${listOf('direct-messages')} can write to one person alone.`,
        ],
      },
    ],
    seeAlso: ['chat-tui(1)', 'chat-tui-serve(1)'],
  };
}

const featureTexts: Readonly<Record<Feature, string>> = {
  invitations: 'invitations',
  'centralised-rooms': 'rooms through the hub',
  'decentralised-rooms': 'rooms from peer to peer',
  'named-rooms': 'rooms with names',
  'direct-messages': 'messages to one person',
  links: 'private connections',
  presence: 'news of who comes and goes',
};

function listOf(feature: Feature): string {
  const found = protocols.filter(({features}) => features.has(feature)).map(({name}) => name);
  return new Intl.ListFormat('en-GB').format(found);
}

function usageSection({usage}: Subcommand): Section {
  return {title: 'SYNOPSIS', blocks: [{pairs: usage}]};
}

/** A subcommand that has no page of its own. */
function subcommandSection({name, summary, usage, options, notes, exitCodes}: Subcommand): Section {
  return {
    title: `CHAT-TUI ${name.toUpperCase()}`,
    blocks: [
      `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
      {pairs: usage},
      ...notes,
      {pairs: optionPairs(options)},
      exitSentence(exitCodes),
    ],
  };
}

function exitSentence(exitCodes: readonly Pair[]): string {
  return `Exit codes: ${exitCodes.map(([code, means]) => `${code} ${means}`).join(', ')}.`;
}

function exitSection({exitCodes}: Subcommand): Section {
  return {title: 'EXIT STATUS', blocks: [{pairs: exitCodes}]};
}

function examplesSection(of: readonly Subcommand[]): Section {
  const examples = of.flatMap(({examples}) => examples);
  const blocks = examples.flatMap(([line, means]): readonly Block[] => {
    const does = means === '' ? [] : [`${means.charAt(0).toUpperCase()}${means.slice(1)}:`];
    return [...does, {code: [line]}];
  });
  return {title: 'EXAMPLES', blocks};
}

function commandBlocks(): readonly Block[] {
  const groups = Object.entries(groupTitles).flatMap(([group, title]): readonly Block[] => [
    {title},
    {pairs: commands.filter(command => command.group === group).map(commandPair)},
  ]);
  return [
    'Case does not matter, and a unique beginning of a name is enough. //text sends a text that begins with a slash. A protocol that lacks something has no command for it, and says so.',
    ...groups,
  ];
}

function keyBlocks(): readonly Block[] {
  return Object.entries(contextTitles).flatMap(([context, title]): readonly Block[] => [
    {title},
    {
      pairs: keyBindings
        .filter(binding => binding.context === context)
        .map(({keys, summary}) => [keys.map(keyLabel).join(', '), summary] as const),
    },
  ]);
}

/** The variables that stand for an option, once each. */
function environmentPairs(): readonly Pair[] {
  const options: readonly Option[] = subcommands.flatMap(({options}) => Object.values(options));
  const named = options.flatMap(({environment, summary}) =>
    environment === undefined ? [] : [[environment, summary] as const],
  );
  return [...new Map(named.toReversed())].toReversed();
}

const otherVariables: readonly Pair[] = [
  ['VISUAL, EDITOR', 'the editor for a draft (Ctrl-X Ctrl-E)'],
  ['NO_COLOR', 'takes the colours away, and leaves bold, dim and reverse'],
  ['FORCE_COLOR', 'how many colours there are: 0 to 3'],
  ['COLORFGBG', 'the background of the terminal, if the terminal does not tell it'],
  ['LC_ALL, LC_CTYPE, LANG', 'where none of them says UTF-8, marks are ASCII'],
];
