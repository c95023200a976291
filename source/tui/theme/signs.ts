/**
 * For each sign that the program draws, the one in ASCII for terminals that cannot show it. Both are one cell wide, so that
 * the layout stays the same. test/tui/theme/signs.test.ts finds signs that are missing here.
 */
export const standIns: Readonly<Record<string, string>> = {
  '─': '-',
  '╌': '.',
  '│': '|',
  '┬': '+',
  '┴': '+',
  '├': '+',
  '▁': '_',
  '▂': '.',
  '▃': ',',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
  '▸': '>',
  '●': '*',
  '◌': 'o',
  '·': '-',
  '✓': '+',
  '✗': 'x',
  '⟳': '~',
  '…': '.',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '×': 'x',
  '“': '"',
  '”': '"',
};

const signs = new RegExp(`[${Object.keys(standIns).join('')}]`, 'gu');

export function asIs(text: string): string {
  return text;
}

export function inAscii(text: string): string {
  return text.replaceAll(signs, sign => standIns[sign] ?? sign);
}
