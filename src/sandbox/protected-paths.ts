import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { isInside } from '../config/workspace-root.js';

/** What a command may not change in a folder that it may write. */
export interface Protection {
  readonly readOnly: readonly string[];
  readonly pinned: readonly string[];
  /** Folders that must look empty and stay so. */
  readonly empty: readonly string[];
  /** After the last process has ended: moves aside what the command made under a protected name, and tells. */
  release(): string[];
}

/** What Victor and git read as settings, by folder: it could make them run something. */
const protectedNames: readonly (readonly [folder: string, names: RegExp])[] = [
  ['', /^(?:\.victorrc.*|victor\.config\..+|\.victor)$/i],
  ['.config', /^config\..+$/i],
  ['.git', /^(?:config|config\.worktree|commondir|hooks|modules)$/i],
];

/** How many running commands need the empty `.git` that was made in a folder. */
const placeholders = new Map<string, number>();

/**
 * Protects a writable folder, a real path. What is there becomes read-only. What is missing cannot be: a mount would need
 * a file of that name outside too, which another Victor or a file watcher would take for real. So it is looked for
 * afterwards, when nothing of the command is left. A missing repository alone is held by an empty folder, which git ignores.
 */
export function protect(folder: string): Protection {
  const git = join(folder, '.git');
  const gitKind = kindOf(git);
  const empty = gitKind === 'missing' || (gitKind === 'folder' && namesIn(git).length === 0) ? [git] : [];
  const releaseGit = gitKind === 'missing' || placeholders.has(git) ? holdPlaceholder(git) : () => {};
  if (gitKind === 'folder' && empty.length === 0)
    for (const name of ['hooks', 'modules']) makeFolder(join(git, name));
  const before = empty.length > 0 ? protectedNames.slice(0, 2) : protectedNames;
  const known = new Map(before.flatMap(([name, names]) => entries(folder, name, names)));
  const folders = protectedNames
    .map(([name]) => join(folder, name))
    .filter((one) => kindOf(one) === 'folder');
  return {
    readOnly: [
      ...(gitKind === 'file' || gitKind === 'link' ? realInside(git, folder) : []),
      ...[...known].flatMap(([path]) => realInside(path, folder)),
    ],
    // A folder that is a mount cannot be renamed, so nobody puts another in its place.
    pinned: folders.filter((one) => one !== folder && !empty.includes(one)),
    empty,
    release() {
      const made = before.flatMap(([name, names]) => entries(folder, name, names));
      const told = made.flatMap(([path, link]) => {
        if (known.has(path) && known.get(path) === link) return [];
        return [moveAside(path)];
      });
      for (const [path, link] of known) restoreLink(path, link);
      releaseGit();
      return told;
    },
  };
}

/** The protected names that exist in one folder, each with where it points when it is a link. */
function entries(root: string, name: string, names: RegExp): [path: string, link: string | undefined][] {
  const folder = join(root, name);
  // Through a link a command could have us move what lies elsewhere.
  if (kindOf(folder) !== 'folder') return [];
  return namesIn(folder)
    .filter((one) => names.test(one))
    .map((one) => join(folder, one))
    .map((path) => [path, kindOf(path) === 'link' ? readlinkSync(path) : undefined]);
}

function moveAside(path: string): string {
  const name = path.replace(/\/([^/]+)$/, (_, last) => `/from-command-${Date.now()}-${last}`);
  try {
    renameSync(path, name);
  } catch (error) {
    return `${path} was made by this command, which is not allowed, and could not be moved: ${(error as Error).message}. Ask the user to remove it.`;
  }
  return `${path} must not be made by a command, so it was moved to ${name}. Use Write, which asks the user.`;
}

function restoreLink(path: string, link: string | undefined): void {
  if (link === undefined || kindOf(path) !== 'missing') return;
  symlinkSync(link, path);
}

function holdPlaceholder(git: string): () => void {
  placeholders.set(git, (placeholders.get(git) ?? 0) + 1);
  makeFolder(git);
  return () => {
    const left = placeholders.get(git)! - 1;
    if (left > 0) return void placeholders.set(git, left);
    placeholders.delete(git);
    try {
      rmdirSync(git);
    } catch {
      // Somebody outside has made a repository meanwhile.
    }
  };
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch {
    // It is there, or nobody may make it here, the command included.
  }
}

function realInside(path: string, folder: string): string[] {
  try {
    const real = realpathSync.native(path);
    return isInside(real, folder) ? [real] : [];
  } catch {
    return [];
  }
}

/** A folder that may not be read hides nothing from us that git or Victor would read. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function kindOf(path: string): 'missing' | 'folder' | 'link' | 'file' {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return 'missing';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'file';
}
