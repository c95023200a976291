/** The command line in one table: Meow's flags, `--help`, the manual pages and the completions are made from it. */
import {linearChoices} from './linear-settings.ts';
import {protocols} from './protocols/index.ts';
import type {Protocol} from './protocols/protocol.ts';

/** An option. Its key in the table is the name for Meow: `publicHost` is `--public-host`. */
export type Option = {
  readonly type: 'boolean' | 'string';
  readonly shortFlag?: string;
  /** What stands for the value in the help: `NAME`. An option of type `string` has one. */
  readonly value?: string;
  /** What the value is, for completion. By default it is something that only the user knows. */
  readonly takes?: ValueKind;
  /** Is used where the option is missing. */
  readonly environment?: string;
  readonly summary: string;
};

/** `protocols`: several, with commas. A list: one of these words. */
export type ValueKind = 'address' | 'file' | 'protocols' | readonly string[];

/** What a table of options looks like: the first column of the help is its order. */
export type Options = Readonly<Record<string, Option>>;

/** What is typed or ends a program, and what that means. */
export type Pair = readonly [shown: string, means: string];

/** A way to call the program. */
export type Subcommand = {
  /** Empty for the program without a subcommand. */
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly Pair[];
  readonly usage: readonly Pair[];
  readonly options: Options;
  /** What the argument can be, for completion. */
  readonly words?: readonly string[];
  /** Paragraphs about what is no option. */
  readonly notes: readonly string[];
  readonly exitCodes: readonly Pair[];
};

/** Of the protocols. */
const names = protocols.map(({name}) => name);

const help = {type: 'boolean', shortFlag: 'h', summary: 'this text'} as const;

export const clientOptions = {
  server: {
    type: 'string',
    value: 'ADDRESS',
    takes: 'address',
    environment: 'CHAT_TUI_SERVER',
    summary: 'host, host:port, protocol://host:port or a chat-tui:// link',
  },
  nick: {
    type: 'string',
    value: 'NAME',
    environment: 'CHAT_TUI_NICK',
    summary: 'your nickname',
  },
  protocol: {
    type: 'string',
    value: 'NAME',
    takes: names,
    summary: `protocol, if the address names none: ${names.join(', ')}; without it, the one that the hub speaks is found out`,
  },
  ask: {type: 'boolean', summary: 'first ask who you are and where to go'},
  linear: {
    type: 'boolean',
    summary: 'lines instead of a screen; chosen by itself for TERM=dumb (docs/linear.md)',
  },
  screen: {type: 'boolean', summary: 'the screen even so'},
  verbosity: {
    type: 'string',
    value: 'WORD',
    takes: linearChoices.verbosity,
    summary: `with --linear: how much is told, ${linearChoices.verbosity.join(', ')}`,
  },
  marks: {
    type: 'string',
    value: 'WORD',
    takes: linearChoices.marks,
    summary: `with --linear: what is told of your messages, ${linearChoices.marks.join(' or ')}`,
  },
  hold: {
    type: 'string',
    value: 'WORD',
    takes: linearChoices.hold,
    summary: `with --linear: when lines wait, ${linearChoices.hold.join(' or ')}`,
  },
  bell: {
    type: 'string',
    value: 'WORD',
    takes: linearChoices.bell,
    summary: `with --linear: a bell before what is for you, ${linearChoices.bell.join(' or ')}`,
  },
  emoji: {
    type: 'string',
    value: 'WORD',
    takes: linearChoices.emoji,
    summary: `with --linear: emoji as ${linearChoices.emoji.join(' or ')}`,
  },
  prompt: {type: 'string', value: 'TEXT', summary: 'with --linear: before each line that you type'},
  headless: {
    type: 'boolean',
    summary: 'commands on standard input, one JSON event a line on standard output',
  },
  wait: {
    type: 'boolean',
    summary: 'with --headless: try until the hub can be found, answers, and has a place',
  },
  onRefusal: {
    type: 'string',
    value: 'WHAT',
    takes: ['end', 'stay'],
    summary:
      'with --headless, if another hub or name is refused: end, as without it, or stay: go back to the one before',
  },
  trace: {
    type: 'boolean',
    summary:
      'with --headless: tell every attempt to bring a text somewhere, and every confirmation',
  },
  jsonSchema: {
    type: 'boolean',
    summary: 'print what --headless reads and writes, as a JSON Schema',
  },
  config: {
    type: 'boolean',
    summary: 'print the path of the settings file: nickname, theme, colours',
  },
  help,
  version: {
    type: 'boolean',
    shortFlag: 'v',
    summary: 'version of the program, of Node, and the protocols',
  },
} as const satisfies Options;

