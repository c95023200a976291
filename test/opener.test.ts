import {expect, test} from 'vitest';
import {openerFor, openLink} from '../source/opener.ts';

test.each([
  ['linux', {DISPLAY: ':0'}, ['xdg-open']],
  ['linux', {WAYLAND_DISPLAY: 'wayland-0'}, ['xdg-open']],
  ['linux', {}, undefined],
  ['linux', {SSH_TTY: '/dev/pts/0'}, undefined],
  // A display that is passed on over SSH.
  ['linux', {SSH_CONNECTION: '1', DISPLAY: 'localhost:10.0'}, ['xdg-open']],
  ['linux', {WSL_DISTRO_NAME: 'Debian'}, ['rundll32.exe', 'url.dll,FileProtocolHandler']],
  ['darwin', {}, ['open']],
  ['darwin', {SSH_CONNECTION: '1'}, undefined],
  ['win32', {}, ['rundll32', 'url.dll,FileProtocolHandler']],
] as const)('on %s with %j, %j opens links', (platform, variables, opener) => {
  expect(openerFor(variables, platform)).toEqual(opener);
});

/** A program that succeeds only if it was given exactly these arguments. */
const checks = (...args: readonly string[]) =>
  [
    process.execPath,
    '-e',
    `process.exit(JSON.stringify(process.argv.slice(1)) === ${JSON.stringify(JSON.stringify(args))} ? 0 : 3)`,
    '--',
  ] as const;

test('a link is one argument, whatever a shell would make of it', async () => {
  const target = "https://example.org/$(touch%20x)?a=b&c=`d`;e|f'";
  expect(await openLink(target, checks(target))).toBeUndefined();
});

test('what failed is said', async () => {
  expect(await openLink('https://a.example/', checks('other'))).toMatch(/failed \(3\)$/);
  expect(await openLink('https://a.example/', ['/no/such/program'])).toMatch(/ENOENT/);
});

test.each(['file:///etc/passwd', '--help', 'javascript:alert(1)', 'https://a b', 'HTTPS\n://a'])(
  '%j is not opened',
  async target => {
    expect(await openLink(target, checks(target))).toBe('it is no address of the web');
  },
);
