import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {asTyped, type Draft, type Reading, readDraft} from '../../source/client/draft.ts';
import type {EngineEvent} from '../../source/client/events.ts';
import {reduce} from '../../source/client/reduce.ts';
import {initialState, type State} from '../../source/client/state.ts';
import type {Feature} from '../../source/protocols/protocol.ts';

const server = 'shen://h:30202';

const features: readonly Feature[] = ['invitations', 'centralised-rooms', 'direct-messages'];

function stateAfter(...events: readonly EngineEvent[]): State {
  const start = initialState({
    protocol: 'shen',
    server,
    nick: 'alice',
    features: new Set(features),
  });
  const connected: readonly EngineEvent[] = [
    {type: 'connection', connection: {phase: 'connected'}, server, nick: 'alice'},
    {type: 'users', users: [{nick: 'Bob', status: 'public', self: false}]},
  ];
  return [...connected, ...events].reduce((state, event) => reduce(state, event, 0), start);
}

/** What is read in public, of a draft whose pasted part is in brackets: `/msg bob [one\ntwo]`. */
function read(marked: string, {carriesLineFeeds = true, state = stateAfter()} = {}): Reading {
  return readDraft(draftOf(marked), {state, carriesLineFeeds, maximumTextBytes: 500});
}

function draftOf(marked: string): Draft {
  const pastedAt = marked.indexOf('[');
  const conversation = 'public';
  return pastedAt === -1
    ? {text: marked, conversation}
    : {text: marked.replace('[', '').replace(']', ''), conversation, pastedAt};
}

/** `public: one`, `Bob: two`; or what is done; or why nothing is. */
function summary(reading: Reading): readonly string[] {
  switch (reading.kind) {
    case 'nothing':
      return [];
    case 'texts':
      return reading.letters.map(
        ({to, text}) => `${typeof to === 'string' ? to : to.nick}: ${text}`,
      );
    case 'turn':
      return [`to ${reading.to}`];
    case 'command':
      return [`/${reading.command.name} ${reading.argument}`.trimEnd()];
    case 'refused':
      return [reading.code];
  }
}

test.each<[string, readonly string[]]>([
  ['one two three four', ['public: one two three', 'public: four']],
  ['fits', ['public: fits']],
  [' fits  ', ['public:  fits  ']],
  ['/msg bob one two three four', ['Bob: one two three', 'Bob: four']],
  ['/me one two three', ['public: * alice one', 'public: * alice two', 'public: * alice three']],
  ['abcdefghijklmnop', ['public: abcdefghijklmn', 'public: op']],
  ['abcdefghijklm👩‍👩‍👧', ['public: abcdefghijklm', 'public: 👩‍👩‍', 'public: 👧']],
  ['one two longer\nfour', ['public: one two', 'public: longer\nfour']],
])('%j in parts of 14 bytes', (text, parts) => {
  const draft = {text, conversation: 'public', isInParts: true} as const;
  const rules = {state: stateAfter(), carriesLineFeeds: true, maximumTextBytes: 14};
  const reading = readDraft(draft, rules);
  expect(summary(reading)).toEqual(parts);
});

const written: EngineEvent = {type: 'message', scope: 'direct', from: 'Bob', text: 'psst'};

describe('a draft that was typed', () => {
  test.each([
    ['hello', ['public: hello']],
    ['  hello ', ['public:   hello ']],
    ['one\ntwo', ['public: one\ntwo']],
    ['one\n/quit', ['public: one\n/quit']],
    ['//usr/bin', ['public: /usr/bin']],
    ['//usr\n/quit', ['public: /usr\n/quit']],
    [' //usr', ['public:  /usr']],
    ['', []],
    [' \n ', []],
    ['/msg bob secret', ['Bob: secret']],
    ['/MSG BOB secret', ['Bob: secret']],
    [' /msg bob secret', ['Bob: secret']],
    ['\n/msg bob secret', ['Bob: secret']],
    ['\u00a0/msg\u00a0bob secret', ['Bob: secret']],
    ['\u202f\u3000/msg bob secret', ['Bob: secret']],
    ['\ufeff/msg bob secret', ['Bob: secret']],
    ['/ms bob secret', ['Bob: secret']],
    ['/w bob secret', ['Bob: secret']],
    ['/msg bob one\ntwo', ['Bob: one\ntwo']],
    ['/msg bob\none\ntwo', ['Bob: one\ntwo']],
    ['/msg\nbob one', ['Bob: one']],
    ['/msg bob /quit', ['Bob: /quit']],
    ['/me waves\njumps', ['public: * alice waves\njumps']],
    ['/reply one', ['Bob: one']],
    ['/r one\n/two', ['Bob: one\n/two']],
    ['/quit', ['/quit']],
    [' /quit ', ['/quit']],
    ['/quit\n', ['/quit']],
    ['/nick bob2', ['/nick bob2']],
    ['/msg bob', ['to @Bob']],
    ['/query bob', ['to @Bob']],
    ['/query bob one\ntwo', ['Bob: one\ntwo']],
    ['/msg', ['usage']],
    ['/re one', ['ambiguous-command']],
    ['/usr/bin', ['unknown-command']],
    ['/usr/bin\nsecret', ['unknown-command']],
    ['/', ['unknown-command']],
    ['/\nsecret', ['unknown-command']],
    ['/rooms', ['unsupported']],
    ['/quit\nsecret', ['usage']],
    ['/nick bob2\nsecret', ['usage']],
    ['/search\nsecret', ['usage']],
  ])('%j is %j', (text, expected) => {
    expect(summary(read(text, {state: stateAfter(written)}))).toEqual(expected);
  });

  test('other white space before a slash is a text of its own', () => {
    for (const space of ['\u2028', '\u2029', '\r', '\v', '\f', '\u0085']) {
      expect(summary(read(`${space}/quit`))).toEqual([`public: ${space}/quit`]);
    }
  });

  test('is never run in part: the sentence names the command and the way to say it all', () => {
    expect(read('/nick bob2\nsecret')).toMatchObject({
      message:
        'Nothing was done or sent: /nick takes one line. Take the others away, or begin with another / to say them all',
    });
  });
});

