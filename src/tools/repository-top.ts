import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { isHeldName } from '../core/held-name.js';
import { FileError } from './file-error.js';
import { existingPath } from './resolve-path.js';
import { readWholeFile } from './text-file.js';

/**
 * The folder that holds `.git`, from `directory` upwards. Throws `FileError` when there is none, or when `.git`
 * leads to a repository that knows nothing of this folder: an archive could name somebody else's repository
 * there, and a diff would show what is in it.
 */
export async function repositoryTop(directory: string): Promise<string> {
  for (let current = await existingPath('.', { cwd: directory }); ; current = dirname(current)) {
    const found = await lstat(join(current, '.git')).catch(() => undefined);
    if (found && !isHeldName(join(current, '.git'), found)) {
      if (await belongs(current, found)) return current;
      throw new FileError(
        'link',
        `${join(current, '.git')} leads to a repository that is not this folder's.`,
        {
          advice: 'Use Bash with git, which asks the user, if that is meant.',
        },
      );
    }
    if (current === dirname(current)) {
      throw new FileError('missing', 'This is not a git repository.', {
        advice: 'Use List, Glob and Grep instead.',
      });
    }
  }
}

/**
 * Throws `FileError` where git, run in `directory`, would find a bare repository before any `.git`: an archive may bring one
 * among its files, with settings, and git before 2.38 cannot be told to pass over it.
 */
export async function refuseBareRepository(directory: string): Promise<void> {
  for (let current = await existingPath('.', { cwd: directory }); ; current = dirname(current)) {
    const git = join(current, '.git');
    const found = await stat(git).catch(() => undefined);
    // It passes over a folder of that name that is no repository.
    if (found?.isFile() || (found && (await looksBare(git)))) return;
    if (await looksBare(current))
      throw new FileError('link', `${current} is a repository without a folder of its own to work in.`, {
        advice: 'Use Bash with git, which asks the user, if that is meant.',
      });
    if (current === dirname(current)) return;
  }
}

/** Whether git may take a folder itself for what is in a `.git`. */
async function looksBare(folder: string): Promise<boolean> {
  const has = (name: string) => exists(join(folder, name));
  if (!(await has('HEAD'))) return false;
  return (await has('commondir')) || ((await has('objects')) && (await has('refs')));
}

async function belongs(top: string, entry: { isDirectory(): boolean; isFile(): boolean }): Promise<boolean> {
  const path = join(top, '.git');
  // Only the folder of a linked worktree has its objects and branches in another one. The sandbox may say that they are here.
  if (entry.isDirectory()) {
    const shared = join(path, 'commondir');
    return !(await exists(shared)) || (await target(shared, /^(.+)$/m)) === (await realpath(path));
  }
  if (!entry.isFile()) return isInside(await realpath(path).catch(() => ''), top);
  const gitDirectory = await target(path, /^gitdir: (.+)$/m);
  if (gitDirectory === undefined) return false;
  const back = await target(join(gitDirectory, 'gitdir'), /^(.+)$/m);
  return back === path || isSubmodule(gitDirectory, top);
}

/** The real path that a small text file of git names. */
async function target(file: string, pattern: RegExp): Promise<string | undefined> {
  try {
    const { bytes } = await readWholeFile(await realpath(file), file);
    const named = pattern.exec(bytes.toString('utf8'))?.[1]?.trim();
    return named === undefined ? undefined : await realpath(resolve(dirname(file), named));
  } catch {
    return undefined;
  }
}

function isSubmodule(gitDirectory: string, top: string): boolean {
  const modules = gitDirectory.lastIndexOf(`${sep}.git${sep}modules${sep}`);
  return modules >= 0 && isInside(top, gitDirectory.slice(0, modules));
}

function isInside(path: string, directory: string): boolean {
  return path.startsWith(`${directory}${sep}`);
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
