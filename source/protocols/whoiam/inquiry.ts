import type {Inquiry} from '../protocol.ts';

/** The hub speaks first: it asks who we are. */
export const inquiry: Inquiry = {
  question: new Uint8Array(0),
  read(answer) {
    const [line, ...others] = new TextDecoder().decode(answer).split('\n');
    return others.length > 0 && line?.trimEnd() === 'WHO' ? 'is-there' : undefined;
  },
};
