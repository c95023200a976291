/** Finds the command that a typed word means, or says why there is none. */
import leven from 'leven';
import {absenceSentence, operatorSentence} from './absences.ts';
import {type Command, type CommandHost, fail, isThere} from './command.ts';
import {topicFor} from './help-topics.ts';
import {readNickname} from './nicknames.ts';
import type {Problem} from './requests.ts';
import {crowdOf, type State} from './state.ts';

/**
 * The command of that word, or why it cannot be used now. Case does not matter, and a unique beginning
 * of the name is enough.
 */
export function commandFor(
  commands: readonly Command[],
  state: State,
  word: string,
  argument: string,
): Command | Problem {
  const absence = explainAbsence(commands, state, word, argument);
  if (absence !== undefined) return {code: 'unsupported', message: absence};
  // Before the beginnings of our own: /op is not short for /open.
  const operators = operatorSentence(word, state.protocol);
  if (operators !== undefined) return {code: 'unsupported', message: operators};
  const found = meant(commands, state, word);
  const [command] = found;
  if (command === undefined) {
    const near = nearest(commands, word);
    const what = near === undefined ? '/help shows those there are' : `did you mean /${near}?`;
    const stop = near === undefined ? '.' : '';
    const message = `There is no /${word}: ${what}${stop} Another / before it says it as a text`;
    const problem = {code: 'unknown-command', message};
    return near === undefined ? problem : {...problem, nearest: near};
  }
  if (found.length > 1) {
    const names = found.map(({name}) => `/${name}`).join(', ');
    const message = `/${word} could be ${names}: type one letter more`;
    return {code: 'ambiguous-command', message};
  }
  if (command.needsConnection && state.connection.phase !== 'connected') {
    const message = `/${command.name} needs the hub, and there is no connection now`;
    return {code: 'not-connected', message};
  }
  return command;
}

/** The command of that name, or all whose name begins with the word. */
export function findCommands(commands: readonly Command[], word: string): readonly Command[] {
  const name = word.toLowerCase();
  const exact = commands.find(command => command.name === name || command.aliases.includes(name));
  if (exact !== undefined) return [exact];
  if (name === '') return [];
  return commands.filter(command =>
    [command.name, ...command.aliases].some(candidate => candidate.startsWith(name)),
  );
}

/** If several commands begin with the word, only those that the protocol has. */
function meant(commands: readonly Command[], state: State, word: string): readonly Command[] {
  const found = findCommands(commands, word);
  const there = found.filter(command => isThere(command, state.features));
  return there.length === 0 ? found : there;
}

/** Why this protocol has no such command, and what does the job there. */
function explainAbsence(
  commands: readonly Command[],
  state: State,
  word: string,
  argument: string,
): string | undefined {
  const protocol = {name: state.protocol, features: state.features};
  const [command, ...others] = meant(commands, state, word);
  const needs = others.length === 0 ? command?.needs : undefined;
  if (needs === undefined || state.features.has(needs)) return undefined;
  const isAboutSomebody = /^\[?NICK/.test(command?.usage ?? '') && !argument.startsWith('-');
  const read = isAboutSomebody ? readNickname(argument, crowdOf(state)) : undefined;
  // As it was typed, with its quotes.
  const typed = read && argument.slice(0, argument.length - read.rest.length).trim();
  return absenceSentence(needs, protocol, typed);
}

/**
 * The command that was probably meant: the same letters in another order, or at most two of them wrong, and at most a third of
 * the word. Undefined if none is near. With another first letter, it is another word.
 */
function nearest(commands: readonly Command[], word: string): string | undefined {
  const typed = word.toLowerCase();
  const names = commands.flatMap(({name, aliases}) => [name, ...aliases]);
  const distance = (name: string) => leven(typed, name);
  const isNear = (name: string) => {
    if (lettersOf(name) === lettersOf(typed)) return distance(name) <= maximumDistance;
    const most = Math.min(maximumDistance, Math.floor(typed.length / 3));
    return name[0] === typed[0] && distance(name) <= most;
  };
  const [best] = names.filter(isNear).toSorted((one, other) => distance(one) - distance(other));
  return best;
}

const maximumDistance = 2;

function lettersOf(word: string): string {
  return [...word].sort().join('');
}

/** The work of `/help`. */
export function help(commands: readonly Command[], host: CommandHost, argument: string): boolean {
  const {state} = host.client;
  const word = argument.replace(/^\//, '');
  const topic = topicFor(word);
  const isMeant = topic === word.toLowerCase() || findCommands(commands, word).length === 0;
  if (topic !== undefined && isMeant) {
    host.client.emit({type: 'help', topic});
    return true;
  }
  const absence =
    explainAbsence(commands, state, word, '') ?? operatorSentence(word, state.protocol);
  if (absence !== undefined) return fail(host, 'unsupported', absence);
  const [command] = meant(commands, state, word);
  if (argument !== '' && command === undefined) {
    const near = nearest(commands, word);
    const what = near === undefined ? '/help shows those there are' : `did you mean /${near}?`;
    const message = `There is no /${argument}: ${what}`;
    return fail(host, 'unknown-command', message);
  }
  host.client.emit({type: 'help', topic: command?.name});
  return true;
}