describe('a draft with lines that were pasted', () => {
  test.each([
    ['[one\ntwo]', ['public: one', 'public: two']],
    ['[one\n\n  two]', ['public: one', 'public:   two']],
    ['[/usr/bin\n/quit]', ['public: /usr/bin', 'public: /quit']],
    [' [/usr/bin\n/quit]', ['public:  /usr/bin', 'public: /quit']],
    ['see [one\n/quit] !', ['public: see one', 'public: /quit !']],
    ['/msg bob [one\ntwo]', ['Bob: one', 'Bob: two']],
    ['  /MSG bob [/quit\ntwo]', ['Bob: /quit', 'Bob: two']],
    ['/msg bob a[one\ntwo]z', ['Bob: aone', 'Bob: twoz']],
    ['/msg [bob one\ntwo]', ['Bob: one', 'Bob: two']],
    ['/m[sg bob one\ntwo]', ['Bob: one', 'Bob: two']],
    ['/msg [bob\none\ntwo]', ['Bob: one', 'Bob: two']],
    ['/me [waves\njumps]', ['public: * alice waves', 'public: * alice jumps']],
    ['/reply [one\ntwo]', ['Bob: one', 'Bob: two']],
    ['/nick [one\ntwo]', ['usage']],
    ['/quit[\ntwo]', ['usage']],
    ['/foo [one\ntwo]', ['unknown-command']],
    ['/[usr/bin\ntwo]', ['unknown-command']],
    ['/[/usr/bin\ntwo]', ['public: /usr/bin', 'public: two']],
    ['//[usr/bin\ntwo]', ['public: /usr/bin', 'public: two']],
  ])('%j is %j', (marked, expected) => {
    expect(summary(read(marked, {state: stateAfter(written)}))).toEqual(expected);
  });
});

describe('where a text is one line', () => {
  test.each([
    ['if x:\n  y', ['public: if x:', 'public:   y']],
    ['one\n\ntwo', ['public: one', 'public: two']],
    ['one\r\ntwo', ['public: one', 'public: two']],
    ['one\r/quit', ['public: one /quit']],
    ['one\n/quit', ['public: one', 'public: /quit']],
    ['/msg bob one\n/quit', ['Bob: one', 'Bob: /quit']],
    ['/me waves\njumps', ['public: * alice waves', 'public: * alice jumps']],
  ])('%j is %j', (text, expected) => {
    expect(summary(read(text, {carriesLineFeeds: false}))).toEqual(expected);
  });
});

test('typed again as it is remembered, a draft goes to the same and begins with no other command', () => {
  const piece = fc.constantFrom(
    '/',
    '//',
    ' ',
    '\n',
    'msg bob ',
    'me ',
    'quit',
    'one',
    '/msg bob ',
  );
  const pieces = fc.array(piece, {maxLength: 4}).map(parts => parts.join(''));
  fc.assert(
    fc.property(pieces, pieces, (before, pasted) => {
      const draft = {
        text: before + pasted,
        conversation: 'public',
        pastedAt: before.length,
      } as const;
      const circumstances = {
        state: stateAfter(),
        carriesLineFeeds: false,
        maximumTextBytes: 500,
      };
      const first = readDraft(draft, circumstances);
      if (first.kind !== 'texts') return;
      const again = {text: asTyped(draft), conversation: 'public'} as const;
      expect(summary(readDraft(again, circumstances))).toEqual(summary(first));
    }),
    {numRuns: 2000},
  );
});
