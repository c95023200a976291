import {isRisky} from '../text/risky.ts';
import {filler, graphemes, widthOf} from '../text/width.ts';

/** CSI; OSC, which hold the links; any other sequence; the end of a row; text. */
const tokens =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
  /\u001b\[([?<=>\d;:]*)[ -/]*([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b.|\n|[^\u001b\n]+/gsu;

/** Ink passes each row by itself. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences begin with one
const rowsPassed = /(?:\u001b\[E){2,}/g;

/** Sequences after which the cursor is on another row, or elsewhere in this one. */
const moves = 'ABEFGH';

/**
 * Makes what Ink writes safe for terminals that measure a text in another way than Ink, and shorter.
 *
 * A cluster of which terminals may think differently is written over spaces, and what follows it begins at a column that is
 * named. So it moves nothing, whatever the terminal makes of it: of a narrower drawing no cell of an earlier frame remains, of a
 * wider one the rest is overwritten or erased. Styles that are switched on and off with nothing between them are left out, and rows
 * that stay as they are are passed at once.
 */
export class FrameWriter {
  readonly #styles = new Styles();
  #out = '';
  #isPlacing = false;
  /** Of the cursor, from 0, while {@link #isPlacing}. */
  #column = 0;
  /** The cluster before this place may reach beyond it on the terminal. */
  #isLoose = false;

  /**
   * @param written Beginning at the left edge, or with a sequence that says where, as all writes of Ink do; to the ends of its
   *   rows, with every style switched off there.
   * @param columns Of the terminal.
   */
  rewrite(written: string, columns: number): string {
    this.#out = '';
    this.#column = 0;
    this.#isPlacing = isRisky(written);
    const shorter = written.replaceAll(rowsPassed, run => `\u001b[${run.length / 3}E`);
    for (const [token, parameters = '', final] of shorter.matchAll(tokens)) {
      if (final === 'm') this.#styles.want(parameters);
      else if (token.startsWith('\u001b') || token === '\n') {
        this.#flush();
        if (token === '\n' || (final !== undefined && moves.includes(final))) this.#endRow(columns);
        this.#out += token;
        if (this.#isPlacing) this.#column = columnAfter(token, parameters, final) ?? this.#column;
      } else {
        this.#flush();
        this.#write(token);
      }
    }
    this.#flush();
    this.#endRow(columns);
    return this.#out;
  }

  #flush(): void {
    this.#out += this.#styles.change();
  }

  #write(text: string): void {
    if (!this.#isPlacing) this.#out += text;
    else if (isRisky(text)) {
      for (const [cluster, cells] of clustersIn(text)) this.#place(cluster, cells);
    } else {
      this.#out += text;
      this.#column += widthOf(text);
      this.#isLoose = false;
    }
  }

  #place(cluster: string, cells: number): void {
    const from = goTo(this.#column);
    this.#column += cells;
    this.#isLoose = isRisky(cluster);
    // A joiner at its end would draw the next character into it.
    const drawn = cluster.replace(/\u200d+$/, '');
    this.#out += this.#isLoose ? ' '.repeat(cells) + from + drawn + goTo(this.#column) : cluster;
  }

  /** At the right edge nothing is left to erase, and the cursor would stand on the last cell. */
  #endRow(columns: number): void {
    if (this.#isLoose && this.#column < columns) this.#out += '\u001b[K';
    this.#isLoose = false;
  }
}

/** The clusters of a text with the cells for each. Fillers belong to the one before them; alone they are spaces. */
function* clustersIn(text: string): Generator<[cluster: string, cells: number]> {
  let last: [string, number] | undefined;
  for (const {text: cluster, width} of graphemes(text)) {
    if (cluster === filler && last !== undefined) last[1]++;
    else {
      if (last !== undefined) yield last;
      last = cluster === filler ? [' ', 1] : [cluster, Math.max(1, width)];
    }
  }
  if (last !== undefined) yield last;
}

function goTo(column: number): string {
  return `\u001b[${column + 1}G`;
}

/** Undefined: the same as before. */
function columnAfter(
  token: string,
  parameters: string,
  final: string | undefined,
): number | undefined {
  if (token === '\n' || final === 'E' || final === 'F') return 0;
  if (final === 'G') return Number(parameters || '1') - 1;
  return final === 'H' ? Number(parameters.split(';')[1] || '1') - 1 : undefined;
}

/** Style codes, and how each is switched off. Bold and dim have the same end. */
const ends: Readonly<Record<string, string>> = {
  1: '22',
  2: '22',
  3: '23',
  4: '24',
  7: '27',
  8: '28',
  9: '29',
  53: '55',
};

/** What the terminal has switched on, and what is wanted for the next text (SGR). */
class Styles {
  /** By what switches them off; bold and dim by themselves. */
  #shown = new Map<string, string>();
  #wanted = new Map<string, string>();

  /** @param parameters Of one style, as Ink writes them. */
  want(parameters: string): void {
    const [code = ''] = parameters.split(';');
    const end = endOf(code);
    if (end === undefined) {
      if (code === '' || code === '0') this.#wanted.clear();
      else if (code === '22') {
        this.#wanted.delete('1');
        this.#wanted.delete('2');
      } else this.#wanted.delete(code);
    } else this.#wanted.set(end === '22' ? code : end, parameters);
  }

  /** @returns What makes the terminal show what is wanted. */
  change(): string {
    let codes = '';
    const begin: string[] = [];
    for (const [key] of this.#shown) {
      if (this.#wanted.has(key)) continue;
      const end = endOf(key) ?? key;
      codes += `\u001b[${end}m`;
      this.#shown.delete(key);
      // The other of bold and dim ends with it.
      if (end === '22') {
        this.#shown.delete('1');
        this.#shown.delete('2');
      }
    }
    for (const [key, parameters] of this.#wanted) {
      if (this.#shown.get(key) === parameters) continue;
      this.#shown.set(key, parameters);
      begin.push(`\u001b[${parameters}m`);
    }
    return codes + begin.join('');
  }
}

/** What switches the style off that this code switches on; undefined if it is no such code. */
function endOf(code: string): string | undefined {
  const end = ends[code];
  if (end !== undefined) return end;
  if (/^(?:3[0-8]|9[0-7])$/.test(code)) return '39';
  if (/^(?:4[0-8]|10[0-7])$/.test(code)) return '49';
  return code === '58' ? '59' : undefined;
}
