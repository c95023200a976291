/**
 * The interface of `--headless` in the language of JSON Schema: what `--json-schema` prints, and what requests are held
 * against. An event has the fields here and no others; programs should pass over fields and types that they do not know.
 */
import {interfaceVersion, type PrintedEvent} from './events.ts';

/** The part of JSON Schema that is used here. */
export type Schema =
  | {
      readonly type: 'string';
      readonly format?: 'date-time';
      readonly maxLength?: number;
      readonly minLength?: number;
    }
  | {readonly type: 'integer' | 'number'; readonly minimum?: number; readonly maximum?: number}
  | {readonly type: 'boolean'}
  | {readonly type: 'array'; readonly items: Schema; readonly minItems?: number}
  | {readonly const: string | number | boolean}
  | {readonly enum: readonly string[]}
  | {readonly anyOf: readonly Schema[]}
  | ObjectSchema;

export type ObjectSchema = {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
};

const string = {type: 'string'} as const;
const strings = {type: 'array', items: string} as const;
const count = {type: 'integer', minimum: 0} as const;
const number = {type: 'integer', minimum: 1} as const;
const ms = {type: 'number', minimum: 0} as const;
const time = {type: 'string', format: 'date-time'} as const;
const boolean = {type: 'boolean'} as const;
const yes = {const: true} as const;
const word = {type: 'string', minLength: 1} as const;
const oneOf = (...values: readonly string[]) => ({enum: values}) as const;

/** The longest tag, in UTF-16 code units. */
export const maximumTagLength = 256;

const tag = {
  anyOf: [
    {type: 'string', maxLength: maximumTagLength},
    {type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER},
  ],
} as const;

const scope = oneOf('public', 'room', 'direct', 'link');
const mode = oneOf('centralised', 'decentralised');
const modeOfInvitation = oneOf('centralised', 'decentralised', 'link');
const status = oneOf('public', 'room');

type Fields = Readonly<Record<string, Schema>>;
type EventFields = {readonly fields: Fields; readonly optional?: Fields};

/** Every type that is printed; a new one does not compile without its fields. */
const events: Readonly<Record<PrintedEvent['type'], EventFields>> = {
  connected: {
    fields: {
      v: {const: interfaceVersion},
      protocol: string,
      server: string,
      nick: string,
      features: strings,
    },
  },
  refused: {
    fields: {
      reason: oneOf('nickname-in-use', 'nickname-invalid', 'hub-full', 'unreachable'),
      message: string,
    },
    optional: {offer: string, back: yes},
  },
  message: {
    fields: {scope, from: string, text: string},
    optional: {id: number, room: string, action: yes, mention: yes},
  },
  sent: {fields: {id: number, scope, text: string}, optional: {to: string}},
  delivered: {fields: {id: number}, optional: {late: yes, confirmed: strings}},
  failed: {
    fields: {id: number, reason: string, pending: strings},
    optional: {confirmed: strings},
  },
  confirmed: {fields: {id: number, by: string, pending: strings, late: yes}},
  users: {
    fields: {users: list({nick: string, self: boolean}, {status})},
  },
  arrived: {fields: {nick: string}, optional: {status}},
  departed: {fields: {nick: string}},
  rooms: {fields: {rooms: list({name: string, mode, members: count})}},
  invitation: {
    fields: {from: string, mode: modeOfInvitation},
    optional: {room: string, lifetimeMs: ms},
  },
  'invitation-ended': {
    fields: {from: string, reason: oneOf('accepted', 'declined', 'expired')},
  },
  'invitation-answer': {fields: {nick: string, accepted: boolean}},
  'invitation-sent': {
    fields: {to: string, mode: modeOfInvitation},
    optional: {lifetimeMs: ms},
  },
  'invitation-failed': {
    fields: {
      to: string,
      mode: modeOfInvitation,
      reason: oneOf(
        'expired',
        'not-passed-on',
        'withdrawn',
        'departed',
        'room-left',
        'disconnected',
      ),
    },
  },
  invitations: {
    fields: {
      received: list({from: string, mode: modeOfInvitation}, {room: string, leftMs: ms}),
      sent: list({to: string, mode: modeOfInvitation}, {leftMs: ms}),
    },
  },
  'room-entered': {fields: {mode, members: strings}, optional: {name: string}},
  'room-members': {fields: {members: strings}},
  'room-left': {fields: {reason: oneOf('left', 'closed', 'disconnected')}},
  'link-opened': {fields: {nick: string}},
  'link-closed': {fields: {nick: string}},
  stats: {
    fields: {
      sent: count,
      received: count,
      retransmissions: count,
      members: list({nick: string}, {roundTripMs: ms, silentSince: time}),
    },
    optional: {roundTripMs: ms, deliveryMs: object({median: ms, p99: ms, of: number})},
  },
  found: {
    fields: {
      wanted: string,
      count,
      messages: list(
        {own: boolean, said: time, from: string, text: string},
        {id: number, action: yes},
      ),
    },
  },
  error: {fields: {code: string, message: string}, optional: {about: string}},
  lost: {fields: {count: number}},
  gap: {fields: {from: time, to: time}},
  disconnected: {fields: {reason: oneOf('left', 'hub-silent', 'hub-closed', 'too-slow')}},
  reconnecting: {fields: {attempt: number, delay: ms}},
  'slow-down': {fields: {for: count, pending: count}},
  attempt: {
    fields: {
      id: number,
      number,
      timeoutMs: ms,
      left: count,
      bytes: count,
      frame: string,
    },
    optional: {to: string},
  },
  confirmation: {fields: {id: number}, optional: {by: string}},
  'given-up': {fields: {id: number, reason: oneOf('silent', 'gone')}, optional: {to: string}},
};

