import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {configurationFolder, openSettings} from '../source/settings.ts';
import {terminalSettingsOf} from '../source/terminal-settings.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'chat-tui-settings-'));
  onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

/** A folder with a settings file of that content. */
function folderWith(content: string): string {
  const folder = temporaryFolder();
  writeFileSync(path.join(folder, 'settings.json'), content);
  return folder;
}

test('what is remembered is there at the next start', () => {
  const folder = path.join(temporaryFolder(), 'not', 'yet', 'there');
  const first = openSettings({folder});
  expect(first).toMatchObject({path: path.join(folder, 'settings.json')});
  expect(first.warning).toBeUndefined();
  expect(first.settings.get('nickname')).toBeUndefined();
  expect(first.settings.remember({nickname: 'zoé', lastServer: '[::1]:30201'})).toBeUndefined();
  expect(first.settings.get('nickname')).toBe('zoé');

  const {settings, warning} = openSettings({folder});
  expect(warning).toBeUndefined();
  expect(settings.get('nickname')).toBe('zoé');
  expect(settings.get('lastServer')).toBe('[::1]:30201');
});

test('two programs that remember different things do not undo each other', () => {
  const folder = temporaryFolder();
  const [one, other] = [openSettings({folder}).settings, openSettings({folder}).settings];
  one.remember({nickname: 'alice'});
  other.remember({lastServer: 'chat.example'});
  const {settings} = openSettings({folder});
  expect([settings.get('nickname'), settings.get('lastServer')]).toEqual(['alice', 'chat.example']);
});

const hub = (number: number) => ({server: `res302://h${number}:30200`, nick: 'alice', at: number});

test('the last eight hubs are remembered, each once, the last one first', () => {
  const folder = temporaryFolder();
  const {settings} = openSettings({folder});
  expect(settings.hubs).toEqual([]);
  for (let number = 1; number <= 9; number++) settings.rememberHub(hub(number));
  settings.rememberHub({...hub(5), nick: 'zoe'});
  expect(settings.hubs).toEqual([{...hub(5), nick: 'zoe'}, ...[9, 8, 7, 6, 4, 3, 2].map(hub)]);
  expect(openSettings({folder}).settings.hubs).toEqual(settings.hubs);
});

test('two programs remember the hubs of each other', () => {
  const folder = temporaryFolder();
  const [one, other] = [openSettings({folder}).settings, openSettings({folder}).settings];
  one.rememberHub(hub(1));
  other.rememberHub(hub(2));
  expect(openSettings({folder}).settings.hubs).toEqual([hub(2), hub(1)]);
});

test('the one hub that earlier versions remembered is the first in the list', () => {
  const folder = folderWith('{"nickname": "alice", "lastServer": "shen://chat.example:30202"}');
  const {settings, warning} = openSettings({folder});
  expect(warning).toBeUndefined();
  const former = {server: 'shen://chat.example:30202'};
  expect(settings.hubs).toEqual([former]);
  settings.rememberHub(hub(1));
  expect(openSettings({folder}).settings.hubs).toEqual([hub(1), former]);
});

test.each([
  '[5]',
  '[{"nick": "alice"}]',
  '[{"server": ""}]',
  '[{"server": "h", "at": "noon"}]',
  '5',
])('hubs that make no sense are set aside alone: %s', hubs => {
  const folder = folderWith(`{"nickname": "alice", "hubs": ${hubs}}`);
  const {settings, warning} = openSettings({folder});
  expect(warning).toContain('settings.json.broken');
  expect(settings.get('nickname')).toBe('alice');
  expect(settings.hubs).toEqual([]);
});

test('a file that is no JSON is set aside with a warning, and the next start is clean', () => {
  const folder = folderWith('{"nickname": "ali');
  const {settings, warning} = openSettings({folder});
  expect(warning).toContain('settings.json.broken');
  expect(readFileSync(path.join(folder, 'settings.json.broken'), 'utf8')).toBe('{"nickname": "ali');
  expect(settings.get('nickname')).toBeUndefined();
  expect(settings.remember({nickname: 'alice'})).toBeUndefined();

  const next = openSettings({folder});
  expect(next.warning).toBeUndefined();
  expect(next.settings.get('nickname')).toBe('alice');
});

