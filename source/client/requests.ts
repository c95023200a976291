import type {NamedRooms, Protocol, Request} from '../protocols/protocol.ts';
import {absenceSentence} from './absences.ts';
import {errorSentence, linkedSentence, roomNameSentence, roomSizeSentence} from './sentences.ts';
import {crowdOf, type State} from './state.ts';

/** Requests of the user to the hub. Texts go another way. */
export type UserRequest =
  | Exclude<Request, {type: 'say' | 'tell' | 'create-room'}>
  /** Without a limit: as many members as the protocol can carry. */
  | (Omit<Request & {type: 'create-room'}, 'maximumMembers'> & {
      readonly maximumMembers?: number | undefined;
    });

/** Why a request is not carried out. */
export type Problem = {
  readonly code: string;
  readonly message: string;
  /** Of a command that does not exist: the one that was probably meant. */
  readonly nearest?: string;
};

/** The part of a request that can go to the hub, if any, and why the rest cannot. */
export type Checked = {
  readonly request?: Exclude<Request, {type: 'say' | 'tell'}>;
  readonly problems: readonly Problem[];
};

export function checkRequest(request: UserRequest, state: State, protocol: Protocol): Checked {
  const {link, people, invitations} = state;
  switch (request.type) {
    case 'answer': {
      const isForLink = invitations.some(
        ({from, mode}) => from === request.from && mode === 'link',
      );
      if (!request.accepted || !isForLink || link === undefined) break;
      return impossible('link-exists', linkedSentence(people.labelOf(link.nick)));
    }
    case 'link': {
      if (link !== undefined) {
        return impossible('link-exists', linkedSentence(people.labelOf(link.nick)));
      }
      const problems = strangers([request.to], state, protocol);
      return problems.length === 0 ? {request, problems} : {problems};
    }
    case 'invite': {
      const problems = strangers(request.nicknames, state, protocol);
      const nicknames = request.nicknames.filter(nick => protocol.isNickname(nick));
      return nicknames.length === 0 ? {problems} : {request: {...request, nicknames}, problems};
    }
    case 'join-room': {
      const rules = roomRules(request.name, protocol);
      return 'code' in rules ? {problems: [rules]} : {request, problems: []};
    }
    case 'create-room': {
      const rules = roomRules(request.name, protocol);
      if ('code' in rules) return {problems: [rules]};
      const most = rules.maximumMembers;
      const {maximumMembers = most} = request;
      return maximumMembers < 2 || maximumMembers > most
        ? impossible('room-size-invalid', roomSizeSentence(most))
        : {request: {...request, maximumMembers}, problems: []};
    }
    default:
      break;
  }
  return {request, problems: []};
}

function impossible(code: string, message: string): Checked {
  return {problems: [{code, message}]};
}

/** Names that nobody can have in the protocol, as problems. */
export function strangers(
  nicknames: readonly string[],
  state: State,
  protocol: Protocol,
): readonly Problem[] {
  return nicknames
    .filter(nick => !protocol.isNickname(nick))
    .map(nick => ({
      code: 'no-such-user',
      message: errorSentence('no-such-user', nick, crowdOf(state)),
    }));
}

function roomRules(name: string, protocol: Protocol): NamedRooms | Problem {
  const {namedRooms} = protocol;
  if (namedRooms === undefined) {
    return {code: 'unsupported', message: absenceSentence('named-rooms', protocol)};
  }
  return namedRooms.isName(name)
    ? namedRooms
    : {
        code: 'room-name-invalid',
        message: roomNameSentence(name, protocol.name, namedRooms.nameRule),
      };
}
