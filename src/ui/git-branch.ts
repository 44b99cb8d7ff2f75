import { dirname, join, resolve } from 'node:path';
import { readRegularFile } from '../config/read-regular-file.js';

const MOST_BYTES = 4_096;

/**
 * The branch that the repository around a folder is on, or the beginning of the commit where it is on none; empty where
 * there is no repository. Reads two small files at most and starts no program.
 */
export function readBranch(folder: string): string {
  const head = headOf(folder);
  if (head === undefined) return '';
  const [, branch] = /^ref: refs\/heads\/(\S+)$/.exec(head) ?? [];
  // What keeps its references in tables says so with a name that no branch can have.
  if (branch !== undefined) return branch === '.invalid' ? '' : branch;
  return /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(head) ? head.slice(0, 8) : '';
}

/** The line in HEAD of the nearest repository upwards. */
function headOf(folder: string): string | undefined {
  for (let directory = folder; ; directory = dirname(directory)) {
    const git = join(directory, '.git');
    const head = lineOf(join(git, 'HEAD')) ?? headOfWorktree(git, directory);
    if (head !== undefined) return head;
    if (dirname(directory) === directory) return undefined;
  }
}

/** A worktree and a submodule have a file there that names where the rest is. */
function headOfWorktree(file: string, directory: string): string | undefined {
  const [, path] = /^gitdir: (.+)$/.exec(lineOf(file) ?? '') ?? [];
  return path === undefined ? undefined : lineOf(join(resolve(directory, path), 'HEAD'));
}

function lineOf(file: string): string | undefined {
  const read = readRegularFile(file, { maxBytes: MOST_BYTES });
  return read.ok ? read.text.split('\n', 1)[0]!.trim() : undefined;
}
