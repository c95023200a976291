#!/usr/bin/env node
// Syntax and imports that Node has had since 2020, so that an old one is told what it lacks instead
// of failing on ours. The others keep the compiled bundle between two starts.
import process from 'node:process';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(`chat-tui needs Node 22.12 or newer; this is ${process.versions.node}.\n`);
  process.exit(2);
}
const {enableCompileCache} = await import('node:module');
enableCompileCache();
await import('./cli.js');
