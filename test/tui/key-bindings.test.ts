import {expect, test} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import {actionFor, keyBindings, keyLabel} from '../../source/tui/input/key-bindings.ts';
import {type HelpWanted, helpRowsFor} from '../../source/tui/overlays/help-lines.ts';
import {widthOf} from '../../source/tui/text/width.ts';

test('no key means two things in one place', () => {
  const keys = keyBindings.flatMap(({context, keys: names}) =>
    names.map(name => `${context} ${name}`),
  );
  expect(keys).toHaveLength(new Set(keys).size);
});

test('a key that means nothing in a place means there what it means everywhere', () => {
  expect(actionFor('users', 'pageup')).toBe('page-up');
  expect(actionFor('help', 'pageup')).toBe('help-page-up');
  expect(actionFor('users', 'x')).toBeUndefined();
});

test.each([
  ['ctrl-a', 'Ctrl-A'],
  ['alt-<', 'Alt-<'],
  ['shift-tab', 'Shift-Tab'],
  ['ctrl-left', 'Ctrl-←'],
  ['pageup', 'PgUp'],
  ['f1', 'F1'],
  ['a', 'a'],
])('%s is written %s', (key, label) => {
  expect(keyLabel(key)).toBe(label);
});

/** The rows of the help for a protocol that has everything. */
function help(wanted: Partial<HelpWanted> = {}): readonly string[] {
  const features = new Set([
    'invitations',
    'named-rooms',
    'direct-messages',
    'links',
    'presence',
  ] as const);
  const rows = helpRowsFor({
    commands,
    features,
    topic: undefined,
    filter: '',
    columns: 80,
    ...wanted,
  });
  return rows.map(row => row.map(({text}) => text).join(''));
}

test('the help names every command and every key outside of itself and the form', () => {
  const text = help({columns: 200}).join('\n');
  for (const {name} of commands) expect(text).toContain(`/${name}`);
  for (const {context, keys} of keyBindings) {
    if (context === 'help' || context === 'form') continue;
    for (const key of keys) expect(text).toContain(keyLabel(key));
  }
});

test('the help about one command is about that alone', () => {
  const lines = help({topic: 'invite'});
  expect(lines.join('\n')).toContain('/invite NICK… [--decentralised]');
  expect(lines.length).toBeLessThan(5);
});

test('keys come first in the help, in two columns where there is room', () => {
  expect(help()[0]).toContain('Keys everywhere');
  expect(help({columns: 99}).length).toBeGreaterThan(1.5 * help({columns: 120}).length);
  for (const row of help({columns: 120})) expect(widthOf(row)).toBeLessThanOrEqual(120);
});

test('on the smallest screen every row of the help fits', () => {
  for (const row of help({columns: 20})) expect(widthOf(row)).toBeLessThanOrEqual(20);
});

test('the help leaves out what the protocol lacks', () => {
  const text = help({features: new Set(['invitations'])}).join('\n');
  for (const absent of ['/msg', '/rooms', '/link', 'list of rooms'])
    expect(text).not.toContain(absent);
  expect(text).toContain('/invite');
});

test('a search leaves what has all its words, with the titles', () => {
  expect(help({filter: 'NAMED enter'})).toEqual([
    ' Private rooms and connections',
    expect.stringMatching(/^ {2}\/join NAME +enter a named room/),
  ]);
  expect(help({filter: 'xyzzy'})).toEqual([]);
});

test.each([
  ['marks', '✓✓'],
  ['invitations', '/accept'],
  ['keys', 'Ctrl-R'],
])('/help %s is about that alone', (topic, contained) => {
  const text = help({topic}).join('\n');
  expect(text).toContain(contained);
  expect(text).not.toContain('/version');
});
