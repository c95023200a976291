import {defineConfig} from 'vitest/config';
import manifest from './package.json' with {type: 'json'};

export default defineConfig({
  // As scripts/build.ts does.
  define: {CHAT_TUI_VERSION: JSON.stringify(manifest.version)},
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    benchmark: {include: ['bench/**/*.bench.{ts,tsx}']},
    // Two cores: more workers would only make the tests that watch a real terminal wait for each other.
    maxWorkers: 2,
    // Longer than test/terminal waits for a program, whose screen tells more than a time that is over.
    testTimeout: 20_000,
  },
});
