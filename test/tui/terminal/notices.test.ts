import {beforeEach, expect, onTestFinished, test, vi} from 'vitest';
import type {TerminalSettings} from '../../../source/terminal-settings.ts';
import type {Call} from '../../../source/tui/calls.ts';
import {copySequence} from '../../../source/tui/terminal/clipboard.ts';
import {
  type Features,
  featuresOf,
  versionIn,
  versionQuestion,
} from '../../../source/tui/terminal/features.ts';
import {noticeSequence} from '../../../source/tui/terminal/notices.ts';
import {Notifier} from '../../../source/tui/terminal/notifier.ts';

const bell = '\u0007';
const notice = {title: 'bob mentions you', body: 'alice, look'};

beforeEach(() => {
  vi.useFakeTimers();
});

const osc9 = '\u001b]9;bob mentions you: alice, look\u0007';
const osc777 = '\u001b]777;notify;bob mentions you;alice, look\u0007';
const osc99 =
  `\u001b]99;i=chat-tui:d=0:e=1;${btoa('bob mentions you')}\u0007` +
  `\u001b]99;i=chat-tui:d=1:p=body:e=1;${btoa('alice, look')}\u0007`;

test.each([
  [{TERM: 'xterm-kitty'}, osc99],
  [{TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app'}, osc9],
  [{TERM: 'xterm-256color', TERM_PROGRAM: 'WezTerm'}, osc9],
  [{TERM: 'xterm-ghostty'}, osc9],
  [{TERM: 'foot'}, osc777],
  [{TERM: 'rxvt-unicode-256color'}, osc777],
  [{TERM: 'xterm-256color', VTE_VERSION: '7600'}, osc777],
  // Started from a terminal that has left its variables.
  [{TERM: 'xterm-kitty', VTE_VERSION: '7600'}, osc99],
  [{TERM: 'xterm-256color'}, ''],
  [{TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal'}, ''],
  [{TERM: 'xterm-256color', ConEmuANSI: 'ON'}, ''],
  [{TERM: 'linux', VTE_VERSION: '7600'}, ''],
  [{TERM: 'dumb'}, ''],
  [{}, ''],
  [
    {TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0', KITTY_WINDOW_ID: '1'},
    osc99
      .split(bell)
      .slice(0, -1)
      .map(part => `\u001bPtmux;\u001b${part}${bell}\u001b\\`)
      .join(''),
  ],
  [{TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0'}, ''],
  [{TERM: 'screen', STY: '1.pts-0.host', LC_TERMINAL: 'iTerm2'}, `\u001bP${osc9}\u001b\\`],
  [{TERM: 'screen', STY: '1', TMUX: '/tmp/tmux-0/default,1,0', LC_TERMINAL: 'iTerm2'}, ''],
])('%j gets notices as it understands them', (variables, bytes) => {
  expect(noticeSequence(notice, featuresOf(variables))).toBe(bytes);
});

test('a terminal that the environment does not know says what it is', () => {
  expect(versionQuestion({TERM: 'xterm-256color'})).toBe('\u001b[>q');
  expect(versionQuestion({TERM: 'xterm-256color', VTE_VERSION: '7600'})).toBe('');
  expect(versionQuestion({TERM: 'linux'})).toBe('');
  expect(versionQuestion({TERM: 'screen', STY: '1'})).toBe('');
  expect(versionQuestion({TERM: 'xterm-256color', TMUX: '1'})).toBe('');
  const answered = (body: string) => featuresOf({TERM: 'xterm-256color'}, versionIn(body));
  expect(answered('>|WezTerm 20240203')).toMatchObject({notices: 'osc-9', links: true});
  expect(answered('>|kitty(0.35.2)')).toMatchObject({notices: 'osc-99', links: true});
  expect(answered('>|XTerm(388)')).toMatchObject({notices: undefined, links: false});
  expect(versionIn('1$r0m')).toBeUndefined();
});

test('nothing in a notice can act on a terminal, or end one of its parts', () => {
  const evil = 'a;b\u0007c\u001b]52;c;AAAA\u0007\nd\u009c\u2028e \u001b\\';
  for (const notices of ['osc-9', 'osc-777'] as const) {
    const features: Features = {multiplexer: undefined, notices, links: false, clipboard: true};
    const sequence = noticeSequence({title: evil, body: evil.repeat(1000)}, features);
    expect(sequence.slice(2, -1)).not.toMatch(/[\p{Cc}\u2028]/u);
    expect(sequence.length).toBeLessThan(400);
    expect(sequence.split(';')).toHaveLength(notices === 'osc-9' ? 2 : 4);
  }
});

test('what is passed through GNU screen comes in pieces that it takes, cut between characters', () => {
  const features: Features = {
    multiplexer: 'screen',
    notices: 'osc-9',
    links: false,
    clipboard: true,
  };
  for (const bytes of [
    noticeSequence({title: 'é'.repeat(50), body: '👍🏽'.repeat(70)}, features),
    copySequence('日本'.repeat(500), features),
  ]) {
    const pieces = bytes.split('\u001b\\').slice(0, -1);
    expect(pieces.length).toBeGreaterThan(1);
    for (const piece of pieces) {
      expect(piece.startsWith('\u001bP')).toBe(true);
      expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(258);
      expect(piece.isWellFormed()).toBe(true);
    }
  }
});

const mention: Call = {kind: 'mentions', from: 'bob', conversation: 'public', text: 'alice, look'};

function notifier(settings: TerminalSettings = {}) {
  vi.useFakeTimers({toFake: ['performance', 'Date']});
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const written: string[] = [];
  const features = featuresOf({TERM: 'foot'});
  return {
    written,
    notifier: new Notifier(features, settings, bytes => written.push(bytes)),
  };
}

test('in a terminal that never says whether it is looked at, the bell rings and there is no notice', () => {
  const {notifier: some, written} = notifier();
  some.call(mention, true);
  expect(written).toEqual([bell]);
});

test('what the user looks at calls nobody; out of view it rings, and from another window it is on the desktop', () => {
  const {notifier: some, written} = notifier();
  some.onFocusChange(true);
  some.call(mention, true);
  expect(written).toEqual([]);
  some.call(mention, false);
  expect(written).toEqual([bell]);
  vi.advanceTimersByTime(5000);
  some.onFocusChange(false);
  some.call(mention, true);
  expect(written.slice(1)).toEqual([bell + osc777]);
});

test('a burst is one call, and the next comes after 5 s', () => {
  const {notifier: some, written} = notifier();
  for (let call = 0; call < 20; call++) some.call(mention, false);
  vi.advanceTimersByTime(4999);
  some.call(mention, false);
  expect(written).toHaveLength(1);
  vi.advanceTimersByTime(1);
  some.call(mention, false);
  expect(written).toHaveLength(2);
});

test('muted, nothing calls until that time', () => {
  const {notifier: some, written} = notifier();
  some.mute(Date.now() + 60_000);
  vi.advanceTimersByTime(59_999);
  some.call(mention, false);
  expect(written).toEqual([]);
  vi.advanceTimersByTime(1);
  some.call(mention, false);
  expect(written).toHaveLength(1);
  some.mute(Date.now() + 60_000);
  vi.advanceTimersByTime(6000);
  some.mute(undefined);
  some.call(mention, false);
  expect(written).toHaveLength(2);
});

test.each([
  [{bell: false}, [osc777]],
  [{notices: false}, [bell]],
  [{bell: ['private']}, [osc777]],
  [{bell: ['mentions'], notices: []}, [bell]],
  [{bell: false, notices: false}, []],
  [{noticeText: 'who'}, [`${bell}\u001b]777;notify;bob mentions you;\u0007`]],
] as const)('the settings %j choose', (settings, bytes) => {
  const {notifier: some, written} = notifier(settings);
  some.onFocusChange(false);
  some.call(mention, false);
  expect(written).toEqual(bytes);
});
