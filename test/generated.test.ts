/** The manual and the tables in the documents are made from the tables in the code: scripts/generated.ts. */
import {spawnSync} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import {describe, expect, test} from 'vitest';
import manifest from '../package.json' with {type: 'json'};
import {generatedFiles} from '../scripts/generated.ts';
import {manualPages} from '../scripts/manual.ts';
import {protocolTexts} from '../scripts/protocol-texts.ts';
import {roff} from '../scripts/roff.ts';
import {commands} from '../source/client/commands.ts';
import {flagOf, subcommands} from '../source/options.ts';
import {protocols} from '../source/protocols/index.ts';

const root = path.resolve(import.meta.dirname, '..');
const files = await generatedFiles();
const pages = manualPages(manifest.version);

test.each([...files])('%s is as `npm run generate` writes it', async (file, text) => {
  expect(await readFile(path.join(root, file), 'utf8')).toBe(text);
});

test('the package has the pages of the manual', () => {
  expect(manifest.man).toEqual(Array.from(pages.keys(), name => `./man/${name}`));
});

test('the manual has every command, every option and every protocol', () => {
  // As troff reads it, which has an escape for each dash.
  const manual = [...pages.values()].join('').replaceAll('\\-', '-');
  for (const {name} of commands) expect(manual).toContain(`\\fB/${name}`);
  for (const {options} of subcommands) {
    for (const key of Object.keys(options)) expect(manual).toContain(flagOf(key));
  }
  expect(Object.keys(protocolTexts)).toEqual(protocols.map(({name}) => name));
});

/** What troff would misread, if it were not escaped. */
const hostile = roff({
  name: 'x',
  section: 1,
  summary: 'a test',
  version: '1',
  sections: [
    {
      title: 'A "TITLE"',
      blocks: [
        ".TH is no request, 'nor is this, and \\fB is no font",
        {
          pairs: [
            ['.br', ''],
            ['"', "'.sp"],
          ],
        },
        {code: ['.ex \\n ~^`']},
      ],
    },
  ],
  seeAlso: ['chat-tui(1)'],
});

describe.each([...pages, ['hostile', hostile]])('%s', (name, page) => {
  test.skipIf(isMissing('man', '--version'))('man renders it without a warning', () => {
    const {stdout, stderr, status} = run('man', ['--warnings', '-l', '-'], page);
    expect({stderr, status}).toEqual({stderr: '', status: 0});
    expect(stdout).toContain('NAME');
    expect(run('man', ['--warnings', '-l', '-'], page, 'C').stderr).toBe('');
    if (name === 'hostile') {
      expect(stdout).toContain(".TH is no request, 'nor is this, and \\fB is no font");
      expect(stdout).toMatch(/"\s+'\.sp\n/);
      expect(stdout).toContain('.ex \\n ~^`');
    }
  });

  test.skipIf(isMissing('mandoc', '-h'))('mandoc finds nothing to say about it', () => {
    const {stdout, stderr} = run('mandoc', ['-T', 'lint'], page);
    expect(stdout + stderr).toBe('');
  });
});

function isMissing(file: string, argument: string): boolean {
  return spawnSync(file, [argument]).error !== undefined;
}

/** The page comes on standard input: `man` gives up the rights of root, and could not read every folder. */
function run(file: string, args: readonly string[], input: string, locale = 'C.UTF-8') {
  const env = {...process.env, LC_ALL: locale, MANWIDTH: '100'};
  return spawnSync(file, args, {input, env, encoding: 'utf8'});
}
