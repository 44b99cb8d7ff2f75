import { existsSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { isPlainObject } from './plain.js';
import { ancestors } from './workspace-root.js';

const conditions = ['node', 'import', 'module-sync', 'default'];

/**
 * The file that `import` of a package (`name`, `@scope/name`, `name/subpath`) would run from a folder, or `undefined`.
 * Unlike the resolver of CommonJS it knows packages that only `import` may load, and ignores NODE_PATH and global folders.
 */
export function resolvePackage(specifier: string, fromDirectory: string): string | undefined {
  const match = /^(@[a-z0-9~][\w.~-]*\/[a-z0-9~][\w.~-]*|[a-z0-9~][\w.~-]*)(\/[\w./-]+)?$/i.exec(specifier);
  if (!match) return undefined;
  const [, name, subpath = ''] = match;
  for (const directory of ancestors(resolve(fromDirectory))) {
    const root = join(directory, 'node_modules', name!);
    const manifest = readManifest(join(root, 'package.json'));
    if (!manifest) continue;
    const target = entryPoint(manifest, `.${subpath}`);
    const file = target === undefined ? undefined : join(root, target);
    return file?.startsWith(root + sep) && existsSync(file) ? file : undefined;
  }
  return undefined;
}

function readManifest(file: string): Record<string, unknown> | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isPlainObject(manifest) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

function entryPoint(manifest: Readonly<Record<string, unknown>>, subpath: string): string | undefined {
  const { exports: exported, main } = manifest;
  if (exported === undefined) {
    if (subpath !== '.') return subpath;
    return typeof main === 'string' ? main : 'index.js';
  }
  const hasSubpaths = isPlainObject(exported) && Object.keys(exported).some((key) => key.startsWith('.'));
  if (hasSubpaths) return target(exported[subpath]);
  return subpath === '.' ? target(exported) : undefined;
}

/** The first file that the conditions of an `import` in Node choose. */
function target(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(target).find((file) => file !== undefined);
  if (!isPlainObject(value)) return undefined;
  for (const condition of Object.keys(value)) {
    const found = conditions.includes(condition) ? target(value[condition]) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
