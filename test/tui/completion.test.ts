import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import type {Vocabulary} from '../../source/client/completion.ts';
import {type Crowd, readNickname} from '../../source/client/nicknames.ts';
import {People} from '../../source/client/people.ts';
import {complete, completeOther} from '../../source/tui/composer/completion.ts';
import {emptyEditor, replaceText} from '../../source/tui/composer/line-editor.ts';
import {anyCrowd} from '../client/names.ts';

type Known = Partial<Omit<Vocabulary, 'nicknames' | 'crowd'>>;

/** The lines after each Tab, until the first candidate comes again. */
function candidates(line: string, nicknames: readonly string[], known: Known = {}): string[] {
  const crowd = {people: People.nobody.with(nicknames), isHere: () => true};
  const first = complete(replaceText(emptyEditor, line), vocabulary(nicknames, crowd, known));
  if (first === undefined) return [];
  const found = [first.editor.text];
  for (let next = completeOther(first.editor, first.completion, 1); ; ) {
    if (next.editor.text === first.editor.text) return found;
    found.push(next.editor.text);
    next = completeOther(next.editor, next.completion, 1);
  }
}

function vocabulary(nicknames: readonly string[], crowd: Crowd, known: Known): Vocabulary {
  return {
    commands,
    features: new Set(['invitations', 'direct-messages', 'links', 'named-rooms']),
    nicknames,
    speakers: [],
    inviters: [],
    ignored: [],
    crowd,
    rooms: [],
    hubs: [],
    emoji: [],
    ...known,
  };
}

/** A line and the cursor `|` in it, after one Tab. */
function tabAt(marked: string, nicknames: readonly string[]): string {
  const cursor = marked.indexOf('|');
  const line = marked.replace('|', '');
  const crowd = {people: People.nobody.with(nicknames), isHere: () => true};
  const editor = {...replaceText(emptyEditor, line), cursor};
  const completed = complete(editor, vocabulary(nicknames, crowd, {}))?.editor ?? editor;
  return `${completed.text.slice(0, completed.cursor)}|${completed.text.slice(completed.cursor)}`;
}

describe('Tab', () => {
  const here = ['bob', 'jean', 'jean paul', 'a,b', '-bob', '"x"', '\u0430lice', 'alice'];

  test.each([
    ['/msg je', ['/msg "jean" ', '/msg "jean paul" ']],
    ['/msg jean p', ['/msg "jean paul" ']],
    ['/msg "jean p', ['/msg "jean paul" ']],
    ['/msg -b', ['/msg "-bob" ']],
    ['/link bo', ['/link bob ']],
    ['/invite bob jean p', ['/invite bob "jean paul" ']],
    ['/invite bob,a,', ['/invite bob,"a,b" ']],
    ['/invite --d', ['/invite --decentralised ']],
    ['/msg \u0430', ['/msg \u0430lice#2 ']],
    ['/msg bob je', ['/msg bob jean ', '/msg bob jean paul ']],
    ['salut jean p', ['salut jean paul ']],
    ['jean p', ['jean paul: ']],
    ['zz', []],
    ['bob ', []],
  ])('%j', (line, lines) => {
    expect(candidates(line, here)).toEqual(lines);
  });

  const james = ['james', 'jimmy', 'jo'];

  test('offers first who wrote last', () => {
    expect(candidates('j', james, {speakers: ['jimmy', 'jo']})).toEqual([
      'jimmy: ',
      'jo: ',
      'james: ',
    ]);
  });

  test.each<[string, Known, readonly string[]]>([
    ['/unignore ji', {ignored: ['jim']}, ['/unignore jim ']],
    ['/unignore ', {ignored: ['ann', 'jim']}, ['/unignore ann ', '/unignore jim ']],
    ['/accept ', {inviters: ['jim']}, ['/accept jim ']],
    ['/accept ja', {inviters: ['jim']}, []],
    ['/help inv', {}, ['/help invitations', '/help invite', '/help invites']],
    [
      '/connect ',
      {hubs: ['cosp://a:1', 'shen://b:2']},
      ['/connect cosp://a:1', '/connect shen://b:2'],
    ],
    ['/connect b', {hubs: ['cosp://a:1', 'shen://b:2']}, ['/connect shen://b:2']],
    ['/nick ja', {}, []],
    ['/create ja', {}, []],
    ['hello @ja', {}, ['hello @james ']],
    ['/msg ', {speakers: ['jo']}, ['/msg jo ', '/msg james ', '/msg jimmy ']],
    [
      ':smi',
      {
        emoji: [
          ['smile', 'S'],
          ['smirk', 'R'],
          ['joy', 'J'],
        ],
      },
      ['S ', 'R '],
    ],
    ['so :SMILE', {emoji: [['smile', 'S']]}, ['so S ']],
    ['12:smi', {emoji: [['smile', 'S']]}, []],
    ['', {}, []],
    ['hello ', {}, []],
    ['/wh', {}, ['/whois ', '/who ']],
    ['/unl', {features: new Set()}, ['/unlink ']],
    ['/lis', {features: new Set()}, ['/list ']],
  ])('completes %j by what the command can take', (line, known, lines) => {
    expect(candidates(line, james, known)).toEqual(lines);
  });

  test.each([
    ['ja| said it', 'james:| said it'],
    ['well ja| said it', 'well james| said it'],
    ['well ja|, yes', 'well james |, yes'],
    ['|', '|'],
    ['/ig| jo', '/ignore| jo'],
  ])('writes no second space: %j', (before, after) => {
    expect(tabAt(before, james)).toBe(after);
  });

  test('writes the nickname that begins so, in a way that the command reads', () => {
    fc.assert(
      fc.property(anyCrowd, nicknames => {
        const crowd = {people: People.nobody.with(nicknames), isHere: () => true};
        for (const nick of nicknames) {
          const label = crowd.people.labelOf(nick);
          if (/^["-]|[\s,"\\]/.test(label)) continue;
          const read = candidates(`/msg ${label}`, nicknames).map(line => {
            const found = readNickname(`${line.slice('/msg '.length)}x`, crowd);
            return found?.meant.is === 'several' ? '?' : found?.meant.nick;
          });
          expect(read, label).toContain(nick);
        }
      }),
      {numRuns: 300},
    );
  });
});
