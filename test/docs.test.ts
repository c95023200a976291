/** The documents name files and folders: each of them is there. */
import {existsSync, readdirSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {expect, test} from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

/** Every file named like `client/draft.ts`, from the root, from `source/` or from its protocols. */
function namedIn(markdown: string): string[] {
  return Array.from(markdown.matchAll(/`((?:[a-z][\w.-]*\/)+[\w.-]*)`/g), ([, name = '']) => name);
}

function linksIn(markdown: string): string[] {
  const links = Array.from(markdown.matchAll(/\]\(([^)#\s]+)[^)]*\)/g), ([, link = '']) => link);
  return links.filter(link => !/^\w+:/.test(link));
}

test.each([
  'README.md',
  'CONTRIBUTING.md',
  'docs/architecture.md',
  'docs/adding-a-protocol.md',
  'docs/names.md',
  'docs/headless.md',
  'docs/linear.md',
  'docs/keys.md',
  'docs/commands.md',
  'docs/protocols/bridge.md',
])('%s names only files that are there', async file => {
  const markdown = await readFile(path.join(root, file), 'utf8');
  const isThere = (name: string) =>
    ['', 'source', 'source/protocols'].some(folder => existsSync(path.join(root, folder, name)));
  expect(namedIn(markdown).filter(name => !isThere(name))).toEqual([]);
  const folder = path.dirname(path.join(root, file));
  expect(linksIn(markdown).filter(link => !existsSync(path.join(folder, link)))).toEqual([]);
});

test('the picture of the house has every room', async () => {
  const markdown = await readFile(path.join(root, 'docs/architecture.md'), 'utf8');
  const [, picture = ''] = /```\n([\s\S]*?)```/.exec(markdown) ?? [];
  const folders = (of: string) =>
    readdirSync(path.join(root, of), {withFileTypes: true})
      .filter(entry => entry.isDirectory())
      .map(({name}) => `${name}/`);
  const rooms = [...folders('source'), ...folders('source/tui')];
  expect(rooms.filter(room => !picture.includes(` ${room} `))).toEqual([]);
});
