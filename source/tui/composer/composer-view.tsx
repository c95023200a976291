import {Box, Text, useCursor} from 'ink';
import type {State} from '../../client/state.ts';
import type {Store} from '../store.ts';
import {truncate, widthOf} from '../text/width.ts';
import {Styled} from '../theme/styled.tsx';
import {useStore} from '../use-store.ts';
import {type Composer, draftOf, type Leaving, type Question} from './composer.ts';
import {composerRows, promptOf, readersOf, rowsAround} from './composer-rows.ts';

type Props = {
  readonly store: Store<Composer>;
  readonly state: State;
  /** In cells of the screen. */
  readonly columns: number;
  readonly rows: number;
  readonly top: number;
  readonly isFocused: boolean;
};

/** The line being typed, or several of them, with the terminal's own cursor in it. */
export function ComposerView({store, state, columns, rows, top, isFocused}: Props) {
  const composer = useStore(store);
  const {setCursorPosition} = useCursor();
  const draft = draftOf(composer);
  const prompt = promptOf(composer, state, columns);
  const indent = widthOf(prompt.text);
  const {rows: shown, cursor} = rowsAround(composerRows(draft, columns - indent), rows);
  const words =
    questionWords(composer.question, state) ?? (draft.text === '' ? placeholder : undefined);
  setCursorPosition(isFocused ? {x: indent + cursor.x, y: top + cursor.y} : undefined);
  return (
    <Box height={rows} width={columns} overflow="hidden">
      <Box flexShrink={0} width={indent}>
        <Styled as={prompt.isWarning ? 'error' : 'accent'} bold>
          {prompt.text}
        </Styled>
      </Box>
      {words === undefined ? (
        <Text wrap="truncate">{shown.join('\n')}</Text>
      ) : (
        <Styled as={composer.question === undefined ? 'quiet' : 'text'} wrap="truncate">
          {truncate(words, columns - indent)}
        </Styled>
      )}
    </Box>
  );
}

const placeholder = 'type a message, or / for commands';

function questionWords(question: Question | undefined, state: State): string | undefined {
  switch (question?.about) {
    case 'leaving':
      return leavingWords(question);
    case 'lines': {
      const {letters} = question.reading;
      const [{to} = {to: 'public' as const}] = letters;
      return `Enter sends ${letters.length} messages to ${readersOf(to, state)}, other keys keep them as a draft`;
    }
    default:
      return undefined;
  }
}

const leavingKeys = {
  'clear-or-leave': 'Ctrl-C again leaves',
  'delete-or-leave': 'Ctrl-D again leaves',
  suspend: 'Ctrl-Z again suspends',
  send: 'Enter leaves',
} as const satisfies Record<Leaving['by'], string>;

function leavingWords({by, guests}: Leaving): string {
  if (guests === 0) return 'press Ctrl-C again to leave';
  const others = guests === 1 ? '1 other is here and loses' : `${guests} others are here and lose`;
  return `${others} your hub: ${leavingKeys[by]}`;
}
