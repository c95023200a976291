import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {expect, test} from 'vitest';
import {commands} from '../source/client/commands.ts';

const readme = await readFile(path.resolve(import.meta.dirname, '../README.md'), 'utf8');

test.each(commands)('the README has /$name as the program has it', ({name, usage}) => {
  expect(readme).toContain(`\`/${name}${usage === '' ? '' : ` ${usage}`}\``);
});
