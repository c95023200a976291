/** The files that are made from tables: the manual whole, and the tables in documents between two markers. */
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import manifest from '../package.json' with {type: 'json'};
import {commands} from '../source/client/commands.ts';
import {commandPair, groupTitles} from '../source/client/help.ts';
import {marks} from '../source/client/help-topics.ts';
import {protocols} from '../source/protocols/index.ts';
import {
  type Action,
  contextTitles,
  type KeyBinding,
  keyBindings,
  keyLabel,
} from '../source/tui/input/key-bindings.ts';
import {manualPages} from './manual.ts';
import {protocolTexts} from './protocol-texts.ts';

const root = path.resolve(import.meta.dirname, '..');

/** What each of the files should be, by its path from the root. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const pages = Array.from(manualPages(manifest.version), ([name, page]) => [`man/${name}`, page]);
  const documents = Object.entries(tables).map(async ([file, parts]) => {
    const text = await readFile(path.join(root, file), 'utf8');
    return [file, withTables(file, text, parts)] as const;
  });
  return new Map([
    ...pages.map(([name = '', page = '']) => [name, page] as const),
    ...(await Promise.all(documents)),
  ]);
}

/** Documents, and what is between their markers, `<!-- table: keys -->` and `<!-- end -->`. */
const tables: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'README.md': {marks: markTable, keys: mainKeys, commands: mainCommands, protocols: protocolTable},
  'docs/keys.md': {keys: allKeys},
  'docs/commands.md': {commands: allCommands},
};

/** @throws Error if a table has no place in the document. */
function withTables(
  file: string,
  document: string,
  parts: Readonly<Record<string, () => string>>,
): string {
  return Object.entries(parts).reduce((text, [name, make]) => {
    const place = new RegExp(`(<!-- table: ${name} -->\n)[\\s\\S]*?(<!-- end -->)`);
    if (!place.test(text)) throw new Error(`${file} has no markers for the table ${name}`);
    return text.replace(place, (_, begin: string, end: string) => `${begin}\n${make()}\n${end}`);
  }, document);
}

/** The keys that somebody needs in the first ten minutes, in this order. */
const firstKeys: readonly Action[] = [
  'send',
  'new-line',
  'complete',
  'line-up',
  'search-sent',
  'edit-outside',
  'page-up',
  'page-down',
  'newest',
  'next-unread',
  'switch',
  'pane-1',
  'pane-2',
  'pane-3',
  'pane-4',
  'open-link',
  'help',
  'to-composer',
  'clear-or-leave',
];

/** The commands of which the same is true. */
const firstCommands: readonly string[] = [
  'msg',
  'query',
  'invite',
  'accept',
  'leave',
  'list',
  'search',
  'nick',
  'connect',
  'share',
  'mute',
  'help',
  'quit',
];

const firstBindings = keyBindings.filter(({context}) => /^(composer|everywhere)$/.test(context));

function mainKeys(): string {
  const found = firstKeys.map(name => known(firstBindings, name, ({action}) => action));
  return markdownTable(['key', 'does'], found.map(keyRow));
}

function allKeys(): string {
  const parts = Object.entries(contextTitles).map(([context, title]) => {
    const found = keyBindings.filter(binding => binding.context === context);
    return `## ${title}\n\n${markdownTable(['key', 'does'], found.map(keyRow))}`;
  });
  return parts.join('\n');
}

/** @throws Error if a row of the short tables is no longer in the long one. */
function known<Row>(rows: readonly Row[], name: string, nameOf: (row: Row) => string): Row {
  const found = rows.find(row => nameOf(row) === name);
  if (found === undefined) throw new Error(`there is no ${name} any more`);
  return found;
}

function keyRow({keys, summary}: KeyBinding): readonly string[] {
  return [keys.map(keyLabel).join(', '), summary];
}

function mainCommands(): string {
  const found = firstCommands.map(wanted => known(commands, wanted, ({name}) => name));
  return commandTable(
    found.map(({name, usage, summary}) => [`/${name} ${usage}`.trimEnd(), summary]),
  );
}

function allCommands(): string {
  const parts = Object.entries(groupTitles).map(([group, title]) => {
    const found = commands.filter(command => command.group === group);
    return `## ${title}\n\n${commandTable(found.map(commandPair))}`;
  });
  return parts.join('\n');
}

function commandTable(pairs: ReadonlyArray<readonly [string, string]>): string {
  const rows = pairs.map(([usage, summary]) => [`\`${usage}\``, summary]);
  return markdownTable(['command', 'does'], rows);
}

function markTable(): string {
  return markdownTable(
    ['mark', 'means'],
    marks.map(([mark, means]) => [`\`${mark}\``, means]),
  );
}

function protocolTable(): string {
  const rows = protocols.map(({name, defaultPort}) => [
    `[\`${name}\`](docs/protocols/${name}.md)`,
    String(defaultPort),
    protocolTexts[name]?.summary ?? '',
  ]);
  return markdownTable(['protocol', 'port', 'has'], rows);
}

/** Columns are filled up, so that the table can be read as text too. */
function markdownTable(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const cells = rows.map(row => row.map(cell => cell.replaceAll(/[|<*]/g, '\\$&')));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map(row => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  const rule = widths.map(width => '-'.repeat(width));
  return [head, rule, ...cells].map(line).join('');
}
