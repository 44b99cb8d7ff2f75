import { homedir } from 'node:os';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { compileGlob, compilePath, type GlobMatcher } from '../tools/glob-pattern.js';

/** Whether an absolute path is one that a rule names, seen from the folders of the workspace. */
export type PathMatcher = (path: string, roots: readonly string[]) => boolean;

/**
 * `src/**` starts at the folders of the workspace, `*.md` is a name at any depth, `/…` and `~/…` are whole paths. A
 * folder's name means what is in it too. A rule that refuses does not tell upper from lower case, because some file
 * systems do not either.
 */
export function compilePathPattern(pattern: string, { refuses }: { readonly refuses: boolean }): PathMatcher {
  const fold = (text: string) => (refuses ? text.normalize('NFC').toLowerCase() : text);
  const whole = pattern.startsWith('~/') ? resolve(homedir(), pattern.slice(2)) : pattern;
  if (isAbsolute(whole)) {
    const bare = fold(whole).replace(/(?<=.)\/+$/, '');
    const itself = compilePath(bare);
    const contents = compilePath(`${bare}/**`);
    return (path) => itself(fold(path)) || contents(fold(path));
  }
  const matches = withContents(fold(pattern));
  return (path, roots) =>
    roots.some((root) => {
      const inside = relative(root, path);
      return inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && matches(fold(inside));
    });
}

/** `src/` and `src` name the folder and what is in it. */
function withContents(pattern: string): GlobMatcher {
  const bare = pattern.replace(/\/+$/, '');
  const itself = compileGlob(bare);
  if (bare.endsWith('**')) return itself;
  const contents = compileGlob(`${bare.includes('/') ? bare : `**/${bare}`}/**`);
  return (path) => itself(path) || contents(path);
}
