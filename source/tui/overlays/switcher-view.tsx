import {Box, useCursor} from 'ink';
import {isDirect} from '../../client/conversations.ts';
import {canSpeakIn} from '../../client/state.ts';
import {roomListRows} from '../panes/layout.ts';
import {approachOf} from '../panes/people.ts';
import {windowAround} from '../panes/window-around.ts';
import {nameToWidth, toWidth, truncate, widthOf} from '../text/width.ts';
import {Styled} from '../theme/styled.tsx';
import {digitOf, unreadWords} from '../unread.ts';
import type {View} from '../view.ts';
import type {Place, Switcher} from './switcher.ts';

type Props = {readonly view: View; readonly switcher: Switcher};

/** Conversations and people to go to, over everything but the status bar. */
export function SwitcherView({view, switcher}: Props) {
  const {columns} = view.size;
  const {setCursorPosition} = useCursor();
  const rows = roomListRows(view.size);
  const {query, found, selected} = switcher;
  const typed = truncate(query.text, Math.max(0, columns - widthOf(prompt) - 1));
  setCursorPosition({x: widthOf(prompt + typed), y: 1});
  return (
    <Box flexDirection="column" width={columns} height={rows + 2} overflow="hidden">
      <Styled as="accent" wrap="truncate">
        {prompt + typed}
      </Styled>
      <Box flexDirection="column" height={rows} overflow="hidden">
        {found.length === 0 ? (
          <Styled as="quiet" wrap="truncate">
            {' Nobody and nothing here is called so'}
          </Styled>
        ) : (
          windowAround(found, selected, rows).map(place => (
            <Row
              key={place.id}
              view={view}
              place={place}
              isSelected={place === found[selected]}
              columns={columns}
            />
          ))
        )}
      </Box>
      <Styled as="quiet" wrap="truncate">
        {' Esc closes, Enter goes there'}
      </Styled>
    </Box>
  );
}

const prompt = ' Go to: ';

type RowProps = {
  readonly view: View;
  readonly place: Place;
  readonly isSelected: boolean;
  readonly columns: number;
};

/** The digit of its key, its name, and what is unread there or what Enter does. */
function Row({view, place: {id, label}, isSelected, columns}: RowProps) {
  const digit = id in view.state.conversations ? digitOf(view, id) : '';
  const detail = unreadWords(view, id) || (canSpeakIn(view.state, id) ? '' : deedOf(view, id));
  const left = Math.max(1, columns - margin - widthOf(detail) - 2);
  const words = `${isSelected ? '▸' : ' '}${digit.padEnd(2)}${nameToWidth(label, left)} ${detail}`;
  return (
    <Styled as={isSelected ? 'selection' : 'text'} wrap="truncate">
      {toWidth(words, columns)}
    </Styled>
  );
}

/** In cells, for the sign of the selected row and the digit. */
const margin = 3;

/** Where there are no direct messages, Enter on a person writes another command. */
function deedOf({state}: View, id: Place['id']): string {
  return isDirect(id) ? approachOf(state).does : '';
}
