import type {WriteStream} from 'node:tty';
import {render, type SuspendTerminal, useApp} from 'ink';
import {useEffect} from 'react';
import {App} from '../app.tsx';
import type {Size} from '../panes/layout.ts';
import type {Screen} from '../screen.ts';
import type {Theme} from '../theme/theme.ts';
import {FrameWriter} from './frame-writer.ts';

export type Mounted = {
  /** Draws everything again, over whatever another program has left on the terminal. */
  repaint(): void;
  /** Draws in that theme from now on. */
  changeTheme(theme: Theme): void;
  /** Gives the terminal to another program until {@link resume}. */
  suspend(): Promise<void>;
  resume(): Promise<void>;
  unmount(): void;
  /** Rejects with the error that a component has thrown. */
  readonly ended: Promise<unknown>;
};

export type Stdout = Pick<WriteStream, 'columns' | 'rows'> & NodeJS.WriteStream;

/** Draws on the terminal's alternate screen, at its present size. */
export function mount(
  screen: Screen,
  stdout: Stdout,
  initialTheme: Theme,
  notice: string | undefined,
): Mounted {
  let theme = initialTheme;
  let suspendTerminal: SuspendTerminal | undefined;
  let suspension: {resume(): Promise<void>} | undefined;
  // A new element each time, because Ink draws only if something was rendered.
  const tree = () => (
    <Root
      screen={screen}
      theme={theme}
      notice={notice}
      onReady={given => {
        suspendTerminal = given;
      }}
    />
  );
  const repaint = () => {
    if (suspension !== undefined) return;
    // Moves the cursor to the corner, where Ink then begins.
    stdout.write('\u001b[H\u001b[J');
    instance.clear();
    instance.rerender(tree());
  };
  const onResize = () => {
    screen.resize(sizeOf(stdout));
    repaint();
  };

  const instance = render(tree(), {
    stdin: screen.formInput,
    stdout: forInk(stdout, () => screen.onDrawn()),
    interactive: true,
    alternateScreen: true,
    incrementalRendering: true,
    maxFps: 60,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
  });
  // Before Ink's own listener, which would draw the frame of the old size first.
  stdout.prependListener('resize', onResize);

  return {
    repaint,
    changeTheme(given) {
      theme = given;
      instance.rerender(tree());
    },
    async suspend() {
      suspension = await suspendTerminal?.();
    },
    async resume() {
      screen.resize(sizeOf(stdout));
      await suspension?.resume();
      suspension = undefined;
      // Ink draws from where the shell has left the cursor.
      repaint();
    },
    unmount() {
      stdout.off('resize', onResize);
      instance.unmount();
    },
    ended: instance.waitUntilExit(),
  };
}

/** The same terminal, on which what Ink writes is safe. */
function forInk(stdout: Stdout, onWritten: () => void): Stdout {
  const writer = new FrameWriter();
  const write = (written: string, done?: () => void) => {
    const isTaken = stdout.write(writer.rewrite(written, sizeOf(stdout).columns), done);
    onWritten();
    return isTaken;
  };
  return new Proxy(stdout, {
    get(target, property) {
      if (property === 'write') return write;
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** The size of the terminal, or the most probable one if it does not say. */
export function sizeOf({columns, rows}: Stdout): Size {
  return {columns: columns || 80, rows: rows || 24};
}

type RootProps = {
  readonly screen: Screen;
  readonly theme: Theme;
  readonly notice: string | undefined;
  readonly onReady: (suspendTerminal: SuspendTerminal) => void;
};

/** Ink lends the terminal to components only. */
function Root({screen, theme, notice, onReady}: RootProps) {
  const {suspendTerminal} = useApp();
  useEffect(() => onReady(suspendTerminal), [onReady, suspendTerminal]);
  return <App screen={screen} theme={theme} notice={notice} />;
}
