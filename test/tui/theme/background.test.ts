import {expect, test} from 'vitest';
import {KeyReader} from '../../../source/tui/input/keys.ts';
import {backgroundIn, backgroundQuestion} from '../../../source/tui/theme/background.ts';

test.each([
  ['11;rgb:ffff/ffff/ffff', 'light'],
  ['11;rgb:0000/0000/0000', 'dark'],
  ['11;rgb:f/f/f', 'light'],
  ['11;rgb:00/2b/36', 'dark'],
  ['11;rgb:fdfd/f6f6/e3e3', 'light'],
  ['11;RGB:FF/FF/FF', 'light'],
  ['11;rgb:fff/fff/fff', 'light'],
  ['11;rgba:0000/0000/0000/8000', 'dark'],
  ['11;rgba:ffff/ffff/ffff/ffff', 'light'],
  ['11;#fff', 'light'],
  ['11;#16181d', 'dark'],
  ['11;#fffffffff', 'light'],
  ['11;#000000000000', 'dark'],
  // Blue is darker than its number, green is lighter.
  ['11;#0000ff', 'dark'],
  ['11;#00ff00', 'light'],
])('the answer %s is a background that is %s', (answer, background) => {
  expect(backgroundIn(answer)).toBe(background);
});

test.each([
  '',
  '11',
  '11;',
  '11;?',
  '10;rgb:ffff/ffff/ffff',
  '111;rgb:ffff/ffff/ffff',
  '11;rgb:ffff/ffff',
  '11;rgb:fffff/ffff/ffff',
  '11;rgb:gg/gg/gg',
  '11;#ffff',
  '11;#',
  '11;white',
  '52;c;aGk=',
])('the answer %j says nothing about the background', answer => {
  expect(backgroundIn(answer)).toBeUndefined();
});

const plain = '\u001b]11;?\u001b\\';

test.each([
  [{TERM: 'xterm-256color'}, plain],
  [{TERM: 'linux'}, ''],
  [
    {TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0'},
    `${plain}\u001bPtmux;\u001b\u001b]11;?\u001b\u001b\\\u001b\\`,
  ],
  [{TERM: 'screen', STY: '1.pts-0.host'}, '\u001bP\u001b]11;?\u0007\u001b\\'],
  // One in the other: what is meant for the other would be shown as text.
  [{TERM: 'screen-256color', STY: '1.pts-0.host', TMUX: '/tmp/tmux-0/default,1,0'}, ''],
])('%j is asked for its background', (variables, question) => {
  expect(backgroundQuestion(variables)).toBe(question);
});

function read(chunks: readonly string[], gapMs = 1) {
  const replies: string[] = [];
  const reader = new KeyReader(report => {
    if (report.type === 'reply' && report.to === 'osc') replies.push(report.body);
  });
  let now = 0;
  const keys = chunks.flatMap(chunk => {
    now += gapMs;
    return reader.read(new TextEncoder().encode(chunk), now);
  });
  return {replies, keys: [...keys, ...reader.onTime(now + 5000)]};
}

const body = '11;rgb:ffff/ffff/ffff';

test.each([
  ['BEL', `\u001b]${body}\u0007`],
  ['ST', `\u001b]${body}\u001b\\`],
])('an answer that ends with %s is handed out, however it is cut, and no key', (_end, answer) => {
  for (let cut = 1; cut < answer.length; cut++) {
    const {replies, keys} = read([answer.slice(0, cut), answer.slice(cut)]);
    expect({cut, replies, keys}).toEqual({cut, replies: [body], keys: []});
  }
  expect(read([...answer])).toEqual({replies: [body], keys: []});
});

test('keys before and behind an answer are keys', () => {
  const {replies, keys} = read([`a\u001b]${body}\u0007b`]);
  expect(replies).toEqual([body]);
  expect(keys).toEqual([
    {type: 'text', text: 'a'},
    {type: 'text', text: 'b'},
  ]);
});

test('an answer that does not end is none', () => {
  expect(read([`\u001b]${body}`])).toEqual({replies: [], keys: []});
});

test('what is longer than an answer is not handed out, and no key either', () => {
  expect(read([`\u001b]11;${'f'.repeat(1000)}\u0007`])).toEqual({replies: [], keys: []});
});

test('another string of the terminal is no answer', () => {
  expect(read([`\u001bP${body}\u001b\\`])).toEqual({replies: [], keys: []});
});
