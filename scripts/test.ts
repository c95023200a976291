/**
 * Runs every check of the project: types, lint, build, then all tests. Ends with one plain line of counts, in which each
 * of the first three counts as one test. Arguments are passed to vitest.
 */
import {spawnSync} from 'node:child_process';
import {parseCLI, startVitest} from 'vitest/node';

let passed = 0;
let failed = 0;

for (const script of ['types', 'lint', 'build']) {
  console.log(`— ${script}`);
  const {status} = spawnSync('npm', ['run', '--silent', script], {stdio: 'inherit'});
  if (status === 0) passed++;
  else failed++;
}

if (failed === 0) {
  const {filter, options} = parseCLI(['vitest', ...process.argv.slice(2)]);
  const vitest = await startVitest('test', filter, {...options, watch: false, allowOnly: false});
  for (const module of vitest.state.getTestModules()) {
    if (module.errors().length > 0) failed++;
    for (const test of module.children.allTests()) {
      const {state} = test.result();
      if (state === 'passed') passed++;
      // Skipped tests were left out by the arguments of this run.
      else if (state !== 'skipped') failed++;
    }
  }
  failed += vitest.state.getUnhandledErrors().length;
  await vitest.close();
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
