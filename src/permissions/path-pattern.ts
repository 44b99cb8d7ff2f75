import { homedir } from 'node:os';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { withoutDroppedEndings } from '../core/dropped-endings.js';
import { compileGlob, compilePath, type GlobMatcher } from '../tools/glob-pattern.js';
import { lies } from './real-path.js';

/** Whether an absolute path is one that a rule names, seen from the folders of the workspace. */
export type PathMatcher = (path: string, roots: readonly string[]) => boolean;

/**
 * `src/**` starts at the folders of the workspace, `*.md` is a name at any depth, `/…` and `~/…` are whole paths. A
 * folder's name means what is in it too. A rule that refuses does not tell upper from lower case, because some file
 * systems do not either, nor dots and spaces at the end of a name.
 */
export function compilePathPattern(pattern: string, { refuses }: { readonly refuses: boolean }): PathMatcher {
  if (!refuses) return compileFolded(pattern, same, same);
  const asWritten = compileFolded(pattern, oneCase, oneCase);
  const asTaken = compileFolded(pattern, oneCase, (path) => oneCase(withoutDroppedEndings(path)));
  return (path, roots) => asWritten(path, roots) || asTaken(path, roots);
}

type Fold = (text: string) => string;
const same: Fold = (text) => text;
const oneCase: Fold = (text) => text.normalize('NFC').toLowerCase();

function compileFolded(pattern: string, foldPattern: Fold, foldPath: Fold): PathMatcher {
  const whole = pattern.startsWith('~/') ? resolve(homedir(), pattern.slice(2)) : pattern;
  if (isAbsolute(whole)) {
    const bare = foldPattern(whole).replace(/(?<=.)\/+$/, '');
    const itself = compilePath(bare);
    const contents = compilePath(`${bare}/**`);
    return (path) => itself(foldPath(path)) || contents(foldPath(path));
  }
  const matches = withContents(foldPattern(pattern));
  return (path, roots) =>
    roots.some((root) => {
      const inside = relative(root, path);
      return inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && matches(foldPath(inside));
    });
}

/** Whether what a pattern names may lie in a folder, a real path, as far as the words before its first sign tell. */
export function mayLieIn(pattern: string, folder: string, roots: readonly string[]): boolean {
  if (!pattern.replace(/\/+$/, '').includes('/')) return true;
  const fixed = pattern.slice(0, pattern.search(/[*?[{]|$/)).replace(/[^/]*$/, '');
  const home = fixed.startsWith('~/') ? resolve(homedir(), fixed.slice(2)) : fixed;
  const starts = isAbsolute(home) ? [resolve(home)] : roots.map((root) => resolve(root, home));
  return starts.some((start) => lies(start, folder) || lies(folder, start));
}

/** `src/` and `src` name the folder and what is in it. */
function withContents(pattern: string): GlobMatcher {
  const bare = pattern.replace(/\/+$/, '');
  const itself = compileGlob(bare);
  if (bare.endsWith('**')) return itself;
  const contents = compileGlob(`${bare.includes('/') ? bare : `**/${bare}`}/**`);
  return (path) => itself(path) || contents(path);
}