export const serveOptions = {
  host: {type: 'string', value: 'ADDRESS', summary: 'IPv4 address to listen on (0.0.0.0)'},
  port: {
    type: 'string',
    value: 'PORT',
    summary:
      'first of the ports, one for each protocol in their order; 0 for any ' +
      `(${protocols[0]?.defaultPort})`,
  },
  protocols: {
    type: 'string',
    value: 'LIST',
    takes: 'protocols',
    summary: `which protocols, with commas (${names.join(',')})`,
  },
  publicHost: {
    type: 'string',
    value: 'IP',
    summary: 'the address that peers elsewhere get for users on this machine',
  },
  json: {type: 'boolean', summary: 'listeners and log as JSON, one object a line'},
  help,
} as const satisfies Options;

export const pipeOptions = {
  server: {
    type: 'string',
    value: 'ADDRESS',
    takes: 'address',
    environment: 'CHAT_TUI_SERVER',
    summary: `the hub; with a protocol that has private connections: ${linkProtocols()}`,
  },
  nick: clientOptions.nick,
  accept: {
    type: 'string',
    value: 'NICK',
    summary: 'accept the request of NICK; requests of others are left unanswered',
  },
  help,
} as const satisfies Options;

/** What is the same for one text and one event. */
const oneShotOptions = {
  server: {
    type: 'string',
    value: 'ADDRESS',
    takes: 'address',
    environment: 'CHAT_TUI_SERVER',
    summary: 'the hub',
  },
  nick: clientOptions.nick,
  protocol: clientOptions.protocol,
  timeout: {
    type: 'string',
    value: 'SECONDS',
    summary: 'give up after that time, which begins at the start (30)',
  },
  help,
} as const satisfies Options;

export const sayOptions = {
  to: {
    type: 'string',
    value: 'NICK',
    summary: 'to that person alone, in a protocol that has direct messages',
  },
  ...oneShotOptions,
} as const satisfies Options;

export const waitOptions = {
  for: {
    type: 'string',
    value: 'TYPE',
    summary: 'message, arrived, invitation, room-members: any type of --headless (message)',
  },
  from: {type: 'string', value: 'NICK', summary: 'only if they cause it: the exact nickname'},
  match: {
    type: 'string',
    value: 'REGEXP',
    summary:
      'only if the text has it: an expression of JavaScript. What takes longer than 0.1 s is no match',
  },
  ...oneShotOptions,
} as const satisfies Options;

export const completionOptions = {help} as const satisfies Options;

export const chat: Subcommand = {
  name: '',
  summary: 'a full-screen chat for the terminal, and the hub it talks to',
  examples: [
    ['chat-tui', 'a hub of your own and you in it; later, where you were last'],
    ['chat-tui chat.example', "somebody else's hub"],
    ['chat-tui res302://127.0.0.1:30200 --nick alice', ''],
    ["chat-tui 'chat-tui://chat.example:4711?protocol=cosp'", ''],
    ["echo 'salut' | chat-tui --headless --server 127.0.0.1:30200 --nick robot", ''],
  ],
  usage: [
    ['chat-tui [ADDRESS] [--nick NAME]', 'the full-screen chat'],
    ['chat-tui --linear …', 'the same in lines, to be heard or for a poor terminal'],
    ['chat-tui --headless …', 'the same without a screen: lines in, JSON out'],
    ['chat-tui say TEXT…', 'one text, without the screen (… say --help)'],
    ['chat-tui wait', 'one event, without the screen (… wait --help)'],
    ['chat-tui pipe NICK', "your standard input to NICK's output, and back (… pipe --help)"],
    ['chat-tui serve', 'a hub (… serve --help)'],
    ['chat-tui completion SHELL', 'a script that teaches your shell to complete all of this'],
    ['chat-tui help COMMAND', 'the same as chat-tui COMMAND --help'],
  ],
  options: clientOptions,
  notes: ['In the chat /help lists keys and commands.'],
  exitCodes: [
    ['0', 'done'],
    ['1', 'no connection, thrown out or no room for output'],
    ['2', 'wrong usage'],
    ['128 + n', 'after signal n (headless)'],
  ],
};

