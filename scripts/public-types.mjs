import { readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Leaves of the declarations only those that `index.d.ts` leads to. The compiler writes one for each source file, and
 * those of the command line and the adapters name packages that are bundled and not installed with Victor.
 */
export async function keepPublicTypes(folder) {
  const reached = await reachedFrom(join(folder, 'index.d.ts'));
  const all = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  await Promise.all(files.filter((file) => !reached.has(file)).map((file) => rm(file)));
  const folders = all
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
  // The deepest first; one that still holds a declaration stays.
  for (const one of folders.sort().reverse()) await rmdir(one).catch(() => {});
}

async function reachedFrom(entry) {
  const reached = new Set([entry]);
  for (const file of reached) {
    const text = await readFile(file, 'utf8');
    for (const [, path] of text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*['"](\.[^'"]+)\.js['"]/g)) {
      reached.add(join(dirname(file), `${path}.d.ts`));
    }
  }
  return reached;
}
