import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { filesOfScript, type ScriptPlaces } from './script-files.js';
import { isInside } from './workspace-root.js';

const MAX_FILE_BYTES = 32 * 1024 * 1024;
const MAX_FILES = 2_000;
const endings = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.tsx', '.json', '/index.js', '/index.ts'];
const sourceEnding = /\.([mc]?[jt]s|tsx|json)$/;

/** What else is wanted of the files of a program. */
export interface Following {
  /** Scripts in other languages are followed, too, from here. */
  readonly scripts: ScriptPlaces;
  /** Called with the real path of each file that there is. */
  readonly onFile?: ((path: string) => void) | undefined;
}

/**
 * A hash of a program: its file and every file that it names by a relative path, and so on. Every quoted text that is
 * such a path counts, so that no spelling of an import is missed; packages do not. `undefined` when it is too large to
 * tell one state of it from another. Nothing runs, and no pipe or device is opened.
 */
export function codeHash(file: string, following?: Following): string | undefined {
  const hash = createHash('sha256');
  const seen = new Set<string>();
  const left = [file];
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    const path = realOrSame(next);
    if (seen.has(path)) continue;
    seen.add(path);
    if (seen.size > MAX_FILES) return undefined;
    const content = read(path);
    if (content === 'too large') return undefined;
    hash.update(JSON.stringify([path, content?.length ?? 'no file']));
    if (!content) continue;
    hash.update(content);
    following?.onFile?.(path);
    left.push(...relativePaths(path, content));
    if (following && !sourceEnding.test(path) && isInside(path, following.scripts.root)) {
      const named = filesOfScript(path, content, following.scripts);
      left.push(...named.filter((one) => isInside(realOrSame(one), following.scripts.root)));
    }
  }
  return hash.digest('hex');
}

function relativePaths(file: string, content: Buffer): string[] {
  if (extname(file) === '.json') return [];
  const named = content.toString('utf8').matchAll(/(['"`])(\.{1,2}\/[^'"`\n]*)\1/g);
  return [...named].flatMap(([, , path]) => {
    const whole = resolve(dirname(file), path!);
    // TypeScript names the file that its compiler would make.
    const source = whole.replace(/\.([mc]?)js$/, '.$1ts');
    const candidates = [...endings.map((ending) => `${whole}${ending}`), source];
    return candidates.filter((one) => sourceEnding.test(one) && isFile(one));
  });
}

function read(path: string): Buffer | 'too large' | undefined {
  let descriptor: number | undefined;
  try {
    if (!isFile(path)) return undefined;
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return undefined;
    return stats.size > MAX_FILE_BYTES ? 'too large' : readFileSync(descriptor);
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}

function realOrSame(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}
