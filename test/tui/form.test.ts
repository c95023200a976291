import {describe, expect, test} from 'vitest';
import * as forms from '../../source/tui/overlays/form.ts';

const now = new Date(2026, 10, 28, 16, 22).getTime();
const minute = 60_000;
const hour = 60 * minute;

test.each([
  [0, 'just now'],
  [5 * minute, '5 min ago'],
  [2.5 * hour, '2 h ago'],
  [16 * hour, '16 h ago'],
  [20 * hour, 'yesterday'],
  [40 * hour, 'yesterday'],
  [41 * hour, '2 days ago'],
  [10 * 24 * hour, '10 days ago'],
  [100 * 24 * hour, 'in August 2026'],
  // The clock was put back.
  [-hour, 'just now'],
])('%i ms ago is called “%s”', (ago, words) => {
  expect(forms.agoWords(now - ago, now)).toBe(words);
});

const hubs = [
  {server: 'shen://chat.example:30202', nick: 'ally', at: now - 2 * hour},
  {server: 'cosp://h:4711'},
];

function form(hasOwn = true): forms.Form {
  return forms.opened(forms.createForm('alice', hubs, hasOwn));
}

function chosen(one: forms.Form): string {
  return forms.placeWords(forms.chosenPlace(one), now);
}

describe('the places', () => {
  test('are the hubs with when, one’s own, and another', () => {
    expect(form().places.map(place => forms.placeWords(place, now))).toEqual([
      'chat.example:30202 · 2 h ago',
      'cosp://h:4711',
      'a hub of my own, here',
      'another address …',
    ]);
    expect(forms.createForm('alice', [], false).places).toEqual([{kind: 'other'}]);
  });

  test('have no hub whose address nobody can read', () => {
    expect(forms.createForm('alice', [{server: 'x y'}], false).places).toHaveLength(1);
  });

  test('are chosen up and down, and no further than the ends', () => {
    const down = [1, 2, 3, 4].reduce(one => forms.movePlace(one, 1), form());
    expect(chosen(down)).toBe('another address …');
    expect(down.field).toBe('server');
    expect(chosen(forms.movePlace(form(), -1))).toContain('chat.example');
  });

  test('bring the name that goes with them, unless another was typed', () => {
    const moved = forms.movePlace(forms.movePlace(form(), 1), -1);
    expect(moved.nick).toBe('ally');
    const typed = forms.withTyping({...form(), nick: 'zoe'});
    expect(forms.movePlace(forms.movePlace(typed, 1), -1).nick).toBe('zoe');
  });

  test('change to another address when one is typed', () => {
    const typed = forms.withTyping({...form(), field: 'server'});
    expect(chosen(typed)).toBe('another address …');
    expect(typed.server).toBe('');
  });
});

test('the hub where the user is already is not the first choice', () => {
  const created = forms.createForm('alice', hubs, true);
  expect(chosen(forms.opened(created, hubs[0]?.server))).toBe('cosp://h:4711');
  expect(chosen(forms.opened(created, 'res302://own:1'))).toContain('chat.example');
});

describe('a refusal', () => {
  test('leaves the hub chosen that has refused', () => {
    const refused = forms.refusedAt(form(), 'cosp://h:4711', 'alice', 'nick');
    expect(chosen(refused)).toBe('cosp://h:4711');
  });

  test('by an unknown hub leaves its address to be changed', () => {
    const refused = forms.refusedAt(form(), 'shen://i:1', 'alice', 'server');
    expect(refused).toMatchObject({server: 'shen://i:1', field: 'server'});
    expect(chosen(refused)).toBe('another address …');
  });
});

test('the rule for names is that of the protocol, where one is known', () => {
  expect(forms.nicknameRule(form())).toBe('shen: 1 to 20 ASCII letters, digits, - _ .');
  const other = forms.refusedAt(form(), 'h:4711', 'alice', 'server');
  expect(forms.nicknameRule(other)).toBeUndefined();
  expect(forms.nicknameRule({...other, server: 'res302://h'})).toMatch(/^res302: 1 to 10/);
});
