import type {Inquiry} from '../protocol.ts';
import {hubUserId} from './wire/messages.ts';
import * as wire from './wire.ts';

/** A sign of life under a number that no user can have: the hub answers that it does not know us. */
export const inquiry: Inquiry = {
  question: wire.encode({type: 'connexion', userId: hubUserId, sequence: 0, name: undefined}),
  read(answer) {
    const decoded = wire.decode(answer);
    if (!decoded.ok || decoded.message.type !== 'reponseConnexion') return undefined;
    return decoded.message.userId === hubUserId ? 'is-there' : undefined;
  },
};
