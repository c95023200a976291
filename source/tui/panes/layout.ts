/** Places and sizes of everything on the screen. */
import type {ConversationId} from '../../client/conversations.ts';

export type Size = {readonly columns: number; readonly rows: number};

export type PaneName = ConversationId | 'users' | 'invitations';

/** Size of a pane, in cells, without its title. */
export type PaneSize = Size;

export type Layout = {readonly kind: 'too-small'} | ShownLayout;

export type ShownLayout = {
  /** Narrow: one pane at full width. Wide: several side by side, with titles and dividers between them. */
  readonly kind: 'narrow' | 'wide';
  /** The conversation that has the most room, or would have it. */
  readonly main: ConversationId;
  /** The conversation at the left that waits until the user goes back to it. */
  readonly waiting: ConversationId | undefined;
  readonly panes: Readonly<Partial<Record<PaneName, PaneSize>>>;
  readonly hasTabs: boolean;
  /** Below the tabs. */
  readonly hasUpperDivider: boolean;
  readonly hasLowerDivider: boolean;
  /** Below a waiting conversation: how to go back to it. */
  readonly hasFooter: boolean;
  /** The feedback stands in place of the tabs, because there is no room elsewhere. */
  readonly isFeedbackInTabs: boolean;
  /** Between the divider and the composer: feedback, or an invitation. Those below the first, if it stands for the tabs. */
  readonly feedbackRows: number;
  readonly composerRows: number;
  readonly hasHints: boolean;
};

export type Wanted = Size & {
  readonly composerRows: number;
  /** Rows of feedback, or of an invitation. */
  readonly feedbackRows: number;
  /** The conversation to which typed texts go, or at which the user looks. */
  readonly main: ConversationId;
  /** There are conversations that panes side by side do not show. */
  readonly hasOthers: boolean;
  /** Rows that the invitations need; 0 if there are none. */
  readonly invitationRows: number;
  readonly focus: PaneName | 'composer';
  /** Nothing else says what the keys do. */
  readonly hasHints: boolean;
};

export const minimumSize: Size = {columns: 20, rows: 6};

/** From this width on, panes stand side by side. */
export const wideColumns = 100;
const waitingColumns = 33;
const sideColumns = 24;
const divider = 1;
/** Cells left of the lines of a message pane, for signs. */
const gutter = 1;
/** Screens of at most this many columns have no margin at the right. */
const tightColumns = 60;
/** Smaller screens have neither hints nor dividers, and show feedback in the row of the tabs. */
export const smallRows = 9;
/** From this height on, there is a divider below the tabs. */
const spaciousRows = 14;
/** A column with fewer rows shows people or invitations, not both. */
const minimumSideRows = 8;

export function layoutOf(wanted: Wanted): Layout {
  const {columns, rows} = wanted;
  if (columns < minimumSize.columns || rows < minimumSize.rows) return {kind: 'too-small'};
  const isWide = columns >= wideColumns;
  const isSmall = rows <= smallRows;
  const hasTabs = !isWide || wanted.hasOthers;
  const isFeedbackInTabs = isSmall && hasTabs && wanted.feedbackRows > 0;
  const hasHints = wanted.hasHints && !isSmall && columns > minimumSize.columns;
  const hasUpperDivider = hasTabs && rows >= (isWide ? 2 : 1) * spaciousRows;
  const hasLowerDivider = !isSmall;
  // At most a third of the screen, and never the rows that the status bar and the panes need.
  const composerRows = Math.max(1, Math.min(wanted.composerRows, Math.floor(rows / 3)));
  const others = [true, hasTabs, hasUpperDivider, isWide, hasLowerDivider, hasHints];
  const left = rows - composerRows - others.filter(Boolean).length;
  // However small the screen is, a row of talk stays.
  const more = wanted.feedbackRows - (isFeedbackInTabs ? 1 : 0);
  const feedbackRows = Math.max(0, Math.min(more, left - 1));
  const paneRows = left - feedbackRows;
  const waiting = isWide && wanted.main !== 'public' ? 'public' : undefined;
  return {
    kind: isWide ? 'wide' : 'narrow',
    main: wanted.main,
    waiting,
    panes: isWide ? widePanes(wanted, paneRows, waiting) : narrowPanes(wanted, paneRows),
    hasTabs,
    hasUpperDivider,
    hasLowerDivider,
    hasFooter: waiting !== undefined && paneRows > 6,
    isFeedbackInTabs,
    feedbackRows,
    composerRows,
    hasHints,
  };
}

function narrowPanes({columns, main, focus}: Wanted, rows: number): ShownLayout['panes'] {
  return {[focus === 'composer' ? main : focus]: {columns, rows}};
}

function widePanes(
  wanted: Wanted,
  rows: number,
  waiting: ConversationId | undefined,
): ShownLayout['panes'] {
  const left = waiting === undefined ? 0 : waitingColumns + divider;
  const columns = wanted.columns - left - divider - sideColumns;
  return {
    ...(waiting !== undefined && {[waiting]: {columns: waitingColumns, rows}}),
    [wanted.main]: {columns, rows},
    ...sidePanes(wanted, rows),
  };
}

/** People, and below them the invitations, under a title of their own. */
function sidePanes({invitationRows, focus}: Wanted, rows: number): ShownLayout['panes'] {
  const columns = sideColumns;
  const isFocused = focus === 'invitations';
  if (invitationRows === 0 && !isFocused) return {users: {columns, rows}};
  if (rows < minimumSideRows) {
    return isFocused ? {invitations: {columns, rows}} : {users: {columns, rows}};
  }
  const own = Math.max(1, Math.min(invitationRows, Math.floor(rows / 2)));
  return {users: {columns, rows: rows - own - 1}, invitations: {columns, rows: own}};
}

/** Size of the area for the lines of that conversation, without its gutter; undefined if it is not shown. */
export function messageArea(layout: Layout, name: ConversationId): Size | undefined {
  if (layout.kind === 'too-small') return undefined;
  const pane = layout.panes[name];
  if (pane === undefined) return undefined;
  const footer = name === layout.waiting && layout.hasFooter ? 2 : 0;
  const margin = layout.kind === 'wide' || pane.columns > tightColumns ? 1 : 0;
  return {columns: pane.columns - gutter - margin, rows: pane.rows - footer};
}

/** The columns of the dividers between the panes. */
export function dividersOf({kind, main, waiting, panes}: ShownLayout): readonly number[] {
  if (kind === 'narrow') return [];
  const left = waiting === undefined ? 0 : (panes[waiting]?.columns ?? 0) + divider;
  const right = left + (panes[main]?.columns ?? 0);
  return waiting === undefined ? [right] : [left - divider, right];
}

export function isShown(layout: Layout, name: PaneName): boolean {
  return layout.kind !== 'too-small' && layout.panes[name] !== undefined;
}

/** Rows for the list of rooms, between the status bar with a title and the line that says how to leave it. */
export function roomListRows({rows}: Size): number {
  return rows - 3;
}

/** Rows for the text of the help, between the status bar and the line that says how to leave it. */
export function helpRows({rows}: Size): number {
  return rows - 2;
}
