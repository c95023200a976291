import {expect, test} from 'vitest';
import {linksIn} from '../../source/client/web-links.ts';

const shown = (text: string) =>
  linksIn(text).map(({start, end, target}) => [text.slice(start, end), target]);

test.each([
  [
    'see https://example.org/a?b=c#d.',
    'https://example.org/a?b=c#d',
    'https://example.org/a?b=c#d',
  ],
  ['(http://example.org)', 'http://example.org', 'http://example.org/'],
  ['HTTPS://Example.ORG/A', 'HTTPS://Example.ORG/A', 'https://example.org/A'],
  ['mailto:zoe@example.org, please', 'mailto:zoe@example.org', 'mailto:zoe@example.org'],
  // What is asked for in the network, and not what it looks like.
  ['https://аpple.com/ü', 'https://аpple.com/ü', 'https://xn--pple-43d.com/%C3%BC'],
])('%j is a link', (text, link, target) => {
  expect(shown(text)).toEqual([[link, target]]);
});

test.each([
  'no address',
  'https:// is none',
  'file:///etc/passwd',
  'javascript://%0aalert(1)',
  'mailto:nobody',
  // What an old mail program might attach.
  'https://[bad',
  `https://example.org/${'x'.repeat(3000)}`,
])('%j is none', text => {
  expect(shown(text)).toEqual([]);
});

test('a mailbox has no fields: an old mail program might attach a file', () => {
  expect(shown('mailto:a@b.example?attach=/etc/passwd')).toEqual([
    ['mailto:a@b.example', 'mailto:a@b.example'],
  ]);
});

// In proportion to the square of its length, any of these would take minutes, and the test would time out.
test.each([
  `https://${'.'.repeat(4_000_000)}`,
  'mailto:'.repeat(500_000),
  `mailto:${'a@'.repeat(2_000_000)}`,
])('a long text without an end is read once: %#', text => {
  expect(linksIn(text).length).toBeLessThan(2);
});
