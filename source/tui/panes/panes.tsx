import {Box} from 'ink';
import {useMemo} from 'react';
import {type ConversationId, isDirect} from '../../client/conversations.ts';
import {here, historyOf} from '../../client/state.ts';
import {formatFor} from '../conversation/entry-lines.ts';
import {messageBlocks} from '../conversation/message-blocks.ts';
import {MessagePane} from '../conversation/message-pane.tsx';
import {footerOf, tabsOf, titleOf} from '../conversation/pane-titles.ts';
import {viewport} from '../conversation/viewport.ts';
import {Styled} from '../theme/styled.tsx';
import {conversationView, selectedOf, type View} from '../view.ts';
import {InvitationPane} from './invitation-pane.tsx';
import {insideOf, type Layout, messageArea, type PaneName, type PaneSize} from './layout.ts';
import {PaneFrame} from './pane-frame.tsx';
import {sortedUsers, widestWriter} from './people.ts';
import {tabLine} from './tab-line.ts';
import {UserPane} from './user-pane.tsx';

type ShownLayout = Exclude<Layout, {kind: 'too-small'}>;

type Props = {
  readonly view: View;
  readonly layout: ShownLayout;
};

/** The four panes: framed, side by side, or one at a time below a line of tabs. */
export function Panes({view, layout}: Props) {
  if (layout.kind === 'tabs') {
    const {shown, pane} = layout;
    return (
      <Box flexDirection="column" width={pane.columns} height={pane.rows + 1} overflow="hidden">
        <Styled as="accent" wrap="truncate">
          {tabLine(tabsOf(view, layout), shown, pane.columns)}
        </Styled>
        <Pane name={shown} view={view} layout={layout} size={pane} />
      </Box>
    );
  }
  const {panes} = layout;
  const current = here(view.state);
  const main = isDirect(current) ? current : 'room';
  return (
    <Box flexShrink={0}>
      <FramedPane name="public" view={view} layout={layout} size={panes.public} />
      <FramedPane name={main} view={view} layout={layout} size={panes[main]} />
      <Box flexDirection="column">
        <FramedPane name="users" view={view} layout={layout} size={panes.users} />
        <FramedPane name="invitations" view={view} layout={layout} size={panes.invitations} />
      </Box>
    </Box>
  );
}

type PaneProps<Name = PaneName> = Props & {readonly name: Name; readonly size: PaneSize};

function FramedPane(props: Omit<PaneProps, 'size'> & {readonly size: PaneSize | undefined}) {
  const {name, view, layout, size} = props;
  if (size === undefined) return null;
  return (
    <PaneFrame
      title={titleOf(view, name)}
      footer={footerOf(view, layout, name)}
      size={size}
      isFocused={view.focus === name}
      isDimmed={isMuted(view, name)}
    >
      <Pane name={name} view={view} layout={layout} size={insideOf(size)} />
    </PaneFrame>
  );
}

/** @param props `size` without frame. */
function Pane({name, ...props}: PaneProps) {
  switch (name) {
    case 'users':
      return <Users {...props} />;
    case 'invitations':
      return <Invitations {...props} />;
    default:
      return <Conversation name={name} {...props} />;
  }
}

function Conversation({name, view, layout}: PaneProps<ConversationId>) {
  const {state, focus} = view;
  const history = historyOf(state, name);
  const {anchor, firstUnread, newMessages, selected} = conversationView(view, name);
  const {columns, rows: height} = messageArea(layout, name) ?? {columns: 0, rows: 0};
  const {nickColumns} = formatFor(columns, widestWriter(state, name));
  const {rows} = useMemo(() => {
    const format = {columns, nickColumns};
    return viewport(messageBlocks(history, format, firstUnread, newMessages), height, anchor);
  }, [history, columns, nickColumns, firstUnread, newMessages, height, anchor]);
  return (
    <MessagePane
      rows={rows}
      height={height}
      selected={focus === name ? selected : undefined}
      isDimmed={isMuted(view, name)}
    />
  );
}

function Users({view, size}: Omit<PaneProps, 'name'>) {
  const {state, focus, selectedUser} = view;
  const users = sortedUsers(state);
  const names = users.map(({nick}) => nick);
  const selected = focus === 'users' ? selectedOf(names, selectedUser) : undefined;
  return <UserPane users={users} own={state.nick} selected={selected} size={size} />;
}

function Invitations({view, size}: Omit<PaneProps, 'name'>) {
  const {state, focus, selectedInvitation} = view;
  const {invitations, people} = state;
  const names = invitations.map(({from}) => from);
  const selected = focus === 'invitations' ? selectedOf(names, selectedInvitation) : undefined;
  return (
    <InvitationPane invitations={invitations} people={people} selected={selected} size={size} />
  );
}

/** The public conversation is dimmed while you are in a private room: it does not reach you. */
function isMuted({state}: View, name: PaneName): boolean {
  return name === 'public' && state.room !== undefined;
}
