/** Contrast as WCAG 2.2 computes it (relative luminance; 1.4.3), of the colours that xterm gives the numbers from 16 to 255. */
import {expect, test} from 'vitest';
import type {Background, Colour} from '../../../source/theme-settings.ts';
import {palettes} from '../../../source/tui/theme/palettes.ts';

/** What is common: black or nearly so, and Solarized. */
const backgrounds: Readonly<Record<Background, readonly string[]>> = {
  dark: ['#000000', '#16181d', '#1e1e1e', '#002b36'],
  light: ['#ffffff', '#fdf6e3'],
};

const pairs = (['dark', 'light'] as const).flatMap(name => {
  const {names, ...colours} = palettes[name];
  const {bar, selection, mention} = colours;
  const onTheTerminal = [
    ...(['accent', 'delivered', 'onItsWay', 'failed', 'unread', 'links', 'mentionMark'] as const),
  ].map(role => ({role: `${role}`, colour: colours[role], least: 4.5}));
  const quiet = (['notices', 'dividers'] as const).map(role => ({
    role: `${role}`,
    colour: colours[role],
    least: 3,
  }));
  const people = names.map(colour => ({role: `name ${colour}`, colour, least: 4.5}));
  return [
    ...backgrounds[name].flatMap(background =>
      [...onTheTerminal, ...quiet, ...people].map(pair => ({...pair, name, background})),
    ),
    // The state of the connection in the status bar, and the hint at its end.
    ...[bar, colours.delivered, colours.onItsWay, colours.failed].map(colour => ({
      role: `${colour} on the bar`,
      colour,
      least: 4.5,
      name,
      background: colours.barBackground,
    })),
    {
      role: 'the hint on the bar',
      colour: colours.notices,
      least: 3,
      name,
      background: colours.barBackground,
    },
    ...[
      {role: 'selection', colour: selection, background: colours.selectionBackground},
      {role: 'mention', colour: mention, background: colours.mentionBackground},
    ].map(pair => ({...pair, least: 4.5, name})),
  ];
});

test.each(pairs)(
  '$name: $role ($colour) on $background can be read',
  ({colour, background, least}) => {
    expect(contrast(rgbOf(colour), rgbOf(background))).toBeGreaterThanOrEqual(least);
  },
);

test.each(['dark', 'light'] as const)('the names of the %s palette are all different', name => {
  const {names} = palettes[name];
  expect(new Set(names).size).toBe(12);
});

test('black on white has the contrast that the standard gives it', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
});

function contrast(one: readonly number[], other: readonly number[]): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(rgb: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = rgb.map(value => {
    const channel = value / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function rgbOf(colour: Colour): number[] {
  if (typeof colour === 'string') {
    return [1, 3, 5].map(index => Number.parseInt(colour.slice(index, index + 2), 16));
  }
  if (colour < 16) throw new RangeError(`${colour} is what the user of the terminal says it is`);
  if (colour >= 232) return Array(3).fill(8 + (colour - 232) * 10);
  const cube = colour - 16;
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  return [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level);
}