export const serve: Subcommand = {
  name: 'serve',
  summary: 'a hub for everybody who can reach it',
  examples: [
    ['chat-tui serve', `everywhere on this machine, ports ${ports()}`],
    ['chat-tui serve --host 127.0.0.1 --port 0 --json', 'for programs on this machine'],
  ],
  usage: [['chat-tui serve [options]', 'a hub for everybody who can reach it']],
  options: serveOptions,
  notes: ['SIGINT, SIGTERM and SIGHUP tell everybody and close; a second one exits at once.'],
  exitCodes: [
    ['0', 'closed after a signal'],
    ['2', 'wrong usage, or an address that cannot be listened on'],
  ],
};

const oneShotCodes: readonly Pair[] = [
  ['2', 'wrong usage'],
  ['3', 'the time is over'],
  ['128 + n', 'after signal n'],
];

export const say: Subcommand = {
  name: 'say',
  summary: 'say a text, wait until it is confirmed, and leave',
  examples: [
    ["chat-tui say --server chat.example --nick robot 'the build is green'", ''],
    ['chat-tui say --to alice -- --help is an option', ''],
  ],
  usage: [['chat-tui say [options] TEXT…', 'the words, with spaces between them']],
  options: sayOptions,
  notes: ['A slash is a slash. A text that is too long for one message goes in parts.'],
  exitCodes: [
    ['0', 'confirmed'],
    ['1', 'not confirmed, refused or no connection'],
    ...oneShotCodes,
  ],
};

export const wait: Subcommand = {
  name: 'wait',
  summary: 'wait for an event, print it as a line of JSON, and leave',
  examples: [
    ["chat-tui wait --server chat.example --nick robot --from bob --match '^deploy'", ''],
    ['chat-tui wait --for arrived --from alice --timeout 3600', ''],
  ],
  usage: [['chat-tui wait [options]', 'the first event that is as the options say']],
  options: waitOptions,
  notes: ['Between two of them nobody listens: a program that must miss nothing uses --headless.'],
  exitCodes: [['0', 'it has come'], ['1', 'refused or no connection'], ...oneShotCodes],
};

export const pipe: Subcommand = {
  name: 'pipe',
  summary: "your standard input to somebody's standard output, and back",
  examples: [
    ['chat-tui pipe --accept alice --server cosp://chat.example --nick bob | tar x', ''],
    ['tar c photos | chat-tui pipe bob --server cosp://chat.example --nick alice', ''],
  ],
  usage: [
    ['chat-tui pipe NICK [options]', 'ask NICK for a private connection'],
    ['chat-tui pipe --accept NICK [options]', 'wait until NICK asks, and accept'],
  ],
  options: pipeOptions,
  notes: [
    "Standard input goes to NICK's standard output byte for byte, and theirs to yours. Start the side with --accept first.",
    "The end of your standard input is passed on, and NICK's bytes still come. The program ends when both sides have ended; if standard input is a terminal, it ends when NICK has.",
  ],
  exitCodes: [
    ['0', 'both sides have ended'],
    ['1', 'refused, declined, not answered in five minutes or broken off'],
    ['2', 'wrong usage'],
    ['128 + n', 'after signal n'],
  ],
};

export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

