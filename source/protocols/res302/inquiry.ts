import type {Inquiry} from '../protocol.ts';
import * as wire from './wire.ts';

/** A registration without a name, which the hub has to refuse with a B (docs/protocols/res302.md). */
export const inquiry: Inquiry = {
  question: wire.encode(wire.message('A')),
  read(answer) {
    const decoded = wire.decode(answer);
    if (!decoded.ok) return undefined;
    const {type, ack, flag} = decoded.message;
    if (type === 'A' && ack) return 'let-in';
    return type === 'B' && flag ? 'is-there' : undefined;
  },
  // The number is another one than that of the registration, or it could be taken for its copy.
  goodbye: wire.encode(wire.message('I', {sequence: 1})),
};
