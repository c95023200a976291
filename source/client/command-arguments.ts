/** The arguments of slash commands that are about people, as they are typed. */
import {type CommandHost, fail} from './command.ts';
import {type Meant, readNickname} from './nicknames.ts';
import type {Problem} from './requests.ts';
import {ambiguitySentence} from './sentences.ts';
import {crowdOf, type State} from './state.ts';

/** Reads one nickname that is the whole argument. @returns undefined if it is not one and an error said why. */
export function readOne(host: CommandHost, argument: string, command: string): string | undefined {
  const read = readNickname(argument, crowdOf(host.client.state));
  if (read?.rest === '') return onlyOne(host, read.meant);
  const quotes = read === undefined ? '' : ', in quotes if it has spaces: "jean paul"';
  fail(host, 'usage', `Type /${command} and a nickname${quotes}`);
  return undefined;
}

/** The person whom a nickname means. @returns undefined if that is not clear and an error said so. */
export function onlyOne(host: CommandHost, meant: Meant): string | undefined {
  if (meant.is !== 'several') return meant.nick;
  const {code, message} = ambiguity(meant, host.client.state);
  fail(host, code, message);
  return undefined;
}

export function ambiguity({typed, people}: Meant & {is: 'several'}, state: State): Problem {
  const message = ambiguitySentence(typed, people, crowdOf(state));
  return {code: 'ambiguous-nickname', message};
}
