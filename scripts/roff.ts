/** Manual pages, in the macros of man(7), which man-db and mandoc both read. */
import {standIns} from '../source/tui/theme/signs.ts';

export type Page = {
  readonly name: string;
  readonly section: number;
  /** What the page is about, for `apropos`. */
  readonly summary: string;
  readonly version: string;
  readonly sections: readonly Section[];
  /** Other pages: `chat-tui(1)`. */
  readonly seeAlso: readonly string[];
};

export type Section = {readonly title: string; readonly blocks: readonly Block[]};

/**
 * A string is a paragraph. Pairs are a list: what is typed, and what that means. `code` is shown as it is, and `title`
 * stands above a part of a section.
 */
export type Block =
  | string
  | {readonly pairs: ReadonlyArray<readonly [shown: string, means: string]>}
  | {readonly code: readonly string[]}
  | {readonly title: string};

/** Of the last change of the pages: not today's, so that the same tables give the same pages. */
const date = '2026-12-01';

export function roff({name, section, summary, version, sections, seeAlso}: Page): string {
  const title = name.toUpperCase();
  const body = [
    '.SH NAME',
    `${escaped(name)} \\- ${escaped(summary)}`,
    ...sections.flatMap(({title, blocks}) => [
      `.SH ${quoted(title)}`,
      ...blocks.flatMap((block, index) => written(block, blocks[index - 1])),
    ]),
    '.SH "SEE ALSO"',
    seeAlso.map(page => `\\fB${escaped(page).replace('(', '\\fR(')}`).join(',\n'),
  ];
  const head = [
    '.\\" Made by npm run generate: change the tables, not this file.',
    `.TH ${quoted(title)} ${section} ${date} ${quoted(`chat-tui ${version}`)} ${quoted('chat-tui')}`,
    ...asciiSigns(body.join('')),
  ];
  return `${[...head, ...body].join('\n')}\n`;
}

/** What stands for the signs of this page where the terminal has ASCII alone: the same as on the screen of the program. */
function asciiSigns(body: string): readonly string[] {
  const here = Object.entries(standIns).filter(([sign]) => body.includes(escaped(sign)));
  const lines = here.map(([sign, standIn]) => `.fchar ${escaped(sign)} ${escaped(standIn)}`);
  return lines.length === 0 ? [] : [`.if '\\*(.T'ascii' \\{\\`, ...lines, '.\\}'];
}

/** @param before Under a title a paragraph begins without a request for one. */
function written(block: Block, before: Block | undefined): readonly string[] {
  const isFirst = before === undefined || (typeof before !== 'string' && 'title' in before);
  const paragraph = isFirst ? [] : ['.PP'];
  if (typeof block === 'string') return [...paragraph, ...filled(block)];
  if ('title' in block) return [`.SS ${quoted(block.title)}`];
  if ('code' in block)
    return [...paragraph, '.in +4n', '.EX', ...block.code.map(line), '.EE', '.in'];
  return block.pairs.flatMap(([shown, means]) => [
    '.TP',
    `\\fB${escaped(shown)}\\fR`,
    ...(means === '' ? ['\\&'] : filled(means)),
  ]);
}

/** In lines of at most 80 bytes, as mandoc asks for. */
function filled(text: string): readonly string[] {
  const rows: string[] = [];
  for (const word of escaped(text).split(' ')) {
    const longer = `${rows.at(-1)} ${word}`;
    if (rows.length > 0 && longer.length <= 78) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows.map(protectedLine);
}

function line(text: string): string {
  return protectedLine(escaped(text));
}

/** A dot at the beginning of a line would make it a request. */
function protectedLine(row: string): string {
  return row.startsWith('.') ? `\\&${row}` : row;
}

/** As an argument of a macro, where blanks end one. */
function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

/** So that nothing in the text is a request, and every character is the one that it is in the table. */
function escaped(text: string): string {
  const characters = Array.from(text, character => {
    const name = names[character];
    if (name !== undefined) return name;
    const code = character.codePointAt(0) ?? 0;
    return code < 0x7f ? character : `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
  return characters.join('');
}

/** What troff would read as something else, or print as another sign. */
const names: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '"': '\\(dq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};
