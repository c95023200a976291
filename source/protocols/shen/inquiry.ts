import type {Inquiry} from '../protocol.ts';
import * as wire from './wire.ts';

/** A registration without a name, which the hub has to refuse (docs/protocols/shen.md). */
export const inquiry: Inquiry = {
  question: wire.encode({type: 'connexion', sequence: 0, parts: ['']}),
  read(answer) {
    const decoded = wire.decode(answer);
    if (!decoded.ok || decoded.message.sequence !== 0) return undefined;
    switch (decoded.message.type) {
      case 'ack':
        return 'let-in';
      case 'connexionInvalide':
      case 'tropDeClients':
        return 'is-there';
      default:
        return undefined;
    }
  },
  // The number is another one than that of the registration, or it could be taken for its copy.
  goodbye: wire.encode({type: 'deconnexion', sequence: 1, parts: ['']}),
};
