import fc from 'fast-check';
import {expect, test} from 'vitest';
import {emptyEditor, insert} from '../../source/tui/composer/line-editor.ts';
import {openSwitcher, type Switcher, search} from '../../source/tui/overlays/switcher.ts';
import {initialView} from '../../source/tui/view.ts';
import {FakeClient, users} from './fake-client.ts';

function switcherWith(...nicks: readonly string[]): Switcher {
  const client = new FakeClient(users('alice', ...nicks));
  return openSwitcher(initialView(client.state, {columns: 80, rows: 24}));
}

function found(switcher: Switcher, typed: string): readonly string[] {
  return search(switcher, insert(emptyEditor, typed)).found.map(({label}) => label);
}

test.each([
  ['al', ['al', 'alfred', 'jean al', 'regal', 'ariel']],
  ['AL', ['al', 'alfred', 'jean al', 'regal', 'ariel']],
  ['rgl', ['regal']],
  ['zoe', ['Zoë']],
  ['李', ['李雷']],
  ['pb', ['public']],
  ['zoë', ['Zoë']],
  ['x', []],
])(
  '%j finds the beginning of a name first, then that of a word, then what is inside',
  (typed, expected) => {
    const switcher = switcherWith('ariel', 'regal', 'jean al', 'al', 'alfred', 'Zoë', '李雷');
    expect(found(switcher, typed)).toEqual(expected);
  },
);

test('typing on finds the same as typing at once, and deleting finds all again', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', 'l', 'é', '李', ' '), {maxLength: 5});
  const name = letters.map(parts => `n${parts.join('')}`);
  fc.assert(
    fc.property(fc.uniqueArray(name, {maxLength: 12}), letters, (nicks, typed) => {
      const switcher = switcherWith(...nicks);
      let step = switcher;
      let query = emptyEditor;
      for (const letter of typed) {
        query = insert(query, letter);
        step = search(step, query);
      }
      const atOnce = search(switcher, query);
      expect(new Set(step.found)).toEqual(new Set(atOnce.found));
      expect(search(step, emptyEditor).found).toEqual(switcher.places);
    }),
    {numRuns: 200},
  );
});
