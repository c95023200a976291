import fc from 'fast-check';
import {expect, test} from 'vitest';
import {
  isShown,
  layoutOf,
  messageArea,
  type ShownLayout,
  type Size,
  type Wanted,
} from '../../source/tui/panes/layout.ts';

const wanted = fc.record<Wanted>({
  columns: fc.integer({min: 1, max: 250}),
  rows: fc.integer({min: 1, max: 80}),
  composerRows: fc.integer({min: 1, max: 40}),
  feedbackRows: fc.nat({max: 3}),
  main: fc.constantFrom('public', 'room'),
  hasOthers: fc.boolean(),
  invitationRows: fc.nat({max: 20}),
  focus: fc.constantFrom('composer', 'public', 'room', 'users', 'invitations'),
  hasHints: fc.boolean(),
});

const isSize = (size: Size | undefined) => size !== undefined;

/** Rows that are not of panes. */
function otherRows(layout: ShownLayout): number {
  const {hasTabs, hasUpperDivider, hasLowerDivider, hasHints, kind} = layout;
  const single = [true, hasTabs, hasUpperDivider, hasLowerDivider, hasHints, kind === 'wide'];
  return layout.composerRows + layout.feedbackRows + single.filter(Boolean).length;
}

test('the parts fill the screen exactly, whatever its size, and none is too small to be drawn', () => {
  fc.assert(
    fc.property(wanted, screen => {
      const layout = layoutOf(screen);
      if (layout.kind === 'too-small') {
        expect(screen.columns < 20 || screen.rows < 6).toBe(true);
        return;
      }
      const {panes, main, waiting} = layout;
      const rows = screen.rows - otherRows(layout);
      for (const pane of Object.values(panes).filter(isSize)) {
        expect(pane.columns).toBeGreaterThan(18);
        expect(pane.rows).toBeGreaterThanOrEqual(1);
      }
      if (layout.kind === 'narrow') {
        expect(Object.values(panes)).toEqual([{columns: screen.columns, rows}]);
        return;
      }
      const side = panes.users ?? panes.invitations;
      const talk = [panes[main], ...(waiting === undefined ? [] : [panes[waiting]])];
      for (const pane of talk) expect(pane?.rows).toBe(rows);
      const columns = [...talk, side].map(pane => pane?.columns ?? 0);
      const dividers = columns.length - 1;
      expect(columns.reduce((sum, each) => sum + each, dividers)).toBe(screen.columns);
      const both = panes.users !== undefined && panes.invitations !== undefined;
      const sideRows = (panes.users?.rows ?? 0) + (panes.invitations?.rows ?? 0);
      expect(sideRows + (both ? 1 : 0)).toBe(rows);
    }),
    {numRuns: 5000},
  );
});

test('there is room for lines wherever a conversation is shown', () => {
  fc.assert(
    fc.property(wanted, fc.constantFrom('public', 'room'), (screen, name) => {
      const area = messageArea(layoutOf(screen), name);
      if (area === undefined) return;
      expect(area.columns).toBeGreaterThan(10);
      expect(area.rows).toBeGreaterThan(0);
    }),
    {numRuns: 2000},
  );
});

test('a list that gets the focus is shown, and so is the main conversation of a wide screen', () => {
  fc.assert(
    fc.property(wanted, screen => {
      const layout = layoutOf(screen);
      if (layout.kind === 'too-small') return;
      const {focus} = screen;
      if (layout.kind === 'wide') expect(isShown(layout, screen.main)).toBe(true);
      if (layout.kind === 'narrow' && focus !== 'composer') {
        expect(isShown(layout, focus)).toBe(true);
      }
      if (focus === 'invitations') expect(isShown(layout, focus)).toBe(true);
      if (focus === 'users' && screen.rows >= 20) expect(isShown(layout, focus)).toBe(true);
    }),
  );
});
