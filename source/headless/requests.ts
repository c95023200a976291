/** Lines of input that are JSON: an object with `do`, which says what to do. Every other line is a text or a command. */
import type {Room} from '../client/state.ts';
import type {Tag} from './events.ts';
import {
  isRequestName,
  type ObjectSchema,
  requestNames,
  requestSchema,
  type Schema,
} from './schema.ts';

type Mode = Room['mode'];

/** As {@link requestSchema} says, without the tag. Nicknames are exact. */
export type Request =
  | {
      readonly do: 'say';
      readonly text: string;
      readonly to?: string;
      readonly scope?: 'public' | 'room';
      readonly action?: boolean;
      readonly split?: boolean;
    }
  | {readonly do: 'line'; readonly line: string}
  | {readonly do: 'retry'; readonly id?: number}
  | {readonly do: 'list' | 'rooms' | 'stats' | 'invitations' | 'leave' | 'quit'}
  | {readonly do: 'search'; readonly text: string}
  | {readonly do: 'create'; readonly name: string; readonly mode?: Mode; readonly max?: number}
  | {readonly do: 'join'; readonly name: string}
  | {readonly do: 'invite'; readonly nicks: readonly string[]; readonly mode?: Mode}
  | {readonly do: 'accept' | 'decline' | 'unlink'; readonly nick?: string}
  | {readonly do: 'link' | 'ignore' | 'unignore' | 'nick'; readonly nick: string}
  | {readonly do: 'connect'; readonly server: string; readonly nick?: string};

export type Input =
  | {readonly kind: 'line'; readonly line: string}
  | {readonly kind: 'request'; readonly request: Request; readonly tag?: Tag}
  | {readonly kind: 'wrong'; readonly code: string; readonly message: string; readonly tag?: Tag};

export function readInput(line: string): Input {
  if (!line.startsWith('{')) return {kind: 'line', line};
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    // What was meant as a request must not be said to everybody because of a missing quote.
    if (!/^\{\s*"(?:do|tag)"/.test(line)) return {kind: 'line', line};
    const message = `Nothing was done: this line is no JSON (${(error as Error).message})`;
    return {kind: 'wrong', code: 'request-invalid', message};
  }
  return isRequestLike(value) ? readRequest(value) : {kind: 'line', line};
}

/** Other JSON is a text, as every line without a slash. */
function isRequestLike(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'do');
}

function readRequest(value: Readonly<Record<string, unknown>>): Input {
  const {do: name, tag} = value;
  const echoed = problemIn({tag}, tagOnly) === undefined ? (tag as Tag | undefined) : undefined;
  const tagged = echoed === undefined ? {} : {tag: echoed};
  if (typeof name !== 'string' || !isRequestName(name)) {
    const message = `Nothing was done: "do" is one of ${requestNames.join(', ')}`;
    return {kind: 'wrong', code: 'request-invalid', message, ...tagged};
  }
  const problem = problemIn(value, requestSchema(name));
  if (problem !== undefined) {
    const message = `Nothing was done: of "${name}", ${problem}`;
    return {kind: 'wrong', code: 'request-invalid', message, ...tagged};
  }
  const {tag: _, ...request} = value;
  // It has just been held against its schema.
  return {kind: 'request', request: request as Request, ...tagged};
}

const tagSchema = requestSchema('quit').properties['tag'];
const tagOnly: ObjectSchema = {
  type: 'object',
  properties: tagSchema === undefined ? {} : {tag: tagSchema},
  required: [],
  additionalProperties: false,
};

/** What is wrong with the fields, in words; undefined if nothing is. */
function problemIn(
  value: Readonly<Record<string, unknown>>,
  {properties, required}: ObjectSchema,
): string | undefined {
  const missing = required.find(field => value[field] === undefined);
  if (missing !== undefined) return `"${missing}" is missing`;
  for (const [field, content] of Object.entries(value)) {
    if (content === undefined) continue;
    const schema = Object.hasOwn(properties, field) ? properties[field] : undefined;
    if (schema === undefined) return `${JSON.stringify(field.slice(0, 40))} is no field`;
    if (!isOf(content, schema)) return `"${field}" has to be ${wordsFor(schema)}`;
  }
  return undefined;
}

function isOf(value: unknown, schema: Schema): boolean {
  if ('const' in schema) return value === schema.const;
  if ('enum' in schema) return typeof value === 'string' && schema.enum.includes(value);
  if ('anyOf' in schema) return schema.anyOf.some(one => isOf(value, one));
  switch (schema.type) {
    case 'string': {
      if (typeof value !== 'string') return false;
      const {minLength = 0, maxLength = Number.POSITIVE_INFINITY} = schema;
      return value.length >= minLength && value.length <= maxLength;
    }
    case 'integer':
    case 'number': {
      const {minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY} = schema;
      const isNumber = schema.type === 'integer' ? Number.isInteger(value) : true;
      return typeof value === 'number' && isNumber && value >= minimum && value <= maximum;
    }
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return (
        Array.isArray(value) &&
        value.length >= (schema.minItems ?? 0) &&
        value.every(item => isOf(item, schema.items))
      );
    case 'object':
      return false;
  }
}

function wordsFor(schema: Schema): string {
  if ('const' in schema) return JSON.stringify(schema.const);
  if ('enum' in schema) return schema.enum.map(value => `"${value}"`).join(' or ');
  if ('anyOf' in schema) return schema.anyOf.map(wordsFor).join(' or ');
  switch (schema.type) {
    case 'string':
      return schema.maxLength === undefined
        ? 'a text that is not empty'
        : `a text of at most ${schema.maxLength} characters`;
    case 'integer':
      return 'a whole number';
    case 'array':
      return 'a list of texts';
    case 'boolean':
      return 'true or false';
    default:
      return `of the type ${schema.type}`;
  }
}
