import {expect, test} from 'vitest';
import {Goodbyes} from '../../../source/protocols/datagrams/goodbyes.ts';
import {reliability} from '../../../source/protocols/res302/reliability.ts';

const from = {host: '198.51.100.1', port: 40_000};
const answer = Uint8Array.of(2);

test('a goodbye longer than any protocol has is not kept, nor those before the last 2,000', () => {
  const goodbyes = new Goodbyes(reliability);
  const datagram = new Uint8Array(65);
  goodbyes.add(from, {datagram, answer}, 0);
  expect(goodbyes.answerTo(datagram, from, 0)).toBeUndefined();
  const short = Uint8Array.of(1);
  for (let port = 1; port <= 2001; port++) {
    goodbyes.add({...from, port}, {datagram: short, answer}, 0);
  }
  expect(goodbyes.answerTo(short, {...from, port: 1}, 0)).toBeUndefined();
  expect(goodbyes.answerTo(short, {...from, port: 2}, 0)).toBe(answer);
});