test.each([
  '{"nickname": 5, "lastServer": "chat.example", "theme": "dark"}',
  `{"nickname": "${'x'.repeat(301)}", "lastServer": "chat.example", "theme": "dark"}`,
  '{"nickname": "", "lastServer": "chat.example", "theme": "dark"}',
])('only the value that is no good is dropped, and named: %.20s…', content => {
  const folder = folderWith(content);
  const {settings, warning, path: file} = openSettings({folder});
  expect(warning).toContain('nickname');
  expect(settings.get('nickname')).toBeUndefined();
  expect(settings.get('lastServer')).toBe('chat.example');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    lastServer: 'chat.example',
    theme: 'dark',
  });
  expect(openSettings({folder}).warning).toBeUndefined();
});

test.each([
  ['bell', 'loud'],
  ['bell', ['mentions', 'everything']],
  ['notices', 1],
  ['noticeText', 'half'],
  ['mouse', true],
  ['links', 'sometimes'],
])('a setting of the terminal that makes no sense is dropped: %s is %j', (key, value) => {
  const good = {
    bell: ['mentions', 'private'],
    notices: false,
    noticeText: 'who',
    mouse: 'on',
    links: 'off',
  };
  const {settings, warning} = openSettings({
    folder: folderWith(JSON.stringify({...good, [key]: value})),
  });
  expect(warning).toContain(key);
  expect(terminalSettingsOf(settings)).toEqual({...good, [key]: undefined});
});

test.each(['null', '[]', '"alice"', '{}', ''])('a file that holds %j is not a crash', content => {
  const {settings} = openSettings({folder: folderWith(content)});
  expect(settings.get('nickname')).toBeUndefined();
  expect(settings.remember({nickname: 'alice'})).toBeUndefined();
});

test('where no folder can be made, settings last as long as the process', () => {
  // Not by permissions: root may do everything, and CI often is root.
  const folder = path.join(folderWith('{}'), 'settings.json', 'below-a-file');
  const {settings, warning} = openSettings({folder});
  expect(warning).toMatch(/^Settings will not be remembered: /);
  expect(settings.remember({nickname: 'alice'})).toBeUndefined();
  expect(settings.get('nickname')).toBe('alice');
});

test('a file that cannot be read is left alone', () => {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'settings.json'));
  expect(openSettings({folder}).warning).toMatch(/^Settings will not be remembered: /);
  expect(readdirSync(folder)).toEqual(['settings.json']);
});

test('a file that can no longer be written is a warning, and the value holds until the end', () => {
  const folder = temporaryFolder();
  const {settings} = openSettings({folder});
  rmSync(folder, {recursive: true});
  writeFileSync(folder, 'in the way');
  expect(settings.remember({nickname: 'alice'})).toMatch(/^The settings could not be written: /);
  expect(settings.get('nickname')).toBe('alice');
});

test('the folder is the one that the platform has for configuration', () => {
  const home = '/home/alice';
  expect(configurationFolder('linux', {}, home)).toBe('/home/alice/.config/chat-tui');
  expect(configurationFolder('linux', {XDG_CONFIG_HOME: '/x'}, home)).toBe('/x/chat-tui');
  expect(configurationFolder('linux', {XDG_CONFIG_HOME: 'not/absolute'}, home)).toBe(
    '/home/alice/.config/chat-tui',
  );
  expect(configurationFolder('darwin', {}, home)).toBe('/home/alice/Library/Preferences/chat-tui');
  expect(configurationFolder('win32', {APPDATA: '/roaming'}, home)).toBe(
    path.join('/roaming', 'chat-tui', 'Config'),
  );
});
