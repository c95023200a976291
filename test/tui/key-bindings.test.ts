import {expect, test} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import {actionFor, keyBindings, keyLabel} from '../../source/tui/input/key-bindings.ts';
import {helpLines} from '../../source/tui/overlays/help-lines.ts';

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

test('the help names every command and every key outside of itself and the form', () => {
  const help = helpLines(commands, undefined, 200)
    .map(({text}) => text)
    .join('\n');
  for (const {name} of commands) expect(help).toContain(`/${name}`);
  for (const {context, keys} of keyBindings) {
    if (context === 'help' || context === 'form') continue;
    for (const key of keys) expect(help).toContain(keyLabel(key));
  }
});

test('the help about one command is about that alone', () => {
  const lines = helpLines(commands, 'invite', 80).map(({text}) => text);
  expect(lines.join('\n')).toContain('/invite NICK… [--decentralised]');
  expect(lines.length).toBeLessThan(5);
});
