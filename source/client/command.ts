/** What a slash command is, and what it works on. */
import type {Feature} from '../protocols/protocol.ts';
import type {OptionalFeature} from './absences.ts';
import type {Client} from './client.ts';
import type {ConversationId} from './conversations.ts';
import type {Problem} from './requests.ts';
import type {State} from './state.ts';

export type CommandGroup = 'talking' | 'rooms' | 'people' | 'program';

export type Command = TextCommand | ActionCommand;

/** A command that sends a text, which may have several lines. */
export type TextCommand = Described & {
  /** Reads from the argument whom the text is for, or says why it is for nobody. */
  address(state: State, argument: string): Addressed | Problem;
  /** What is typed next is for that person too. */
  readonly turns?: true;
};

/** A command that does something else, and is one line. */
export type ActionCommand = Described & {
  /** @returns false if nothing was done and an error said why. */
  run(host: CommandHost, argument: string): boolean;
};

type Described = {
  readonly name: string;
  readonly aliases: readonly string[];
  /** The arguments: `NICK… [--decentralised]`. */
  readonly usage: string;
  readonly summary: string;
  readonly group: CommandGroup;
  readonly needsConnection?: boolean;
  /** A protocol without this feature has no such command; `commandFor` then says what it has instead. */
  readonly needs?: OptionalFeature;
  /** What the argument is, for completion. By default it is a text, in which somebody can be named. */
  readonly argument?: ArgumentKind;
};

/** `person` may have a text behind it. `inviter` and `ignored` are those of the people whom the command can take. */
export type ArgumentKind =
  | 'person'
  | 'people'
  | 'inviter'
  | 'ignored'
  | 'room'
  | 'hub'
  | 'topic'
  | 'new-name';

/** What a command works on. */
export type CommandHost = {
  readonly client: Pick<
    Client,
    | 'state'
    | 'journeys'
    | 'keyTimes'
    | 'emit'
    | 'retry'
    | 'request'
    | 'connect'
    | 'reconnect'
    | 'share'
  >;
  /** The conversation that the line was typed for. */
  readonly conversation: ConversationId;
};

/** A text, and the person it is for. */
export type Addressed = {
  /** Undefined: the text is for the conversation in which it was typed. */
  readonly nick?: string;
  /** Each message begins with it. */
  readonly prefix?: string;
  /** Empty, and for one person: what is typed next is for that person. */
  readonly text: string;
};

/** Whether a protocol with these features has the command. */
export function isThere({needs}: Command, features: ReadonlySet<Feature>): boolean {
  return needs === undefined || features.has(needs);
}

/** Tells the user why nothing was done. @returns false */
export function fail(host: CommandHost, code: string, message: string): false {
  host.client.emit({type: 'error', code, message});
  return false;
}

export function show(host: CommandHost, text: string): true {
  host.client.emit({type: 'notice', text});
  return true;
}
