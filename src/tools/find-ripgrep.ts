import { access, constants } from 'node:fs/promises';
import { findProgram } from './find-program.js';

/** The ripgrep to use: the one that came with Victor, else the user's own; `undefined` when there is none. */
export async function findRipgrep(
  environment: NodeJS.ProcessEnv,
  workspace: string,
): Promise<string | undefined> {
  try {
    const { rgPath } = await import('@vscode/ripgrep');
    await access(rgPath, constants.X_OK);
    return rgPath;
  } catch {
    return findProgram('rg', environment.PATH, workspace);
  }
}

/** How the search tools get it; tests and hosts may give another way, or none. */
export type RipgrepFinder = typeof findRipgrep;

/** Arguments of every call: no configuration of the user, hidden files too, git's ignore rules also without git. */
export const ripgrepArguments = [
  '--no-config',
  '--no-require-git',
  '--hidden',
  '--glob=!.git',
  '--color=never',
  '--null',
] as const;