export const completion: Subcommand = {
  name: 'completion',
  summary: 'print a script that teaches your shell to complete chat-tui',
  examples: [
    ['source <(chat-tui completion bash)', 'in ~/.bashrc'],
    ['source <(chat-tui completion zsh)', 'in ~/.zshrc, behind compinit'],
    ['chat-tui completion fish > ~/.config/fish/completions/chat-tui.fish', ''],
  ],
  usage: [['chat-tui completion SHELL', `SHELL is ${shells.join(', ')}`]],
  options: completionOptions,
  words: shells,
  notes: [
    'The script knows the commands and options of this version: print it again after an update.',
  ],
  exitCodes: [
    ['0', 'done'],
    ['2', 'wrong usage'],
  ],
};

const named = [serve, say, wait, pipe, completion];

export const helpCommand: Subcommand = {
  name: 'help',
  summary: 'print the help about a command',
  examples: [['chat-tui help serve', 'how to run a hub']],
  usage: [['chat-tui help [COMMAND]', `COMMAND is ${named.map(({name}) => name).join(', ')}`]],
  options: {},
  words: named.map(({name}) => name),
  notes: [],
  exitCodes: [['0', 'done']],
};

/** All of them. The words that `--help` and the completions know are the names in here. */
export const subcommands: readonly Subcommand[] = [chat, ...named, helpCommand];

/** `--public-host`. */
export function flagOf(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
}

/** Text for `--help`, in 120 columns: examples first. */
export function helpFor({examples, usage, options, notes, exitCodes}: Subcommand): string {
  const codes = exitCodes.map(([code, means]) => `${code} ${means}`).join(', ');
  const sections = [
    ['Examples', ...lines(examples, 46)],
    ['Usage', ...lines(usage, 46)],
    ...(Object.keys(options).length === 0 ? [] : [['Options', ...lines(optionPairs(options), 22)]]),
    ...notes.map(note => wrapped(note, columns)),
    wrapped(`Exit codes: ${codes}.`, columns),
  ];
  return `${sections.map(section => section.join('\n')).join('\n\n')}\n`;
}

const columns = 118;

/** Each option with its value, `--nick NAME`, and what it does, with the variable that stands for it. */
export function optionPairs(options: Options): readonly Pair[] {
  return Object.entries(options).map(([key, {shortFlag, value, environment, summary}]) => {
    const short = shortFlag === undefined ? '' : `-${shortFlag}, `;
    const long = value === undefined ? flagOf(key) : `${flagOf(key)} ${value}`;
    return [short + long, environment === undefined ? summary : `${summary} (${environment})`];
  });
}

/** Two columns, the second at `left`, wrapped; below the first if that is too long. */
function lines(pairs: readonly Pair[], left: number): readonly string[] {
  return pairs.flatMap(([shown, means]) => {
    const rows = wrapped(means, columns - left - 2).map(row => ' '.repeat(left + 2) + row);
    if (shown.length >= left) return [`  ${shown}`, ...rows.filter(row => row.trim() !== '')];
    const [first = '', ...rest] = rows;
    return [`  ${shown}${first.slice(shown.length + 2)}`.trimEnd(), ...rest];
  });
}

/** All of these are Latin letters, which are one column wide. */
function wrapped(text: string, width: number): string[] {
  const rows = [''];
  for (const word of text.split(' ')) {
    const row = rows.at(-1) ?? '';
    if (row !== '' && row.length + 1 + word.length > width) rows.push(word);
    else rows[rows.length - 1] = row === '' ? word : `${row} ${word}`;
  }
  return rows;
}

export function hasLinks({features}: Protocol): boolean {
  return features.has('links');
}

export function linkProtocols(): string {
  const found = protocols.filter(hasLinks);
  return found.map(({name}) => name).join(', ') || 'none yet';
}

/** `30200 to 30204`: the default ones. */
function ports(): string {
  const all = protocols.map(({defaultPort}) => defaultPort);
  return `${Math.min(...all)} to ${Math.max(...all)}`;
}
