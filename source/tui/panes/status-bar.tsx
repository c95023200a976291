import {Words, widthOfWords} from '../text/words.tsx';
import type {View} from '../view.ts';
import {statusLine} from './status-line.ts';

type Props = {
  readonly view: View;
  /** At the right end, as far as there is room; the most important first. */
  readonly hints: readonly string[];
};

/** The user's nickname, the hub, and how well the network carries messages. */
export function StatusBar({view, hints}: Props) {
  const {state, size, now} = view;
  const {left, right} = statusLine(state, hints, size.columns, now);
  const gap = size.columns - widthOfWords([...left, ...right]);
  const words = [...left, {as: 'text', text: ' '.repeat(Math.max(0, gap))} as const, ...right];
  return <Words words={words} as={state.connection.phase === 'retrying' ? 'bar-lost' : 'bar'} />;
}
