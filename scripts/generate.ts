/** Writes the files that are made from tables: scripts/generated.ts. */
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import manifest from '../package.json' with {type: 'json'};

// The build defines it; here nothing is built.
Object.assign(globalThis, {CHAT_TUI_VERSION: manifest.version});
const {generatedFiles} = await import('./generated.ts');

const root = path.resolve(import.meta.dirname, '..');
for (const [file, text] of await generatedFiles()) {
  await mkdir(path.dirname(path.join(root, file)), {recursive: true});
  await writeFile(path.join(root, file), text);
  console.log(file);
}
