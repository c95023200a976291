import {BitWriter} from '../../transport/bits.ts';
import type {Inquiry} from '../protocol.ts';
import {writeString} from './wire/fields.ts';
import {registrationCodes} from './wire.ts';

/** An empty nickname, which the hub has to refuse with one byte (docs/protocols/cosp.md). */
export const inquiry: Inquiry = {
  question: writeString(new BitWriter(), '').finish(),
  read(answer) {
    const refused = registrationCodes.refused & 0xff;
    return answer.length === 1 && answer[0] === refused ? 'is-there' : undefined;
  },
};
