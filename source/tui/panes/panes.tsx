import {Box} from 'ink';
import {useMemo} from 'react';
import {type ConversationId, isDirect} from '../../client/conversations.ts';
import {historyOf, type State} from '../../client/state.ts';
import {withWholeHead} from '../conversation/entry-lines.ts';
import {MessagePane} from '../conversation/message-pane.tsx';
import {blocksOf} from '../conversation/pane-blocks.ts';
import {viewport} from '../conversation/viewport.ts';
import {truncateWords, Words, widthOfWords} from '../text/words.tsx';
import {wrap} from '../text/wrap.ts';
import {Styled} from '../theme/styled.tsx';
import {conversationLabel, conversationView, isConversation, type View} from '../view.ts';
import {DividerAcross, DividerDown} from './dividers.tsx';
import {InvitationPane} from './invitation-pane.tsx';
import {messageArea, type PaneName, type PaneSize, type ShownLayout} from './layout.ts';
import {belowOf, footerOf, titleOf} from './pane-titles.ts';
import {TabLine} from './tab-line.tsx';
import {UserPane} from './user-pane.tsx';

type Props = {
  readonly view: View;
  readonly layout: ShownLayout;
  /** What is said while there is nothing else to read in the public conversation. */
  readonly note: string;
};

/** The conversations and lists, side by side with thin dividers between them, or one at a time below the tabs. */
export function Panes(props: Props) {
  const {view, layout} = props;
  const {panes, main, waiting, kind} = layout;
  const {users, invitations} = panes;
  const isWide = kind === 'wide';
  const names: readonly PaneName[] = isWide
    ? [...(waiting === undefined ? [] : [waiting]), main]
    : (Object.keys(panes) as PaneName[]);
  const side = users ?? invitations;
  const widths = [
    ...names.map(name => ({
      columns: panes[name]?.columns ?? 0,
      words: belowWords(view, layout, name),
    })),
    ...(isWide && side !== undefined ? [{columns: side.columns, words: ''}] : []),
  ];
  const rows = (panes[names[0] ?? main]?.rows ?? 0) + (isWide ? 1 : 0);
  const branch = users !== undefined && invitations !== undefined ? users.rows + 1 : undefined;
  return (
    <Box flexDirection="column" flexShrink={0}>
      {layout.hasTabs && !layout.isFeedbackInTabs && <TabLine view={view} layout={layout} />}
      {layout.hasUpperDivider && (
        <DividerAcross parts={widths.map(part => ({...part, words: ''}))} joint="┬" />
      )}
      <Box height={rows} overflow="hidden">
        {names.map((name, index) => (
          <Box key={name}>
            {index > 0 && <DividerDown rows={rows} branch={undefined} />}
            <TitledPane {...props} name={name} hasTitle={isWide} />
          </Box>
        ))}
        {isWide && <DividerDown rows={rows} branch={branch} />}
        {isWide && (
          <Box flexDirection="column">
            <TitledPane {...props} name="users" hasTitle />
            <TitledPane {...props} name="invitations" hasTitle hasLine={branch !== undefined} />
          </Box>
        )}
      </Box>
      {layout.hasLowerDivider && <DividerAcross parts={widths} joint="┴" />}
    </Box>
  );
}

type TitledProps = Props & {
  readonly name: PaneName;
  readonly hasTitle: boolean;
  /** The title stands in a line, as nothing else divides the pane from the one above. */
  readonly hasLine?: boolean;
};

function TitledPane({name, hasTitle, hasLine = false, ...props}: TitledProps) {
  const {view, layout} = props;
  const size = layout.panes[name];
  if (size === undefined) return null;
  const {columns, rows} = size;
  const title = hasTitle ? truncateWords(titleOf(view, layout, name), columns - 1) : [];
  const rest = columns - widthOfWords(title) - 2;
  return (
    <Box flexDirection="column" width={columns} height={rows + (hasTitle ? 1 : 0)} flexShrink={0}>
      {hasTitle && (
        <Words
          words={
            hasLine
              ? [
                  {as: 'divider', text: '─'},
                  ...title,
                  {as: 'divider', text: ` ${'─'.repeat(Math.max(0, rest))}`},
                ]
              : title
          }
        />
      )}
      <Pane {...props} name={name} size={size} />
    </Box>
  );
}

type PaneProps = Props & {readonly name: PaneName; readonly size: PaneSize};

function Pane({name, size, ...props}: PaneProps) {
  const {view} = props;
  if (name === 'users') return <UserPane view={view} size={size} />;
  if (name === 'invitations') return <InvitationPane view={view} size={size} />;
  return <Conversation {...props} name={name} />;
}

function Conversation({name, view, layout, note}: Props & {readonly name: ConversationId}) {
  const {state, focus} = view;
  const history = historyOf(state, name);
  const {anchor, selected, firstUnread, newMessages} = conversationView(view, name);
  const pane = blocksOf(view, layout, name);
  const height = pane?.rows ?? 0;
  const format = pane?.format;
  const columns = messageArea(layout, name)?.columns ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the blocks are made of these.
  const rows = useMemo(() => {
    if (pane === undefined) return [];
    const shown = viewport(pane.blocks, pane.rows, anchor).rows;
    return shown.map((visible, index) => {
      // The first row with a text says who has written it, and when.
      const isFirst = visible.row.at >= 0 && shown.slice(0, index).every(({row}) => row.at < 0);
      const entry = history.at(visible.index);
      return isFirst && entry !== undefined
        ? {...visible, row: withWholeHead(visible.row, entry, pane.format)}
        : visible;
    });
  }, [history, anchor, height, ...Object.values(format ?? {}), firstUnread, newMessages]);
  const isWaiting = name === layout.waiting;
  const said = name === 'public' ? note : emptyNote(state, name);
  const words = useMemo(() => (said === '' ? [] : wrap(said, columns - 1)), [said, columns]);
  return (
    <Box flexDirection="column">
      <MessagePane
        rows={rows}
        height={height}
        selected={focus === name ? selected : undefined}
        isDimmed={isWaiting || (name === 'public' && state.room !== undefined)}
        note={words}
      />
      {isWaiting && layout.hasFooter && (
        <Styled as="quiet" wrap="truncate">{`\n  ${footerOf(view)}`}</Styled>
      )}
    </Box>
  );
}

/** Where nothing has been said with one person: who reads what is typed. */
function emptyNote(state: State, name: ConversationId): string {
  const {start, end} = historyOf(state, name);
  if (!isDirect(name) || start < end) return '';
  return `What you type here goes to ${conversationLabel(state, name)} alone. /close closes it`;
}

function belowWords(view: View, layout: ShownLayout, name: PaneName): string {
  if (!isConversation(name)) return '';
  const below = belowOf(view, layout, name);
  return below > 0 ? `${below} below Alt->` : '';
}
