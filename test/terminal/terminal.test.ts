import process from 'node:process';
import {expect, onTestFinished, test} from 'vitest';
import {ctrl, key} from './keys.ts';
import {Terminal, type TerminalOptions} from './terminal.ts';

/** Runs a small program, written as the body of a module, in a terminal of its own. */
function run(source: string, options: TerminalOptions = {}): Terminal {
  const args = ['--input-type=module', '--eval', source];
  const terminal = Terminal.start(process.execPath, args, options);
  onTestFinished(() => terminal.dispose());
  return terminal;
}

const keyEcho = `
  process.stdin.setRawMode(true);
  process.stdin.on('data', keys => {
    process.stdout.write(JSON.stringify(String(keys)) + '\\r\\n');
    if (String(keys) === '\\x03') process.exit(3);
  });
  process.stdout.write('ready\\r\\n');
`;

test('what is typed arrives, special keys too', async () => {
  const terminal = run(keyEcho);
  await terminal.waitFor('ready');
  terminal.write('é');
  await terminal.waitFor('"é"');
  terminal.write(key.up);
  await terminal.waitFor(String.raw`"\u001b[A"`);
  terminal.write(ctrl('a'));
  await terminal.waitFor(String.raw`"\u0001"`);
});

test('the exit code is known, and everything written before it is on the screen', async () => {
  const terminal = run(keyEcho);
  await terminal.waitFor('ready');
  terminal.write(ctrl('c'));
  expect(await terminal.exited).toEqual({code: 3, signal: undefined});
  expect(terminal.screen()).toContain(String.raw`"\u0003"`);
});

test('a signal that ends the program is told by its number', async () => {
  const terminal = run(keyEcho);
  await terminal.waitFor('ready');
  terminal.signal('SIGTERM');
  expect(await terminal.exited).toEqual({code: 0, signal: 15});
});

test('modes, title and cursor are those that the program asked for', async () => {
  const terminal = run(`
    process.stdout.write('\\x1b[22;0t\\x1b]2;chat\\x07\\x1b[?1049h\\x1b[?25;2004h\\x1b[?7l\\x1b[?25l\\x1b[?1002h\\x1b[?1004h\\x1b[3;5Hhere');
    process.stdin.once('data', () => {
      process.stdout.write('\\x1b[?1004l\\x1b[?1002l\\x1b[?25h\\x1b[?2004l\\x1b[?7h\\x1b[?1049l\\x1b[23;0tback');
      process.exit();
    });
  `);
  await terminal.waitFor('here');
  expect(terminal.state()).toEqual({
    isAlternateScreen: true,
    isCursorVisible: false,
    isWrapping: false,
    isPasteBracketed: true,
    isFocusReported: true,
    mouseTracking: 'drag',
    title: 'chat',
    cursor: {column: 8, row: 2},
  });
  terminal.write(key.enter);
  await terminal.exited;
  expect(terminal.state()).toMatchObject({
    isAlternateScreen: false,
    isCursorVisible: true,
    isWrapping: true,
    isPasteBracketed: false,
    isFocusReported: false,
    mouseTracking: 'none',
    title: '',
  });
});

test('a resize reaches the program', async () => {
  const terminal = run(
    `
      const tell = () => console.log(process.stdout.columns + '×' + process.stdout.rows);
      process.stdout.on('resize', tell);
      setInterval(() => {}, 1 << 30);
      tell();
    `,
    {columns: 40, rows: 10},
  );
  await terminal.waitFor('40×10');
  terminal.resize(60, 12);
  expect(await terminal.waitFor('60×12')).toHaveLength(12);
});

test("the program's questions are answered", async () => {
  const terminal = run(`
    process.stdin.setRawMode(true);
    process.stdin.once('data', answer => {
      console.log(JSON.stringify(String(answer)));
      process.exit();
    });
    process.stdout.write('abc\\x1b[6n');
  `);
  await terminal.waitFor(String.raw`"\u001b[1;4R"`);
});

test('cells have the colours, attributes and widths of what was written', async () => {
  const terminal = run(
    `process.stdout.write('\\x1b[1;38;2;1;2;3ma\\x1b[0;7;48;5;196mb\\x1b[0m👨‍👩‍👧c end')`,
  );
  await terminal.waitFor('end');
  expect(terminal.cell(0, 0)).toMatchObject({text: 'a', isBold: true, foreground: '#010203'});
  expect(terminal.cell(1, 0)).toMatchObject({text: 'b', isInverse: true, background: '#ff0000'});
  expect(terminal.cell(2, 0)).toMatchObject({text: '👨‍👩‍👧', width: 2, foreground: undefined});
  expect(terminal.cell(3, 0)).toMatchObject({text: '', width: 0});
  expect(terminal.cell(4, 0)).toMatchObject({text: 'c', width: 1, isBold: false});
});

test('a frame between the marks of synchronised output is seen only once it is whole', async () => {
  const terminal = run(`
    process.stdin.setRawMode(true);
    process.stdin.on('data', () => process.stdout.write('second\\x1b[?2026l'));
    process.stdout.write('\\x1b[?2026hfirst\\x1b[6n');
  `);
  // The answer to its question makes the program go on, so that its first half has been parsed.
  const rows = await terminal.waitFor('first');
  expect(rows[0]).toBe('firstsecond');
});

test('a screen that does not come is an error that shows the one there is', async () => {
  const terminal = run(keyEcho, {columns: 20, rows: 2});
  await terminal.waitFor('ready');
  await expect(terminal.waitFor('steady', {timeoutMs: 1})).rejects.toThrow(
    '1 ms passed, waiting for steady. The screen:\n┌────────────────────\n│ready\n│\n└──',
  );
});

test('waiting for a program that has ended fails at once', async () => {
  const terminal = run(`console.log('short life'); process.exitCode = 4;`);
  await expect(terminal.waitFor('a long life')).rejects.toThrow(
    /^The program ended with code 4, waiting for a long life\. The screen:\n┌─*\n│short life\n/,
  );
});

test('the program sees nothing of the environment of its caller', async () => {
  const terminal = run('console.log(Object.keys(process.env).sort().join())', {columns: 300});
  const names = 'COLORTERM,HOME,LANG,PATH,PWD,TERM,TZ,XDG_CACHE_HOME,XDG_CONFIG_HOME,XDG_DATA_HOME';
  await terminal.waitFor(`${names},XDG_RUNTIME_DIR,XDG_STATE_HOME`);
});
