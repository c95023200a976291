/** Holds lines against the JSON Schema of the interface, as a program of somebody else would. */
import {Ajv2020} from 'ajv/dist/2020.js';
import {jsonSchema} from '../../source/headless/schema.ts';

const ajv = new Ajv2020({discriminator: false, strict: true, strictRequired: false});
ajv.addFormat('date-time', {
  validate: (text: string) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text),
});
ajv.addSchema(jsonSchema, 'headless');
const isEvent = ajv.compile({$ref: 'headless'});
const isRequest = ajv.compile({$ref: 'headless#/$defs/request'});

/** @throws Error if it is no line that the schema knows. */
export function checkEvent(event: unknown): void {
  if (isEvent(event)) return;
  const own = ajv.errorsText(isEvent.errors?.filter(({keyword}) => keyword !== 'const'));
  throw new Error(`not in the schema: ${JSON.stringify(event)}: ${own}`);
}

export function isValidRequest(request: unknown): boolean {
  return isRequest(request);
}
