import {describe, expect, test} from 'vitest';
import {mentions} from '../../source/client/mentions.ts';

describe('a text names somebody', () => {
  test.each([
    ['bobx', 'bobx'],
    ['bobx: hi', 'bobx'],
    ['hi @bobx, look', 'bobx'],
    ['(BOBX)', 'bobx'],
    ['ask bobx.', 'bobx'],
    ['bobx... ?', 'bobx'],
    ['“bobx”', 'bobx'],
    ['bobx’s and d’bobx', 'bobx'],
    ['bobx_2 is not bobx', 'bobx'],
    ['zoe\u0301 ?', 'zo\u00e9'],
    ['zo\u00e9 ?', 'zoe\u0301'],
    ['\uff22\uff2f\uff22\uff38 !', 'bobx'],
    ['b\u043ebx', 'bobx'],
    ['ask Jean Paul', 'jean paul'],
    ['-bob, hi', '-bob'],
    ['a.b: hi', 'a.b'],
    ['李雷，你好', '李雷'],
    ['🦊 hi', '🦊'],
    ['see http://x/bobx.html, bobx', 'bobx'],
  ])('%j names %j', (text, nick) => {
    expect(mentions(text, nick)).toBe(true);
  });

  test.each([
    ['bobx_2: hi', 'bobx'],
    ['bobx-builder', 'bobx'],
    ['anti-bobx', 'bobx'],
    ['http://x/bobx.html', 'bobx'],
    ['https://x?to=bobx', 'bobx'],
    ['bobx@x.org', 'bobx'],
    ['x@bobx', 'bobx'],
    ['bobx.org', 'bobx'],
    ['/home/bobx/a', 'bobx'],
    ['C:\\bobx', 'bobx'],
    ['bobxé', 'bobx'],
    ['bobx\u0301', 'bobx'],
    ['bobx2', 'bobx'],
    ['jose\u0301', 'jose'],
    ['jos\u00e9', 'jose'],
    ['jean', 'jean paul'],
    ['', 'bobx'],
    ['anything', ''],
  ])('%j does not name %j', (text, nick) => {
    expect(mentions(text, nick)).toBe(false);
  });
});
