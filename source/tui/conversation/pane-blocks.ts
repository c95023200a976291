/** What a pane needs to lay out a conversation: the width of its columns, and its rows. */
import {type ConversationId, conversationIds} from '../../client/conversations.ts';
import {historyOf} from '../../client/state.ts';
import {isShown, type Layout, messageArea, type ShownLayout} from '../panes/layout.ts';
import {conversationView, type View, withConversation} from '../view.ts';
import {type Format, type Line, maximumNameColumns, minimumName, nameWidth} from './entry-lines.ts';
import {messageBlocks} from './message-blocks.ts';
import {type Blocks, type Viewport, viewport} from './viewport.ts';

/** Screens of at most this many columns have no room for a rule beside the names. */
const plainColumns = 60;
/** Narrower ones have none for a column of names. */
const inlineColumns = 40;

const widestMark = 6;
/** A sign without a count. */
const signColumns = 2;

/** The conversation as blocks of rows, and the number of rows that its pane shows; undefined if there is no such pane. */
export function blocksOf(
  view: View,
  layout: Layout,
  name: ConversationId,
): {readonly blocks: Blocks<Line>; readonly rows: number; readonly format: Format} | undefined {
  const area = messageArea(layout, name);
  if (layout.kind === 'too-small' || area === undefined) return undefined;
  const format = formatOf(view, layout, name, area.columns);
  const {firstUnread, newMessages} = conversationView(view, name);
  const blocks = messageBlocks(historyOf(view.state, name), format, firstUnread, newMessages);
  return {blocks, rows: area.rows, format};
}

/** What the pane of that conversation shows; undefined if there is no such pane. */
export function shownRows(
  view: View,
  layout: Layout,
  name: ConversationId,
): Viewport<Line> | undefined {
  const pane = blocksOf(view, layout, name);
  return pane && viewport(pane.blocks, pane.rows, conversationView(view, name).anchor);
}

/**
 * Widens the columns of names for the messages in view. They get no narrower while the pane keeps its width: nothing
 * that is read moves when others come or go.
 */
export function withNames(view: View, layout: Layout): View {
  let changed = view;
  for (const name of conversationIds(view.state.conversations)) {
    if (!isShown(layout, name)) continue;
    const pane = blocksOf(changed, layout, name);
    const rows = shownRows(changed, layout, name)?.rows ?? [];
    if (pane === undefined) continue;
    const {columns, nameColumns} = pane.format;
    const history = historyOf(changed.state, name);
    let widest = nameColumns;
    for (const {index} of rows) {
      const entry = history.at(index);
      if (entry !== undefined) widest = Math.max(widest, nameWidth(entry));
    }
    widest = Math.min(widest, maximumNameColumns(pane.format));
    if (widest === nameColumns) continue;
    changed = withConversation(changed, name, {names: {columns, width: widest}});
  }
  return changed;
}

function formatOf(view: View, layout: ShownLayout, name: ConversationId, columns: number): Format {
  const {state, size} = view;
  const names =
    size.columns > plainColumns ? 'ruled' : size.columns < inlineColumns ? 'inline' : 'column';
  const {names: known} = conversationView(view, name);
  const most = maximumNameColumns({names, columns});
  const nameColumns = Math.min(
    most,
    known.columns === columns ? Math.max(minimumName, known.width) : minimumName,
  );
  return {names, columns, nameColumns, markColumns: markColumns(), own: state.nick};

  function markColumns(): number {
    if (name === layout.waiting || (name !== 'room' && names === 'inline')) return signColumns;
    const members = name === 'room' ? (state.room?.members.length ?? 0) : 0;
    // `⟳ 12/25`, and a cell between it and the text.
    const needed = 2 * String(members).length + 4;
    return Math.min(Math.max(names === 'inline' ? 0 : widestMark, needed), Math.floor(columns / 4));
  }
}
