import fc from 'fast-check';
import {expect, test} from 'vitest';
import {layoutOf, messageArea, type PaneSize, type Wanted} from '../../source/tui/panes/layout.ts';

const wanted = fc.record<Wanted>({
  columns: fc.integer({min: 1, max: 250}),
  rows: fc.integer({min: 1, max: 80}),
  composerRows: fc.integer({min: 1, max: 40}),
  feedbackRows: fc.nat({max: 3}),
  hasRoom: fc.boolean(),
  here: fc.constantFrom('public', 'room'),
  invitations: fc.nat({max: 20}),
  isSideShown: fc.constantFrom(undefined, true, false),
  focus: fc.constantFrom('composer', 'public', 'room', 'users', 'invitations'),
});

const columnsOf = (pane: PaneSize | undefined) => pane?.columns ?? 0;
const rowsOf = (pane: PaneSize | undefined) => pane?.rows ?? 0;

test('the parts fill the screen exactly, whatever its size, and none is too small to be drawn', () => {
  fc.assert(
    fc.property(wanted, screen => {
      const layout = layoutOf(screen);
      if (layout.kind === 'too-small') {
        expect(screen.columns < 20 || screen.rows < 6).toBe(true);
        return;
      }
      expect(layout.composerRows).toBeGreaterThanOrEqual(1);
      if (layout.kind === 'tabs') {
        expect(layout.pane.columns).toBe(screen.columns);
        expect(1 + 1 + layout.pane.rows + layout.feedbackRows + layout.composerRows).toBe(
          screen.rows,
        );
        expect(layout.pane.rows).toBeGreaterThanOrEqual(1);
        return;
      }
      const {room, users, invitations} = layout.panes;
      const side = Math.max(columnsOf(users), columnsOf(invitations));
      expect(columnsOf(layout.panes.public) + columnsOf(room) + side).toBe(screen.columns);
      const height = screen.rows - 1 - layout.feedbackRows - layout.composerRows;
      for (const pane of [layout.panes.public, room]) {
        if (pane !== undefined) expect(pane.rows).toBe(height);
      }
      if (side > 0) expect(rowsOf(users) + rowsOf(invitations)).toBe(height);
      for (const pane of Object.values(layout.panes)) {
        if (pane === undefined) continue;
        expect(pane.columns).toBeGreaterThan(4);
        expect(pane.rows).toBeGreaterThan(2);
      }
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

test('a pane that gets the focus is shown', () => {
  fc.assert(
    fc.property(wanted, screen => {
      const {focus, hasRoom} = screen;
      if (focus === 'composer' || (focus === 'room' && !hasRoom)) return;
      const layout = layoutOf({...screen, isSideShown: true});
      if (layout.kind === 'panes' && screen.rows >= 8) {
        expect(Object.keys(layout.panes)).toContain(focus);
      }
      if (layout.kind === 'tabs') expect(layout.shown).toBe(focus);
    }),
  );
});
