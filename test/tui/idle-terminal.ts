import type {ScreenTerminal} from '../../source/tui/screen-terminal.ts';

/** A terminal that takes everything and does nothing. */
export const idleTerminal: ScreenTerminal = {
  call() {},
  mute() {},
  open() {},
  copy: () => '',
  repaint() {},
  isBehind: () => false,
  suspend() {},
  edit: async text => ({text}),
  leave() {},
  guests: () => 0,
};
