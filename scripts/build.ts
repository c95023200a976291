/**
 * Builds the package: a few files, so that a start reads few, with each face of the program in a chunk of its own, so that
 * a start reads only what it needs (docs/decisions).
 */
import {chmod, copyFile, mkdir, rm} from 'node:fs/promises';
import path from 'node:path';
import {build, type Plugin} from 'rolldown';
import manifest from '../package.json' with {type: 'json'};
import {collectLicences} from './licences.ts';

const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

/**
 * Leaves out Ink's connection to React's developer tools, which DEV=true in a user's shell would switch on.
 * `define` cannot reach it: Ink imports `process` by name.
 */
const leaveOutDeveloperTools: Plugin = {
  name: 'leave-out-developer-tools',
  transform: {
    filter: {id: /node_modules\/ink\/build\//},
    handler: code => code.replaceAll(`process.env['DEV'] === 'true'`, 'false'),
  },
};

/**
 * Yoga, which computes Ink's layout, reads its WebAssembly from a `data:` address with `fetch`, for which Node loads a
 * whole HTTP client. Without `fetch` Yoga decodes it itself, and the first frame comes 15 % earlier.
 */
const loadYogaWithoutFetch: Plugin = {
  name: 'load-yoga-without-fetch',
  transform: {
    filter: {id: /node_modules\/yoga-layout\/dist\/binaries\//},
    handler: code => `const fetch = undefined;\n${code}`,
  },
};

await rm(dist, {recursive: true, force: true});
await mkdir(dist);
await build({
  input: {cli: path.join(root, 'cli.tsx')},
  platform: 'node',
  transform: {
    define: {
      'process.env.NODE_ENV': '"production"',
      CHAT_TUI_VERSION: JSON.stringify(manifest.version),
    },
  },
  plugins: [leaveOutDeveloperTools, loadYogaWithoutFetch, collectLicences],
  // An import that cannot be resolved is only a warning by default, and would fail on the user's machine.
  onLog(level, log) {
    if (level === 'warn') throw new Error(log.message);
  },
  output: {
    dir: dist,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    // Names are kept, so that the stack of a bug can be read. That does not slow the start down.
    minify: {compress: true, mangle: false, codegen: true},
  },
});
const launcher = path.join(dist, 'chat-tui.js');
await copyFile(path.join(root, 'scripts/launcher.js'), launcher);
await chmod(launcher, 0o755);