export const eventTypes: readonly string[] = Object.keys(events);

/** The fields of each request beside `do` and `tag`. */
const requests = {
  say: {
    fields: {text: word},
    optional: {to: word, scope: oneOf('public', 'room'), action: boolean, split: boolean},
  },
  line: {fields: {line: string}},
  retry: {fields: {}, optional: {id: number}},
  list: {fields: {}},
  rooms: {fields: {}},
  stats: {fields: {}},
  invitations: {fields: {}},
  search: {fields: {text: word}},
  create: {fields: {name: word}, optional: {mode, max: {type: 'integer'}}},
  join: {fields: {name: word}},
  leave: {fields: {}},
  invite: {fields: {nicks: {type: 'array', items: word, minItems: 1}}, optional: {mode}},
  accept: {fields: {}, optional: {nick: word}},
  decline: {fields: {}, optional: {nick: word}},
  link: {fields: {nick: word}},
  unlink: {fields: {}, optional: {nick: word}},
  ignore: {fields: {nick: word}},
  unignore: {fields: {nick: word}},
  nick: {fields: {nick: word}},
  connect: {fields: {server: word}, optional: {nick: word}},
  quit: {fields: {}},
} as const satisfies Readonly<Record<string, EventFields>>;

export type RequestName = keyof typeof requests;

export const requestNames = Object.keys(requests) as readonly RequestName[];

export function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(requests, name);
}

export function requestSchema(name: RequestName): ObjectSchema {
  const {fields, optional}: EventFields = requests[name];
  return object({do: {const: name}, ...fields}, {tag, ...optional});
}

function eventSchema([type, {fields, optional}]: readonly [string, EventFields]): ObjectSchema {
  return object({type: {const: type}, at: time, ...fields}, {tag, ...optional});
}

/** One document: the whole is a line of output, `$defs/request` a line of input that is no text and no command. */
export const jsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: `A line that chat-tui --headless writes, version ${interfaceVersion}`,
  oneOf: Object.entries(events).map(eventSchema),
  $defs: {request: {oneOf: requestNames.map(requestSchema)}},
} as const;

function object(fields: Fields, optional: Fields = {}): ObjectSchema {
  const required = Object.keys(fields);
  const properties = {...fields, ...optional};
  return {type: 'object', properties, required, additionalProperties: false};
}

function list(fields: Fields, optional: Fields = {}): Schema {
  return {type: 'array', items: object(fields, optional)};
}
