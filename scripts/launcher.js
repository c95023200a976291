#!/usr/bin/env node
// Uses only syntax and imports that Node has had since 2020, so that an old Node prints what is wrong instead of failing
// on ours. A newer Node keeps the compiled bundle between two starts.
import process from 'node:process';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(`chat-tui needs Node 22.12 or newer; this is ${process.versions.node}.\n`);
  process.exit(2);
}
const {enableCompileCache} = await import('node:module');
enableCompileCache();
await import('./cli.js');
