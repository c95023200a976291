/** Places and sizes of everything on the screen. */
import type {ConversationId} from '../../client/conversations.ts';

export type Size = {readonly columns: number; readonly rows: number};

export type PaneName = ConversationId | 'users' | 'invitations';

/** Outer size of a pane, in cells. */
export type PaneSize = Size;

export type Layout =
  | {readonly kind: 'too-small'}
  /** A tab line, and below it one pane without a frame. */
  | {
      readonly kind: 'tabs';
      readonly shown: PaneName;
      readonly pane: PaneSize;
      readonly composerRows: number;
      readonly feedbackRows: number;
    }
  /** Framed panes side by side, the last column divided between users and invitations. */
  | {
      readonly kind: 'panes';
      readonly panes: Readonly<Partial<Record<PaneName, PaneSize>>>;
      readonly composerRows: number;
      readonly feedbackRows: number;
    };

export type Wanted = Size & {
  readonly composerRows: number;
  /** Above the composer, if there is room for them. */
  readonly feedbackRows: number;
  /** A private conversation, beside the public one. */
  readonly hasRoom: boolean;
  /** The conversation to which typed texts go. */
  readonly here: ConversationId;
  readonly invitations: number;
  /** Undefined: shown if there is room. */
  readonly isSideShown: boolean | undefined;
  readonly focus: PaneName | 'composer';
};

export const minimumSize: Size = {columns: 20, rows: 6};

/** From this width on, the side column is always shown. */
export const wideColumns = 100;
/** From this width on, panes stand side by side. */
const paneColumns = 60;
const sideColumns = 20;
const frame = 2;
/** Cells left of the lines of a pane, for marks; inside a frame on the right as well. */
const margin = 1;

export function layoutOf(wanted: Wanted): Layout {
  const {columns, rows} = wanted;
  const main = mainPane(wanted);
  if (columns < minimumSize.columns || rows < minimumSize.rows) return {kind: 'too-small'};
  // At most a third of the screen, and never the rows that the status bar and the panes need.
  const composerRows = Math.max(1, Math.min(wanted.composerRows, Math.floor(rows / 3)));
  // However small the screen is, a row of talk stays.
  const feedbackRows = Math.max(0, Math.min(wanted.feedbackRows, rows - composerRows - 4));
  const left = rows - 1 - composerRows - feedbackRows;
  if (columns < paneColumns) {
    return {
      kind: 'tabs',
      shown: tabFor(wanted),
      pane: {columns, rows: left - 1},
      composerRows,
      feedbackRows,
    };
  }
  const side = isSideVisible(wanted) ? sideColumns : 0;
  const talk = columns - side;
  const publicColumns = main !== undefined ? Math.floor(talk / 2) : talk;
  return {
    kind: 'panes',
    panes: {
      public: {columns: publicColumns, rows: left},
      ...(main !== undefined && {[main]: {columns: talk - publicColumns, rows: left}}),
      ...(side > 0 && sidePanes(wanted, left)),
    },
    composerRows,
    feedbackRows,
  };
}

/** The conversation beside the public one: the one to which typed texts go, or the private room. */
function mainPane({hasRoom, here}: Wanted): ConversationId | undefined {
  if (here !== 'public') return here;
  return hasRoom ? 'room' : undefined;
}

export function isSideVisible(wanted: Wanted): boolean {
  return wanted.columns >= wideColumns || (wanted.isSideShown ?? mainPane(wanted) === undefined);
}

/** Rows and columns inside the frame of a pane. */
export function insideOf({columns, rows}: PaneSize): Size {
  return {columns: columns - frame, rows: rows - frame};
}

function tabFor({focus, here}: Wanted): PaneName {
  return focus === 'composer' ? here : focus;
}

function sidePanes(
  {invitations, focus}: Wanted,
  rows: number,
): Readonly<Partial<Record<PaneName, PaneSize>>> {
  const columns = sideColumns;
  const least = frame + 1;
  if (rows < 2 * least) {
    return focus === 'invitations' ? {invitations: {columns, rows}} : {users: {columns, rows}};
  }
  const most = Math.max(least, Math.floor(rows / 2));
  const own = Math.min(most, frame + Math.max(1, invitations));
  return {users: {columns, rows: rows - own}, invitations: {columns, rows: own}};
}

/** Size of the area for the lines of that conversation, without frame and margins; undefined if it is not shown. */
export function messageArea(layout: Layout, name: ConversationId): Size | undefined {
  if (layout.kind === 'too-small') return undefined;
  if (layout.kind === 'tabs') {
    const {columns, rows} = layout.pane;
    return layout.shown === name ? {columns: columns - margin, rows} : undefined;
  }
  const pane = layout.panes[name];
  if (pane === undefined) return undefined;
  const {columns, rows} = insideOf(pane);
  return {columns: columns - 2 * margin, rows};
}

export function isShown(layout: Layout, name: PaneName): boolean {
  switch (layout.kind) {
    case 'too-small':
      return false;
    case 'tabs':
      return layout.shown === name;
    case 'panes':
      return name in layout.panes;
  }
}

/** Rows for the list of rooms, between the status bar with a title and the line that says how to leave it. */
export function roomListRows({rows}: Size): number {
  return rows - 3;
}

/** Rows for the text of the help, between the status bar and the line that says how to leave it. */
export function helpRows({rows}: Size): number {
  return rows - 2;
}
