import { lstatSync, mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Loader } from 'cosmiconfig';
import { ConfigError } from '../core/errors.js';
import type { ConfigFile } from './config-file.js';

const moduleName = 'victor';
const extensions = ['noExt', '.json', '.yaml', '.yml', '.js', '.ts', '.mjs', '.cjs'];

type Read = (file: string) => Promise<ConfigFile | undefined>;
type Explorer = ReturnType<typeof import('cosmiconfig').cosmiconfig>;

/**
 * The first of `places` in one folder that says something. The places must be known to be regular files of a sane
 * size, because cosmiconfig opens whatever is there; what is in them only `read` decides.
 */
export async function searchDirectory(
  directory: string,
  places: readonly string[],
  read: Read,
): Promise<ConfigFile | undefined> {
  const { cosmiconfig } = await import('cosmiconfig');
  const loader: Loader = async (file) => {
    const found = await read(file);
    // cosmiconfig takes this key out of a package.json, and obeys `$import` in whatever it is given: it gets a
    // wrapper that has neither, and for an empty file null, which makes it go on.
    const wrapped = found === undefined ? null : { found };
    return file === join(directory, 'package.json') ? { [moduleName]: wrapped } : wrapped;
  };
  const explorer = inEmptyFolder(() =>
    cosmiconfig(moduleName, {
      searchPlaces: [...places],
      searchStrategy: 'none',
      packageProp: moduleName,
      cache: false,
      loaders: Object.fromEntries(extensions.map((extension) => [extension, loader])),
    }),
  );
  if (!explorer) return searchByHand(directory, places, read);
  const result = (await explorer.search(directory)) as { config: { found: ConfigFile } } | null;
  return result?.config.found;
}

/** The same search, for where the working directory cannot be moved, as in a worker thread. */
async function searchByHand(
  directory: string,
  places: readonly string[],
  read: Read,
): Promise<ConfigFile | undefined> {
  for (const place of places) {
    const found = await read(join(directory, place));
    if (found) return found;
  }
  return undefined;
}

/**
 * Constructing cosmiconfig looks for a "meta config" in the working directory and runs it: `.config/config.js` and its
 * like. So the working directory is a fresh, empty folder of ours for just that moment; nothing else can run meanwhile.
 * `undefined` when that cannot be arranged.
 */
function inEmptyFolder(construct: () => Explorer): Explorer | undefined {
  let folder: string | undefined;
  try {
    const before = process.cwd();
    // Whoever cannot come back must not leave: this throws in a worker, and where the folder has become unreachable.
    process.chdir(before);
    folder = mkdtempSync(join(tmpdir(), 'victor-'));
    if (!isOursAndEmpty(folder)) return undefined;
    process.chdir(folder);
    try {
      return construct();
    } finally {
      comeBack(before);
    }
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    return undefined;
  } finally {
    if (folder !== undefined) remove(folder);
  }
}

function isOursAndEmpty(folder: string): boolean {
  const stats = lstatSync(folder);
  const user = process.getuid?.();
  const ours = user === undefined || (stats.uid === user && (stats.mode & 0o077) === 0);
  return ours && stats.isDirectory() && readdirSync(folder).length === 0;
}

function comeBack(directory: string): void {
  try {
    process.chdir(directory);
  } catch (error) {
    throw new ConfigError(`${directory} cannot be entered any more`, {
      advice: 'Start Victor again, in a folder that stays.',
      cause: error,
    });
  }
}

function remove(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // An empty folder left in the temporary directory harms nobody.
  }
}
