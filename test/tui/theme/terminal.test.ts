import {expect, test} from 'vitest';
import {terminalOf} from '../../../source/tui/theme/terminal.ts';

const xterm = {TERM: 'xterm-256color', LANG: 'en_GB.UTF-8'};

test.each([
  ['a terminal with 256 colours', {}, 2],
  ['any colour', {COLORTERM: 'truecolor'}, 3],
  ['any colour, in the other word for it', {COLORTERM: '24bit'}, 3],
  ['a terminal of which nothing is known', {TERM: 'xterm'}, 1],
  ['kitty', {TERM: 'xterm-kitty'}, 2],
  ['the Linux console', {TERM: 'linux'}, 1],
  ['GNU screen', {TERM: 'screen'}, 1],
  ['a terminal without colours', {TERM: 'vt220'}, 0],
  ['a monochrome one', {TERM: 'xterm-mono'}, 0],
  ['TERM=dumb', {TERM: 'dumb'}, 0],
  ['NO_COLOR', {NO_COLOR: '1', COLORTERM: 'truecolor'}, 0],
  ['NO_COLOR that is empty', {NO_COLOR: ''}, 2],
  ['NO_COLOR and FORCE_COLOR', {NO_COLOR: '1', FORCE_COLOR: '3'}, 0],
  ['FORCE_COLOR=0', {FORCE_COLOR: '0'}, 0],
  ['FORCE_COLOR=false', {FORCE_COLOR: 'false'}, 0],
  ['FORCE_COLOR=1', {FORCE_COLOR: '1'}, 1],
  ['FORCE_COLOR=3', {FORCE_COLOR: '3'}, 3],
  ['FORCE_COLOR without a level', {FORCE_COLOR: '', TERM: 'dumb'}, 1],
  ['CLICOLOR=0', {CLICOLOR: '0'}, 0],
  ['CI, set and empty', {CI: ''}, 2],
  ['CI', {CI: 'true', COLORTERM: 'truecolor'}, 3],
])('%s', (_name, variables, depth) => {
  expect(terminalOf({...xterm, ...variables}, 'linux').depth).toBe(depth);
});

test.each([
  [{LANG: 'en_GB.UTF-8'}, false],
  [{LANG: 'de_DE.utf8'}, false],
  [{LANG: 'C.UTF-8'}, false],
  [{LC_CTYPE: 'UTF-8'}, false],
  [{LANG: 'C'}, true],
  [{LANG: 'POSIX'}, true],
  [{}, true],
  [{LANG: 'de_DE'}, true],
  [{LANG: 'de_DE.ISO-8859-1'}, true],
  // The first that is not empty decides.
  [{LC_ALL: 'C', LC_CTYPE: 'C.UTF-8', LANG: 'C.UTF-8'}, true],
  [{LC_ALL: '', LC_CTYPE: 'C', LANG: 'C.UTF-8'}, true],
  [{LC_ALL: 'C.UTF-8', LANG: 'C'}, false],
  // Its font lacks the signs, whatever the locale says.
  [{LANG: 'C.UTF-8', TERM: 'linux'}, true],
])('%j: signs in ASCII is %s', (variables, isAscii) => {
  expect(terminalOf({TERM: 'xterm', ...variables}, 'linux').isAscii).toBe(isAscii);
});

test('Windows has UTF-8 without saying so', () => {
  expect(terminalOf({}, 'win32').isAscii).toBe(false);
});

test.each([
  [undefined, 'dark'],
  ['', 'dark'],
  ['15;0', 'dark'],
  ['0;15', 'light'],
  ['0;default;15', 'light'],
  ['0;7', 'light'],
  ['12;8', 'dark'],
  ['0;10', 'light'],
  ['7;default', 'dark'],
])('COLORFGBG=%s is a background that is %s', (value, background) => {
  const variables = value === undefined ? {} : {COLORFGBG: value};
  expect(terminalOf({...xterm, ...variables}, 'linux').background).toBe(background);
});
