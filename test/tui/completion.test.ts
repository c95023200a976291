import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {commands} from '../../source/client/commands.ts';
import {readNickname} from '../../source/client/nicknames.ts';
import {People} from '../../source/client/people.ts';
import {complete, completeOther} from '../../source/tui/composer/completion.ts';
import {emptyEditor, replaceText} from '../../source/tui/composer/line-editor.ts';
import {anyCrowd} from '../client/names.ts';

/** The lines after each Tab, until the first candidate comes again. */
function candidates(line: string, nicknames: readonly string[]): string[] {
  const crowd = {people: People.nobody.with(nicknames), isHere: () => true};
  const first = complete(replaceText(emptyEditor, line), {
    commands,
    nicknames,
    crowd,
    rooms: [],
  });
  if (first === undefined) return [];
  const found = [first.editor.text];
  for (let next = completeOther(first.editor, first.completion, 1); ; ) {
    if (next.editor.text === first.editor.text) return found;
    found.push(next.editor.text);
    next = completeOther(next.editor, next.completion, 1);
  }
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
    ['/accept al', ['/accept alice ']],
    ['/msg \u0430', ['/msg \u0430lice#2 ']],
    ['/msg bob je', ['/msg bob jean ', '/msg bob jean paul ']],
    ['salut jean p', ['salut jean paul ']],
    ['jean p', ['jean paul: ']],
    ['zz', []],
    ['bob ', []],
  ])('%j', (line, lines) => {
    expect(candidates(line, here)).toEqual(lines);
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
