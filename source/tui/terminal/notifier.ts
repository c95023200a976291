import type {CallKind, TerminalSettings} from '../../terminal-settings.ts';
import type {Call} from '../calls.ts';
import type {Features} from './features.ts';
import {type Notice, noticeSequence} from './notices.ts';

/** So long after a call, others make no noise: a burst is one. */
const quietMs = 5000;

/** Decides whether a call rings the bell and is put on the desktop. */
export class Notifier {
  features: Features;
  readonly #settings: TerminalSettings;
  readonly #write: (bytes: string) => void;
  /** Undefined: the terminal has never said. */
  #isFocused: boolean | undefined;
  #calledAt = Number.NEGATIVE_INFINITY;
  /** Milliseconds since 1970. */
  #mutedUntil = 0;

  constructor(features: Features, settings: TerminalSettings, write: (bytes: string) => void) {
    this.features = features;
    this.#settings = settings;
    this.#write = write;
  }

  onFocusChange(isFocused: boolean): void {
    this.#isFocused = isFocused;
  }

  /** @param until Milliseconds since 1970; undefined: not muted any more. */
  mute(until: number | undefined): void {
    this.#mutedUntil = until ?? 0;
  }

  /** @param isInView Whether the text is on the screen. That counts only if the terminal says that somebody looks at it. */
  call(call: Call, isInView: boolean): void {
    const now = performance.now();
    if (Date.now() < this.#mutedUntil || now - this.#calledAt < quietMs) return;
    if (isInView && this.#isFocused === true) return;
    const {bell, notices, noticeText} = this.#settings;
    const ring = isWanted(bell, call.kind) ? '\u0007' : '';
    // A terminal that never says is taken for one that the user looks at.
    const isAway = this.#isFocused === false;
    const notice =
      isAway && isWanted(notices, call.kind)
        ? noticeSequence(noticeOf(call, noticeText), this.features)
        : '';
    if (ring + notice === '') return;
    this.#calledAt = now;
    this.#write(ring + notice);
  }
}

function isWanted(setting: TerminalSettings['bell'], kind: CallKind): boolean {
  if (setting === undefined || typeof setting === 'boolean') return setting ?? true;
  return setting.includes(kind);
}

function noticeOf({kind, from, text}: Call, shown: TerminalSettings['noticeText']): Notice {
  const body = shown === 'who' ? '' : text;
  switch (kind) {
    case 'mentions':
      return {title: `${from} mentions you`, body};
    case 'private':
      return {title: `${from} to you alone`, body};
    case 'invitations':
      return {title: `${from} invites you`, body};
  }
}
