/** What the user reads: what has happened, and what to do next. */
import type {ErrorCode, FailureReason, Protocol} from '../protocols/protocol.ts';
import type {RefusalReason} from './events.ts';

export function refusalSentence(
  reason: RefusalReason,
  nick: string,
  server: string,
  protocol: Protocol,
): string {
  switch (reason) {
    case 'nickname-in-use':
      return `Somebody is called ${nick} here already: choose another nickname`;
    case 'nickname-invalid':
      return `${nick} cannot be a nickname here: ${protocol.name} wants ${protocol.nicknameRule}`;
    case 'hub-full':
      return `The hub at ${server} is full: try again later, or another hub`;
    case 'unreachable':
      return `Nobody answers at ${server}: is the address right, and a hub running there (chat-tui serve)?`;
  }
}

export function errorSentence(code: ErrorCode, nick: string): string {
  switch (code) {
    case 'no-such-user':
      return `Nobody here is called ${nick}: /list shows who is`;
    case 'already-in-room':
      return `${nick} is in a private room already, and can be invited after leaving it`;
    case 'invitation-over':
      return `There is no invitation from ${nick} any more: ask to be invited again`;
    case 'no-answer':
      return `The hub has not heard your answer to ${nick}: answer again when it is back`;
  }
}

export function failureSentence(reason: FailureReason, pending: readonly string[]): string {
  switch (reason) {
    case 'hub-silent':
      return 'Not delivered: the hub does not answer. /retry sends it again';
    case 'peers-silent':
      return pending.length === 0
        ? 'Not delivered: nobody else is in the room'
        : `Not delivered to ${pending.join(', ')}. /retry sends it again`;
    case 'not-connected':
      return 'Not sent: there is no connection. /retry sends it when there is one';
    case 'left-room':
      return 'Not delivered: you had left the room';
    case 'entered-room':
      return 'Perhaps not delivered: your invitation was accepted at that moment';
  }
}
