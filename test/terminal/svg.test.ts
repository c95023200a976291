import {expect, test} from 'vitest';
import {svg} from '../../scripts/svg.ts';
import {blankCell, type Cell} from './cell.ts';

function cells(text: string, look: Partial<Cell> = {}): Cell[] {
  return [...text].map(character => ({...blankCell, ...look, text: character}));
}

function texts(row: readonly Cell[]): string[] {
  return svg([row], '').match(/<text.*<\/text>/g) ?? [];
}

test('neighbours of one look are one text, held to the width of its cells', () => {
  expect(texts([...cells('  salut zoé '), ...cells('✓', {foreground: '#98c379'})])).toEqual([
    '<text x="16.8" y="13.5" textLength="75.6" lengthAdjust="spacingAndGlyphs" fill="#d8dee9" xml:space="preserve">salut zoé</text>',
    '<text x="100.8" y="13.5" textLength="8.4" lengthAdjust="spacingAndGlyphs" fill="#98c379" xml:space="preserve">✓</text>',
  ]);
});

test('a wide character takes two cells, and moves nothing after it', () => {
  const wide = [
    {...blankCell, text: '漢', width: 2},
    {...blankCell, width: 0},
  ];
  expect(texts([...wide, ...cells('a')])).toEqual([
    expect.stringMatching(/x="0" .*textLength="16.8".*>漢</),
    expect.stringMatching(/x="16.8" .*textLength="8.4".*>a</),
  ]);
});

test('what was typed cannot become markup', () => {
  expect(texts(cells('</text><script>&'))[0]).toContain('>&lt;/text>&lt;script>&amp;</text>');
});

test('inverse swaps the colours, those of the terminal too', () => {
  const picture = svg([cells('a', {isInverse: true, foreground: '#ff0000'})], '');
  expect(picture).toContain('height="18" fill="#ff0000"/>');
  expect(picture).toMatch(/fill="#16181d"[^>]*>a</);
});
