import { lstatSync } from 'node:fs';
import { extname, join } from 'node:path';
import { isHeldName } from '../core/held-name.js';
import { readRegularFile } from './read-regular-file.js';

/** Names of settings files in the order in which one folder is searched; the first that is there counts. */
export const searchPlaces = [
  '.victorrc',
  '.victorrc.json',
  '.victorrc.yaml',
  '.victorrc.yml',
  '.victorrc.js',
  '.victorrc.ts',
  '.victorrc.mjs',
  '.victorrc.cjs',
  'victor.config.js',
  'victor.config.ts',
  'victor.config.mjs',
  'victor.config.cjs',
  'package.json',
] as const;

/** The folder of the user's own settings may hold these besides. */
export const userSearchPlaces = ['config.yaml', 'config.yml', 'config.json', ...searchPlaces] as const;

const codeExtensions = new Set(['.js', '.ts', '.mjs', '.cjs']);
/** A package.json is not ours, so it may be larger than settings may; what is larger still has no settings. */
const MAX_PACKAGE_BYTES = 1024 * 1024;

/** Settings that are a program: reading them means running them. */
export function isCode(place: string): boolean {
  return codeExtensions.has(extname(place));
}

/** The search places that exist in one folder, whatever they are. Nothing is opened but a package.json. */
export function existingPlaces(directory: string, places: readonly string[]): string[] {
  return places.filter((place) => {
    const path = join(directory, place);
    return exists(path) && (place !== 'package.json' || hasVictorKey(path));
  });
}

/** A name that is only held while a command runs in the sandbox holds no settings. */
function exists(path: string): boolean {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    return stats !== undefined && !isHeldName(path, stats);
  } catch {
    return false;
  }
}

function hasVictorKey(path: string): boolean {
  const read = readRegularFile(path, { maxBytes: MAX_PACKAGE_BYTES });
  if (!read.ok) return false;
  try {
    const content: unknown = JSON.parse(read.text.replace(/^\uFEFF/, ''));
    return typeof content === 'object' && content !== null && Object.hasOwn(content, 'victor');
  } catch {
    // A broken package.json is for npm to complain about.
    return false;
  }
}
