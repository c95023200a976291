import {Box, Text, useCursor} from 'ink';
import type {State} from '../../client/state.ts';
import type {Store} from '../store.ts';
import {truncate, widthOf} from '../text/width.ts';
import {Styled} from '../theme/styled.tsx';
import {useStore} from '../use-store.ts';
import {type Composer, edited, type Leaving, type Question} from './composer.ts';
import {budgetText, composerRows, draftColumns, promptOf, rowsAround} from './composer-rows.ts';
import {OutlookList} from './outlook-list.tsx';

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
  const draft = edited(composer);
  const prompt = promptOf(composer, state, columns);
  const indent = widthOf(prompt.text);
  const {outlook, question, search} = composer;
  const listRows = Math.min(outlook.rows.length, rows - 1);
  const width = draftColumns(composer, state, columns);
  const {rows: shown, cursor} = rowsAround(composerRows(draft, width), rows - listRows);
  const isEmpty = draft.text === '' && question === undefined && search === undefined;
  const words = leavingWords(question) ?? (isEmpty ? placeholderFor(state) : undefined);
  setCursorPosition(isFocused ? {x: indent + cursor.x, y: top + listRows + cursor.y} : undefined);
  const budget = budgetText(composer, columns);
  const line = (
    <Box height={rows - listRows} width={columns} overflow="hidden">
      <Box flexShrink={0} width={indent}>
        <Styled as={prompt.isWarning ? 'error' : 'accent'} bold>
          {prompt.text}
        </Styled>
      </Box>
      <Box flexShrink={0} width={width}>
        {words === undefined ? (
          <Text wrap="truncate">{shown.join('\n')}</Text>
        ) : (
          <Styled as={question === undefined ? 'quiet' : 'text'} wrap="truncate">
            {truncate(words, width)}
          </Styled>
        )}
      </Box>
      {budget !== '' && (
        <Styled as={outlook.budget?.isOver ? 'error' : 'quiet'}>{` ${budget} `}</Styled>
      )}
    </Box>
  );
  return (
    <Box flexDirection="column" height={rows} width={columns} overflow="hidden">
      {listRows > 0 && <OutlookList rows={outlook.rows} height={listRows} columns={columns} />}
      {line}
    </Box>
  );
}

/** A text for the hub is kept while it is away. */
function placeholderFor({connection, room}: State): string {
  const isKept = connection.phase === 'retrying' && room?.mode !== 'decentralised';
  return isKept ? '(kept until the hub is back)' : 'type a message, or / for commands';
}

const leavingKeys = {
  'clear-or-leave': 'Ctrl-C again leaves',
  'delete-or-leave': 'Ctrl-D again leaves',
  suspend: 'Ctrl-Z again suspends',
  send: 'Enter leaves',
} as const satisfies Record<Leaving['by'], string>;

function leavingWords(question: Question | undefined): string | undefined {
  if (question?.about !== 'leaving') return undefined;
  const {by, guests} = question;
  if (guests === 0) return 'press Ctrl-C again to leave';
  const others = guests === 1 ? '1 other is here and loses' : `${guests} others are here and lose`;
  return `${others} your hub: ${leavingKeys[by]}`;
}
