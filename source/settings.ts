import {readFileSync, renameSync} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import Conf, {type Schema} from 'conf';

/** What the program remembers from one start to the next. */
export type Remembered = {
  readonly nickname?: string;
  /** As it was given: see product.md, "Address". */
  readonly lastServer?: string;
};

export type OpenSettings = {
  readonly settings: Settings;
  /** The file, be it there or not. */
  readonly path: string;
  /** A sentence for the user, if the file or a part of it could not be used. */
  readonly warning?: string;
};

/** A host name has 253 characters at most; scheme, brackets and port come on top. */
const text = {type: 'string', minLength: 1, maxLength: 300} as const;
const schema: Schema<Remembered> = {nickname: text, lastServer: text};

/**
 * Reads what the program remembers. Never throws for what is on the disk: a file that makes no
 * sense is set aside as `settings.json.broken` (in place of an earlier one), what can be used of it
 * is kept, and where nothing can be read or written the settings last as long as the process.
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

  /**
   * Remembers values, and keeps those that another chat-tui has written meanwhile.
   *
   * @returns a sentence for the user, if they will be forgotten with the end of the process.
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
 * The folder that the platform has for the configuration of programs. As conf chooses it, but known
 * also when the folder cannot be made or the file in it cannot be read.
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
    // The schema is ours; to check it against the schema of schemas would be 40 ms of each start.
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
  // The disk says no: nothing is wrong with the file.
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

/** The schema decides, in conf. Keys that it does not name belong to another version: they stay. */
function keepIfValid(store: Conf<Remembered>, key: string, value: unknown): void {
  try {
    store.set({[key]: value});
  } catch {
    // Dropped: the warning names it.
  }
}

/** Without the full stop, to be put into a sentence. */
function reason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
