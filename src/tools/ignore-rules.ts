import { lstat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { isHeldName } from '../core/held-name.js';
import { compilePath, type GlobMatcher } from './glob-pattern.js';
import { openRegularFile } from './open-file.js';

/** Which paths git would ignore, by the .gitignore files from the repository's top down to one folder. */
export interface IgnoreRules {
  /** For something directly inside the folder these rules are of. */
  ignores(absolutePath: string, isDirectory: boolean): boolean;
  /** The rules of a folder inside: these and its own. */
  inside(directory: string): Promise<IgnoreRules>;
}

interface Pattern {
  readonly negated: boolean;
  readonly onlyDirectories: boolean;
  readonly matches: GlobMatcher;
}

interface Layer {
  readonly directory: string;
  readonly patterns: readonly Pattern[];
}

const MAX_FILE_BYTES = 256_000;
const MAX_PATTERNS = 5_000;

/** The rules for what is in `directory`, an absolute real path. */
export async function ignoreRulesOf(directory: string): Promise<IgnoreRules> {
  const folders: string[] = [];
  for (let current = directory; ; current = dirname(current)) {
    folders.unshift(current);
    const marker = join(current, '.git');
    const isTop = await lstat(marker).catch(() => undefined);
    if (isTop && !isHeldName(marker, isTop)) break;
    if (current === dirname(current)) {
      // No repository: only what lies inside counts.
      folders.splice(0, folders.length, directory);
      break;
    }
  }
  const layers: Layer[] = [];
  for (const folder of folders) layers.push(...(await layerOf(folder)));
  return rulesFrom(layers);
}

function rulesFrom(layers: readonly Layer[]): IgnoreRules {
  return {
    ignores(absolutePath, isDirectory) {
      for (let index = layers.length - 1; index >= 0; index -= 1) {
        const { directory, patterns } = layers[index] as Layer;
        const path = relative(directory, absolutePath).split(sep).join('/');
        const last = patterns.findLast((one) => (isDirectory || !one.onlyDirectories) && one.matches(path));
        if (last) return !last.negated;
      }
      return false;
    },
    async inside(directory) {
      const own = await layerOf(directory);
      return own.length === 0 ? this : rulesFrom([...layers, ...own]);
    },
  };
}

async function layerOf(directory: string): Promise<Layer[]> {
  const path = join(directory, '.gitignore');
  try {
    // Looked at first, because nearly every folder has none.
    const { size } = await lstat(path);
    if (size === 0 || size > MAX_FILE_BYTES) return [];
    const { handle } = await openRegularFile(path, path);
    try {
      return [{ directory, patterns: parseIgnoreFile(await handle.readFile('utf8')) }];
    } finally {
      await handle.close();
    }
  } catch {
    return [];
  }
}

function parseIgnoreFile(text: string): Pattern[] {
  return text.split(/\r?\n/, MAX_PATTERNS).flatMap((line) => parsePattern(line) ?? []);
}

function parsePattern(line: string): Pattern | undefined {
  if (line.startsWith('#')) return undefined;
  // Trailing blanks do not count unless escaped.
  let pattern = line.replace(/(?<!\\) +$/, '');
  const negated = pattern.startsWith('!');
  if (negated) pattern = pattern.slice(1);
  const onlyDirectories = pattern.endsWith('/');
  if (onlyDirectories) pattern = pattern.slice(0, -1);
  if (pattern === '') return undefined;
  const anchored = pattern.includes('/');
  const path = anchored ? pattern.replace(/^\//, '') : `**/${pattern}`;
  return { negated, onlyDirectories, matches: compilePath(path) };
}
