import {type Command, isThere} from '../../client/command.ts';
import {commandPair, groupTitles} from '../../client/help.ts';
import {
  type HelpPair,
  invitationPairs,
  marks,
  topicNames,
  topicSummaries,
} from '../../client/help-topics.ts';
import type {State} from '../../client/state.ts';
import {type Context, contextTitles, keyBindings, keyLabel} from '../input/key-bindings.ts';
import {toWidth, widthOf} from '../text/width.ts';
import {wrap} from '../text/wrap.ts';

/** One row: a line of it, or two beside each other. */
export type HelpRow = readonly HelpLine[];

/** `text` fills its column if there is another one on the right. */
export type HelpLine = {readonly text: string; readonly isTitle: boolean};

export type HelpWanted = {
  readonly commands: readonly Command[];
  readonly features: State['features'];
  /** Name of a command or a topic: then only that is explained. */
  readonly topic: string | undefined;
  /** Only what has all these words is shown. */
  readonly filter: string;
  readonly columns: number;
};

/** The help, made from the tables of commands, of keys and of topics. What the protocol lacks is left out. */
export function helpRowsFor(wanted: HelpWanted): readonly HelpRow[] {
  const {columns, filter} = wanted;
  const blocks = blocksFor(wanted).flatMap(block => filtered(block, filter));
  if (columns < wideColumns || blocks.length < 2)
    return blocks.flatMap(block => linesOf(block, columns)).map(one => [one]);
  const width = Math.floor(columns / 2);
  const heights = blocks.map(block => linesOf(block, width));
  const end = evenSplit(heights.map(({length}) => length));
  const left = heights.slice(0, end).flat();
  const right = heights.slice(end).flat();
  return Array.from({length: Math.max(left.length, right.length)}, (_, index) => {
    const {text = '', isTitle = false} = left[index] ?? {};
    return [{text: toWidth(text, width), isTitle}, right[index] ?? {text: '', isTitle: false}];
  });
}

/** From this width on there are two columns. */
const wideColumns = 100;

type Block = {readonly title: string; readonly pairs: readonly HelpPair[]};

function blocksFor({commands, features, topic}: HelpWanted): readonly Block[] {
  const keys = contexts.map(context => ({title: contextTitles[context], pairs: keyPairs(context)}));
  if (topic === 'keys') return keys;
  if (topic === 'marks') return [{title: 'Marks', pairs: marks}];
  if (topic === 'invitations') {
    return [{title: 'Invitations', pairs: invitationPairs(features)}];
  }
  const command = commands.find(({name}) => name === topic);
  if (command !== undefined) return [{title: `/${command.name}`, pairs: [commandPair(command)]}];
  const groups = Object.entries(groupTitles).map(([group, title]) => ({
    title,
    pairs: commands
      .filter(candidate => candidate.group === group && isThere(candidate, features))
      .map(commandPair),
  }));
  const topics = topicNames.map(name => [`/help ${name}`, topicSummaries[name]] as const);
  return [
    ...keys.filter(({title}) => title !== contextTitles.rooms || features.has('named-rooms')),
    ...groups,
    {title: 'Topics', pairs: topics},
    {title: 'Marks', pairs: marks},
  ];
}

/** The others are there for a moment, and say themselves which keys they have. */
const contexts = [
  'everywhere',
  'composer',
  'search',
  'messages',
  'journey',
  'users',
  'invitations',
  'rooms',
  'switcher',
  'mentions',
] as const satisfies readonly Context[];

function keyPairs(context: Context): readonly HelpPair[] {
  return keyBindings
    .filter(binding => binding.context === context)
    .map(({keys, summary}) => [keys.map(keyLabel).join(', '), summary]);
}

/** Nothing if nothing of it is wanted. */
function filtered({title, pairs}: Block, filter: string): readonly Block[] {
  const words = filter.toLowerCase().split(/\s+/);
  const found = pairs.filter(([shown, does]) => {
    const text = `${shown} ${does} ${title}`.toLowerCase();
    return words.every(word => text.includes(word));
  });
  return found.length === 0 ? [] : [{title, pairs: found}];
}

function linesOf({title, pairs}: Block, columns: number): readonly HelpLine[] {
  const widest = pairs.reduce((most, [shown]) => Math.max(most, widthOf(shown)), 0);
  const left = Math.min(widest + 2 * margin, maximumLeft, Math.floor(columns / 2));
  return [
    ...wrap(title, columns - 1).map(row => ({text: ` ${row}`, isTitle: true})),
    ...pairs.flatMap(([shown, does]) => pairLines(shown, does, {columns, left})),
  ];
}

/** The name on the left and the summary on the right, or below it on a narrow screen. */
function pairLines(
  name: string,
  does: string,
  {columns, left}: {readonly columns: number; readonly left: number},
): readonly HelpLine[] {
  const right = columns - left - margin;
  if (columns < minimumForPairs || widthOf(name) > left - 2) {
    return [
      ...wrap(name, columns - 2 * margin).map(row => line(`  ${row}`)),
      ...wrap(does, columns - 4 * margin).map(row => line(`      ${row}`)),
    ];
  }
  return wrap(does, right).map((row, index) =>
    line(`  ${toWidth(index === 0 ? name : '', left - 2)}${row}`),
  );
}

const margin = 2;
/** In cells, for the names. A longer one has a row of its own. */
const maximumLeft = 38;
const minimumForPairs = 50;

function line(text: string): HelpLine {
  return {text, isTitle: false};
}

/** The number of blocks for the left column, so that the longer column is as short as it can be. */
function evenSplit(heights: readonly number[]): number {
  const sum = (part: readonly number[]) => part.reduce((total, height) => total + height, 0);
  const longer = (end: number) => Math.max(sum(heights.slice(0, end)), sum(heights.slice(end)));
  let best = heights.length;
  for (let end = 0; end < heights.length; end++) if (longer(end) < longer(best)) best = end;
  return best;
}
