/** Texts with their readers, on their way to the engine: whether they can be sent, and as what. */
import type {Protocol, Request} from '../protocols/protocol.ts';
import type {Letter} from './draft.ts';
import {type Problem, strangers} from './requests.ts';
import {canSpeakIn, type State} from './state.ts';

/** Why a text cannot be said in the conversation it is for. */
const misplaced = {
  public: {
    code: 'already-in-room',
    message: 'Not sent: you are in a private room, /leave takes you back to the public one',
  },
  room: {code: 'not-in-room', message: 'Not sent: the private room it was for is gone'},
  link: {
    code: 'no-such-link',
    message: 'Not sent: the private connection it was for is closed',
  },
};

/** Why a letter cannot be sent. @param called Its name in a sentence. @returns undefined if it can. */
export function whyNotSent(
  {to, text}: Letter,
  called: string,
  state: State,
  protocol: Protocol,
): Problem | undefined {
  const {maximumTextBytes, name} = protocol;
  const bytes = Buffer.byteLength(text);
  if (bytes > maximumTextBytes) {
    const message = `Not sent: ${called} has ${bytes} bytes, and ${name} carries ${maximumTextBytes}. Shorten it, or send it in parts`;
    return {code: 'text-too-long', message};
  }
  if (typeof to !== 'string') return strangers([to.nick], state, protocol)[0];
  return canSpeakIn(state, to) ? undefined : misplaced[state.features.has('links') ? 'link' : to];
}

/** @param id One that was never used before. */
export function letterRequest({to, text}: Letter, id: number, {room, link}: State): Request {
  if (typeof to !== 'string') return {type: 'tell', id, scope: 'direct', to: to.nick, text};
  return to === 'room' && room === undefined && link !== undefined
    ? {type: 'tell', id, scope: 'link', to: link.nick, text}
    : {type: 'say', id, scope: to, text};
}
