import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import type {Plugin} from 'rolldown';

/** Texts for packages that come without one, made from their files and manifests. */
const ownTexts = path.join(import.meta.dirname, 'licences');

/**
 * Everything is bundled, so the notices that the licences require are in one file beside the bundle: those of each package
 * with a module in it, and of the packages that it has bundled itself.
 *
 * @throws Error, which ends the build, if a package has no text. Add one to scripts/licences then.
 */
export const collectLicences: Plugin = {
  name: 'collect-licences',
  async generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap(file =>
      file.type === 'chunk' ? file.moduleIds : [],
    );
    const packages = new Map<string, Set<string>>();
    for (const id of modules) {
      const root = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0];
      if (root === undefined) continue;
      const folders = packages.get(root) ?? new Set([root]);
      // Meow keeps the licences of the packages that it has bundled beside its own bundle.
      packages.set(root, folders.add(path.dirname(id)));
    }
    const sections = await Promise.all(
      [...packages].map(([root, folders]) => section(root, [...folders])),
    );
    const source = sections.sort().join(`\n\n${'─'.repeat(80)}\n\n`);
    this.emitFile({type: 'asset', fileName: 'LICENCES.txt', source: `${source}\n`});
  },
};

async function section(root: string, folders: readonly string[]): Promise<string> {
  const manifest = await readFile(path.join(root, 'package.json'), 'utf8');
  const {name, version, license} = JSON.parse(manifest);
  const found = (await Promise.all(folders.map(folder => textsIn(folder, isLicence)))).flat();
  const isOwn = (file: string) => file === `${name}.txt`;
  const texts = found.length > 0 ? found : await textsIn(ownTexts, isOwn);
  if (texts.length === 0) throw new Error(`${name} has no licence text: add scripts/licences`);
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

function isLicence(file: string): boolean {
  return /^(licen[cs]es?|notice|copying)(\.(md|txt))?$/i.test(file);
}

async function textsIn(folder: string, isWanted: (file: string) => boolean): Promise<string[]> {
  const files = (await readdir(folder)).filter(isWanted);
  return Promise.all(
    files.map(async file => (await readFile(path.join(folder, file), 'utf8')).trim()),
  );
}
