import {Box} from 'ink';
import {isDirect} from '../../client/conversations.ts';
import {noMentions} from '../../client/sentences.ts';
import {timeOf} from '../../client/times.ts';
import {roomListRows} from '../panes/layout.ts';
import {windowAround} from '../panes/window-around.ts';
import {toWidth} from '../text/width.ts';
import {Styled} from '../theme/styled.tsx';
import {conversationLabel, type View} from '../view.ts';
import type {MentionList} from './mention-list-controller.ts';

type Props = {readonly view: View; readonly list: MentionList};

/** The last messages that name the user, newest first, over everything but the status bar. */
export function MentionListView({view, list: {mentions, selected}}: Props) {
  const {state, size} = view;
  const {columns} = size;
  const rows = roomListRows(size);
  return (
    <Box flexDirection="column" width={columns} height={rows + 2} overflow="hidden">
      <Styled as="accent" wrap="truncate">
        {` Mentions ${mentions.length}`}
      </Styled>
      <Box flexDirection="column" height={rows} overflow="hidden">
        {mentions.length === 0 ? (
          <Styled wrap="truncate">{` ${noMentions}`}</Styled>
        ) : (
          windowAround(mentions, selected, rows).map(mention => {
            const {conversation, index, entry} = mention;
            const isSelected = mention === mentions[selected];
            const time = timeOf(entry.at);
            // With one person, the place is the author.
            const where = isDirect(conversation)
              ? ''
              : `${conversationLabel(state, conversation)}  `;
            const number = mentions.indexOf(mention) + 1;
            const digit = number < 10 ? number : ' ';
            const words = `${isSelected ? '▸' : ' '}${digit} ${time} ${where}${entry.author}  ${entry.text}`;
            return (
              <Styled
                key={`${conversation} ${index}`}
                as={isSelected ? 'selection' : 'text'}
                wrap="truncate"
              >
                {toWidth(words, columns)}
              </Styled>
            );
          })
        )}
      </Box>
      <Styled as="quiet" wrap="truncate">
        {mentions.length === 0 ? ' Esc closes' : ' Esc closes, Enter or a digit goes there'}
      </Styled>
    </Box>
  );
}
