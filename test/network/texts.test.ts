/** Others read exactly the text that its author's client shows as sent, whatever was typed. */
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {readDraft} from '../../source/client/draft.ts';
import {initialState} from '../../source/client/state.ts';
import {protocols} from '../../source/protocols/index.ts';
import {World} from './world.ts';

const text = fc
  .array(
    fc.constantFrom(
      'a',
      ' ',
      '\n',
      '\r',
      '\r\n',
      '\t',
      '/',
      '#',
      'é',
      '\u2028',
      '\u0000',
      '\u0085',
    ),
  )
  .map(parts => parts.join(''));

test.each(protocols)('$name', protocol => {
  const {carriesLineFeeds, maximumTextBytes, features, name} = protocol;
  const state = initialState({protocol: name, server: 's', nick: 'alice', features});
  fc.assert(
    fc.property(text, fc.nat(), (draft, seed) => {
      const reading = readDraft(
        {text: draft, conversation: 'public'},
        {state, carriesLineFeeds, maximumTextBytes},
      );
      if (reading.kind !== 'texts') return;
      const sent = reading.letters.map(letter => letter.text);
      const world = new World(protocol, seed);
      const [alice, bob] = world.connect('alice', 'bob');
      for (const one of sent) alice?.say(one);
      world.until(() => bob?.of('message').length === sent.length, 'all texts');
      expect(bob?.of('message').map(message => message.text)).toEqual(sent);
    }),
    {numRuns: 100},
  );
});
