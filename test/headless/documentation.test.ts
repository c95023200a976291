/** docs/headless.md says what the schema says. */
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {expect, test} from 'vitest';
import {
  jsonSchema,
  type ObjectSchema,
  requestNames,
  requestSchema,
} from '../../source/headless/schema.ts';

const file = path.resolve(import.meta.dirname, '../../docs/headless.md');
const markdown = await readFile(file, 'utf8');

/** The second column of each row of a table, by each of the names in the first one. */
const rows = new Map(
  Array.from(markdown.matchAll(/^\| (`[^|]+`) +\|(.*)\|$/gm), ([, names = '', fields = '']) =>
    Array.from(names.matchAll(/`([^`]+)`/g), ([, name = '']) => [name, fields] as const),
  ).flat(),
);

/** Fields of the schema that the row does not name, or does not mark as it should. */
function missing(row: string, {properties, required}: ObjectSchema): string[] {
  const common = ['type', 'at', 'tag', 'do'];
  return Object.keys(properties).filter(field => {
    const isOptional = !required.includes(field);
    return !common.includes(field) && !row.includes(isOptional ? `\`${field}\`?` : `\`${field}\``);
  });
}

test.each(jsonSchema.oneOf.map(schema => [typeOf(schema), schema] as const))(
  'the event %s is described with its fields',
  (type, schema) => {
    expect(missing(rows.get(type) ?? '', schema)).toEqual([]);
  },
);

test.each(requestNames)('the request %s is described with its fields', name => {
  expect(rows.has(name)).toBe(true);
  const row = markdown
    .split('\n')
    .find(line => line.startsWith('| `') && namesOf(line).includes(name));
  expect(missing(row ?? '', requestSchema(name))).toEqual([]);
});

function namesOf(row: string): readonly string[] {
  const [, names = ''] = row.split('|');
  return Array.from(names.matchAll(/`([^`]+)`/g), ([, name = '']) => name);
}

function typeOf({properties}: ObjectSchema): string {
  const {type} = properties;
  return type !== undefined && 'const' in type ? String(type.const) : '';
}
