import process from 'node:process';
import {expect, onTestFinished, test} from 'vitest';
import {JsonProgram} from './json-program.ts';

type Event = {readonly type: 'a' | 'b'; readonly value: string};

/** Prints each line it is told, and what to say at the end of its input. */
function echo(source = ''): JsonProgram<Event> {
  const program = new JsonProgram<Event>(process.execPath, [
    '--input-type=module',
    '--eval',
    `process.stdin.pipe(process.stdout);${source}`,
  ]);
  onTestFinished(() => program.dispose());
  return program;
}

test('an event that came before anybody asked is not lost, and is given once', async () => {
  const program = echo();
  program.write('{"type": "a", "value": "1"}');
  program.write('{"type": "b", "value": "2"}');
  program.write('{"type": "a", "value": "3"}');
  expect(await program.next('b')).toEqual({type: 'b', value: '2'});
  expect(await program.next('a', ({value}) => value === '3')).toEqual({type: 'a', value: '3'});
  expect(await program.next('a')).toEqual({type: 'a', value: '1'});
  await expect(program.next('a', undefined, {timeoutMs: 1})).rejects.toThrow('1 ms passed');
});

test('of events that come together, none is lost on one who waits for them one by one', async () => {
  const program = echo(
    `for (let i = 0; i < 9; i++) console.log(JSON.stringify({type: 'a', value: String(i)}))`,
  );
  for (let index = 0; index < 9; index++) {
    expect(await program.next('a')).toEqual({type: 'a', value: `${index}`});
  }
});

test('waiting for a program that has ended fails at once and shows what nobody took', async () => {
  const program = echo('process.exitCode = 7; console.error("why")');
  program.write('{"type": "b", "value": "left"}');
  program.end();
  await expect(program.next('a')).rejects.toThrow(
    /^The program ended with code 7.*\n\{"type":"b","value":"left"\}$/,
  );
  expect(await program.exited).toEqual({code: 7, signal: null});
  expect(await program.errors).toBe('why\n');
});
