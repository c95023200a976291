import {stripVTControlCharacters} from 'node:util';
import {renderToString} from 'ink';
import type {ReactElement} from 'react';
import {expect, test} from 'vitest';
import type {ConnectionState} from '../../source/client/events.ts';
import {initialState} from '../../source/client/state.ts';
import {ConnectionForm} from '../../source/tui/overlays/connection-form.tsx';
import * as forms from '../../source/tui/overlays/form.ts';
import {ShareView} from '../../source/tui/overlays/share-view.tsx';
import {widthOf} from '../../source/tui/text/width.ts';
import {ThemeProvider} from '../../source/tui/theme/styled.tsx';
import {createTheme} from '../../source/tui/theme/theme.ts';
import {noon} from './fake-client.ts';

const theme = createTheme({depth: 2, isAscii: false}, 'dark');
const refusal = {
  phase: 'refused',
  reason: 'unreachable',
  message:
    'Nobody answers at res302://chat.example:30200. A hub that speaks shen does: shen://chat.example:30200',
} as const;
const connections: readonly ConnectionState[] = [
  {phase: 'closed'},
  {phase: 'connected'},
  {...refusal, retryAt: noon},
  {...refusal, offer: 'shen://chat.example:30200'},
];
const sizes = [20, 43, 44, 80, 120].flatMap(columns =>
  [5, 6, 9, 15, 23, 39].map(rows => ({columns, rows})),
);
const form = forms.opened(
  forms.createForm(
    'alice',
    [
      {server: 'shen://chat.example:30202', at: noon - 2.5 * 3_600_000},
      {server: `cosp://${'very-long.'.repeat(12)}example:4711`},
      ...Array.from({length: 6}, (_, index) => ({server: `res302://h${index}:1`})),
    ],
    true,
  ),
);

test('the link that is shown is one of the terminal’s, where it can follow it', () => {
  const link = 'chat-tui://chat.example:30200';
  const frameWith = (hasLinks: boolean, target = link) =>
    renderToString(
      <ThemeProvider value={createTheme({depth: 2, isAscii: false}, 'dark', {}, hasLinks)}>
        <ShareView link={target} note="" columns={24} rows={30} />
      </ThemeProvider>,
      {columns: 24},
    );
  // Two rows of one link.
  expect(frameWith(true).split(`;${link}\u0007`)).toHaveLength(3);
  expect(frameWith(false)).not.toContain('\u001b]8;');
  expect(frameWith(true, 'chat-tui://café.example')).not.toContain('\u001b]8;');
});

test('the whole link is shown where it fits, and the note in what is left', () => {
  const link = 'chat-tui://127.0.0.1:30200?protocol=res302';
  const note = 'Others join with chat-tui 127.0.0.1:30200, from this machine alone.';
  const rows = draw(<ShareView link={link} note={note} columns={20} rows={5} />, {columns: 20});
  expect(rows).toHaveLength(5);
  expect(rows.map(row => row.trim()).join('')).toContain(link);
  expect(rows[0]).toContain('Others join');
});

function draw(element: ReactElement, {columns}: {columns: number}): string[] {
  const frame = renderToString(<ThemeProvider value={theme}>{element}</ThemeProvider>, {
    columns,
  });
  return stripVTControlCharacters(frame).split('\n');
}

function drawForm(connection: ConnectionState, size: {columns: number; rows: number}, one = form) {
  const identity = {
    protocol: 'shen',
    server: 'shen://h:1',
    nick: 'alice',
    features: new Set<never>(),
  };
  const state = {...initialState(identity), connection};
  const props = {state, form: one, ...size, now: noon, onChange: () => {}};
  return draw(<ConnectionForm {...props} />, size);
}

test.each(connections)(
  'the form fits on every screen, with the name and a place: $phase',
  connection => {
    for (const size of sizes) {
      for (const place of [0, 1, 9]) {
        const rows = drawForm(connection, size, {...form, place});
        const where = JSON.stringify({size, place, rows});
        expect(rows.length, where).toBeLessThanOrEqual(size.rows);
        for (const row of rows) expect(widthOf(row), where).toBeLessThanOrEqual(size.columns);
        expect(rows.join('\n'), where).toContain('alice');
        expect(rows.join('\n'), where).toContain('▸');
        if (connection.phase === 'refused') expect(rows.join('\n'), where).toContain('Nobody');
        // A place is one row, and the rows below it stay where they are.
        if (size.rows >= 19) expect(rows.join('\n'), where).toContain('Enter');
      }
    }
  },
);

test('the form says what there is room for', () => {
  expect(drawForm({phase: 'closed'}, {columns: 80, rows: 18})).toMatchInlineSnapshot(`
    [
      " chat-tui",
      "",
      " Who are you?  alice   shen: 1 to 20 ASCII letters, digits, - _ .",
      "",
      " Where?        ▸ chat.example:30202 · 2 h ago",
      "                 cosp://very-long.very-long.very-long.very-long.very-long.very…",
      "                 h0:1",
      "                 h1:1",
      "                 h2:1",
      "                 h3:1",
      "                 h4:1",
      "                 h5:1",
      "                 a hub of my own, here",
      "                 another address …",
      "",
      " Enter joins it · ↑ ↓ choose · Tab next · Ctrl-C leaves",
      "",
      "",
    ]
  `);
  expect(
    drawForm({...refusal, offer: 'shen://chat.example:30200'}, {columns: 40, rows: 11}),
  ).toMatchInlineSnapshot(`
    [
      " Nobody answers at",
      " res302://chat.example:30200. A hub",
      " that speaks shen does:",
      " shen://chat.example:30200",
      " Who   alice",
      " Where ▸ chat.example:30202 · 2 h ago",
      "         cosp://very-long.very-long.ve…",
      "         h0:1",
      "         h1:1",
      " Enter joins the hub that answers there",
      " Enter joins it · ↑ ↓ choose · Tab next",
    ]
  `);
  expect(drawForm({phase: 'closed'}, {columns: 20, rows: 5})).toMatchInlineSnapshot(`
    [
      " Who   alice",
      " Where ▸ chat.exam…",
      "         cosp://ve…",
      "         h0:1",
      " Enter joins it",
    ]
  `);
});

test('what others need to join fits on every screen, and the code is whole or not there', () => {
  const link = 'chat-tui://chat.example:4711?protocol=messagerie';
  for (const size of sizes) {
    const share = {link, note: 'Others join with chat-tui messagerie://chat.example:4711'};
    const rows = draw(<ShareView {...share} {...size} />, size);
    const where = JSON.stringify({size, rows});
    expect(rows.length, where).toBeLessThanOrEqual(size.rows);
    for (const row of rows) expect(widthOf(row), where).toBeLessThanOrEqual(size.columns);
    const inCode = rows.filter(row => /[\u2580\u2584\u2588]/.test(row)).length;
    expect([0, 15], where).toContain(inCode);
    if (size.columns >= 60 && size.rows >= 23) expect(inCode, where).toBe(15);
  }
});

test('why a hub refuses acts on no terminal', () => {
  const message = 'no\u001b[2J \u202e\u0007\r';
  const text = drawForm({...refusal, message}, {columns: 80, rows: 23}).join('\n');
  expect(text).toContain('no');
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
});
