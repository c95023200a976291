import {readFileSync, renameSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import Conf, {type Schema} from 'conf';
import type {KnownHub} from './client/address.ts';
import {type LinearSettings, linearSchema} from './linear-settings.ts';
import {type TerminalSettings, terminalSchema} from './terminal-settings.ts';
import {type ThemeSettings, themeSchema} from './theme-settings.ts';

/** Values that the program remembers from one start to the next, and those that the user has chosen in the file. */
export type Remembered = ThemeSettings &
  TerminalSettings & {
    readonly nickname?: string;
    /** Hubs of other people that have let us in, the last one first. */
    readonly hubs?: readonly KnownHub[];
    /** How the linear mode speaks. */
    readonly linear?: Partial<LinearSettings>;
    /** Of versions that remembered one hub. */
    readonly lastServer?: string;
  };

export type OpenSettings = {
  readonly settings: Settings;
  /** The file, which need not exist. */
  readonly path: string;
  /** A sentence for the user, if the file or a part of it could not be used. */
  readonly warning?: string;
};

const maximumHubs = 8;

/** A host name has at most 253 characters; scheme, brackets and port are added to it. */
const text = {type: 'string', minLength: 1, maxLength: 300} as const;
const schema: Schema<Remembered> = {
  nickname: text,
  hubs: {
    type: 'array',
    items: {
      type: 'object',
      properties: {server: text, nick: text, at: {type: 'integer', minimum: 0}},
      required: ['server'],
    },
  },
  lastServer: text,
  ...themeSchema,
  ...terminalSchema,
  ...linearSchema,
};

/**
 * Reads the remembered values. Never throws because of the disk. A file that makes no sense is renamed to
 * `settings.json.broken` (replacing an earlier one), and its usable parts are kept. If nothing can be read or written, the
 * settings last until the process ends.
 */
export function openSettings({folder = configurationFolder()} = {}): OpenSettings {
  const file = path.join(folder, 'settings.json');
  try {
    return {settings: new Settings(open(folder)), path: file};
  } catch (error) {
    return {...repair(folder, file, error), path: file};
  }
}

export class Settings {
  readonly #store: Conf<Remembered> | undefined;
  #values: Remembered;

  constructor(store?: Conf<Remembered>) {
    this.#store = store;
    this.#values = {...store?.store};
  }

  get<Key extends keyof Remembered>(key: Key): Remembered[Key] {
    return this.#values[key];
  }

  /** Hubs of other people that have let us in, the last one first. */
  get hubs(): readonly KnownHub[] {
    const {hubs, lastServer} = this.#values;
    return hubs?.slice(0, maximumHubs) ?? (lastServer === undefined ? [] : [{server: lastServer}]);
  }

  /** As {@link remember}, of the hub that has let us in now. */
  rememberHub(hub: KnownHub): string | undefined {
    // Another chat-tui may have been let in somewhere meanwhile.
    const stored = this.#store?.get('hubs');
    const others = (stored ?? this.hubs).filter(({server}) => server !== hub.server);
    return this.remember({hubs: [hub, ...others].slice(0, maximumHubs)});
  }

  /**
   * Remembers values, and keeps those that another chat-tui has written meanwhile.
   *
   * @returns A sentence for the user, if the values will be forgotten when the process ends.
   */
  remember(values: Remembered): string | undefined {
    this.#values = {...this.#values, ...values};
    try {
      this.#store?.set(values);
      return undefined;
    } catch (error) {
      return `The settings could not be written: ${reason(error)}.`;
    }
  }
}

/**
 * The platform's folder for the configuration of programs. It is the one that conf chooses, but this works even if the
 * folder cannot be made or the file in it cannot be read.
 */
export function configurationFolder(
  platform: NodeJS.Platform = process.platform,
  {APPDATA, XDG_CONFIG_HOME}: NodeJS.ProcessEnv = process.env,
  home: string = os.homedir(),
): string {
  if (platform === 'win32') {
    return path.join(APPDATA || path.join(home, 'AppData', 'Roaming'), 'chat-tui', 'Config');
  }
  if (platform === 'darwin') return path.join(home, 'Library', 'Preferences', 'chat-tui');
  // The specification says to ignore a path that is not absolute.
  const base = XDG_CONFIG_HOME && path.isAbsolute(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : undefined;
  return path.join(base ?? path.join(home, '.config'), 'chat-tui');
}

function open(folder: string): Conf<Remembered> {
  return new Conf<Remembered>({
    cwd: folder,
    configName: 'settings',
    schema,
    accessPropertiesByDotNotation: false,
    // Our own schema need not be checked against the schema of schemas, which costs 40 ms at each start.
    ajvOptions: {validateSchema: false, meta: false},
  });
}

function repair(
  folder: string,
  file: string,
  error: unknown,
): {settings: Settings; warning: string} {
  const forgetful = (why: unknown) => ({
    settings: new Settings(),
    warning: `Settings will not be remembered: ${reason(why)}.`,
  });
  // An error of the disk: the file itself may be right.
  if (error instanceof Error && 'syscall' in error) return forgetful(error);
  try {
    const content = readFileSync(file, 'utf8');
    renameSync(file, `${file}.broken`);
    const store = open(folder);
    for (const [key, value] of Object.entries(parse(content))) keepIfValid(store, key, value);
    const warning = `Some settings made no sense (${reason(error)}): see ${file}.broken.`;
    return {settings: new Settings(store), warning};
  } catch (another) {
    return forgetful(another);
  }
}

function parse(content: string): object {
  try {
    return Object(JSON.parse(content));
  } catch {
    return {};
  }
}

/** Conf checks the value against the schema. Keys that it does not name belong to another version, and stay. */
function keepIfValid(store: Conf<Remembered>, key: string, value: unknown): void {
  try {
    store.set({[key]: value});
  } catch {
    // The value is dropped, and the warning names it.
  }
}

/** The message without its full stop, to be put into a sentence. */
function reason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
