/** The cost of a keypress for the screen. With a long history it should be no more than with a short one. */
import {renderToString} from 'ink';
import {test} from 'vitest';
import {commands} from '../source/client/commands.ts';
import {App} from '../source/tui/app.tsx';
import {KeyReader} from '../source/tui/input/keys.ts';
import {Screen} from '../source/tui/screen.ts';
import {createTheme} from '../source/tui/theme/theme.ts';
import {FakeClient, said, users} from '../test/tui/fake-client.ts';
import {idleTerminal} from '../test/tui/idle-terminal.ts';

const size = {columns: 200, rows: 60};
const theme = createTheme({depth: 2, isAscii: false}, 'dark');
const nothing = () => {};
const terminal = {
  ...idleTerminal,
  repaint: nothing,
  isBehind: () => false,
  suspend: nothing,
  leave: nothing,
  edit: async (text: string) => ({text}),
  guests: () => 0,
};

function typing(entries: number): () => void {
  const client = new FakeClient(users('alice', 'bob'));
  for (let number = 0; number < entries; number++) {
    client.tell(said('bob', `message ${number} of a conversation that goes on for long`));
  }
  const screen = new Screen({client, commands, size, terminal});
  const keys = new KeyReader().read(new TextEncoder().encode('a'), 0);
  return () => {
    screen.onKeys(keys);
    renderToString(<App screen={screen} theme={theme} notice={undefined} />, size);
  };
}

test('a key and a whole frame at 200×60', async ({bench}) => {
  await bench.compare(bench('100 messages', typing(100)), bench('10,000 messages', typing(10_000)));
});
