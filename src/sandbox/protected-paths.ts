import {
  lstatSync,
  mkdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  type Stats,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { searchPlaces } from '../config/find.js';
import { isInside } from '../config/workspace-root.js';
import { isHeldName } from '../core/held-name.js';
import { heldFileNames, isHeldFile, makeHeldFiles, removeHeldFiles } from './held-files.js';
import { endHold, holdNames } from './held-names.js';
import { namesIn, spareFoldersIn } from './spare-folders.js';

/** What a command may not change in a folder that it may write. */
export interface Protection {
  readonly readOnly: readonly string[];
  readonly pinned: readonly string[];
  /** Names under which nothing may be made. */
  readonly denied: readonly string[];
  /**
   * After the last process has ended: moves aside what the command made under a protected name, and tells. What is in a
   * folder that the command could not reach is not moved.
   */
  release(): string[];
}

export interface ProtectOptions {
  /** Whether a path is denied by mounting over it, so that something must be there. */
  readonly byMount: boolean;
  /** Victor's own, for what is used again. */
  readonly dataDirectory: string | undefined;
}

/** Beside what else a project keeps there, agents and skills: the model obeys what they say. */
const agentFolders = ['.agents', '.claude'];
const agentNames = ['agents', 'skills'];

/** What Victor and git read as settings, by folder: it could make them run something. */
const protectedNames: readonly (readonly [folder: string, names: RegExp])[] = [
  ['', /^(?:\.victorrc.*|victor\.config\..+|\.victor)$/i],
  ['.config', /^config\..+$/i],
  ...agentFolders.map((folder) => [folder, /^(?:agents|skills)$/i] as const),
  ['.git', /^(?:config|config\.worktree|commondir|hooks|modules)$/i],
];

/** The names of those that Victor and its loader really read: nothing can be made there, even for a moment. */
const settingsNames = ['.victor', ...searchPlaces.filter((name) => name !== 'package.json')];
const loaderNames = ['json', 'yaml', 'yml', 'js', 'ts', 'mjs', 'cjs'].map((ending) => `config.${ending}`);

/**
 * Protects a writable folder, a real path. What is there becomes read-only. What is missing is denied; where a mount does
 * that (`byMount`) there has to be something to mount over, outside too: a folder that git and Victor pass over, a file
 * inside `.git` that says nothing. A name that is not among those, or that another Victor gave up meanwhile, is looked for
 * afterwards, when nothing of the command is left.
 */
export function protect(folder: string, { byMount, dataDirectory }: ProtectOptions): Protection {
  const spare = spareFoldersIn(byMount ? dataDirectory : undefined);
  if (byMount) for (const name of [...settingsNames, '.config', '.git']) endHold(join(folder, name), spare);
  const git = join(folder, '.git');
  const gitKind = kindOf(git);
  const isRepository = gitKind === 'folder' && namesIn(git).length > 0;
  if (isRepository) for (const name of ['hooks', 'modules']) makeFolder(join(git, name));
  if (isRepository && byMount) makeHeldFiles(git);
  const looked = protectedNames.filter(([name]) => name !== '.git' || isRepository);
  const known = new Map(looked.flatMap(([name, names]) => entries(folder, name, names)));
  const missing = missingNames(folder, isRepository);
  const held = byMount
    ? holdNames(missing, spare)
    : { names: missing, isKept: () => false, release: () => true };
  const folders = protectedNames
    .map(([name]) => join(folder, name))
    .filter((one) => kindOf(one) === 'folder');
  return {
    readOnly: [
      ...(gitKind === 'file' || gitKind === 'link' ? realInside(git, folder) : []),
      ...[...known].flatMap(([path]) => realInside(path, folder)),
      ...linkedAgentFolders(folder),
      ...(isRepository && byMount ? heldFilesIn(git) : []),
    ],
    // A folder that is a mount cannot be renamed, so nobody puts another in its place.
    pinned: folders.filter((one) => one !== folder && (one !== git || isRepository)),
    denied: [...held.names, ...(gitKind === 'folder' && !isRepository ? [git] : [])],
    release() {
      // Whoever else runs commands here needs them too.
      if (held.release() && isRepository && byMount) removeHeldFiles(git);
      const made = looked.flatMap(([name, names]) => entries(folder, name, names));
      const told = made.flatMap(([path, link]) => {
        if (known.has(path) && known.get(path) === link) return [];
        if (held.isKept(path) || held.isKept(dirname(path))) return [];
        return [moveAside(path)];
      });
      for (const [path, link] of known) restoreLink(path, link);
      return told;
    },
  };
}

/**
 * What nothing may be made of. A `.config` (`.agents`) that is not there is denied as a whole, which costs one folder and not eight;
 * in a repository there is nothing left where a mount denies, since files are held there.
 */
function missingNames(folder: string, isRepository: boolean): string[] {
  const hasLoaderFolder = kindOf(join(folder, '.config')) === 'folder';
  return [
    ...settingsNames,
    ...(hasLoaderFolder ? loaderNames.map((name) => join('.config', name)) : ['.config']),
    ...agentFolders.flatMap((name) =>
      kindOf(join(folder, name)) === 'folder' ? agentNames.map((one) => join(name, one)) : [name],
    ),
    ...(isRepository ? heldFileNames.map((name) => join('.git', name)) : ['.git']),
  ]
    .map((name) => join(folder, name))
    .filter((path) => kindOf(path) === 'missing');
}

/** Where such a folder is a link to another of the same one, all of that. */
function linkedAgentFolders(folder: string): string[] {
  const links = agentFolders.map((name) => join(folder, name)).filter((path) => kindOf(path) === 'link');
  return links.flatMap((path) => realInside(path, folder)).filter((real) => real !== folder);
}

function heldFilesIn(git: string): string[] {
  return heldFileNames.filter((name) => isHeldFile(git, name)).map((name) => join(git, name));
}

/** The protected names that exist in one folder, each with where it points when it is a link. */
function entries(root: string, name: string, names: RegExp): [path: string, link: string | undefined][] {
  const folder = join(root, name);
  // Through a link a command could have us move what lies elsewhere.
  if (kindOf(folder) !== 'folder') return [];
  return namesIn(folder)
    .filter((one) => names.test(one) && !(name === '.git' && isHeldFile(folder, one)))
    .map((one) => join(folder, one))
    .filter((path) => kindOf(path) !== 'missing')
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

/** A name that is only held counts as missing. */
function kindOf(path: string): 'missing' | 'folder' | 'link' | 'file' {
  const stats = lstat(path);
  if (!stats || isHeldName(path, stats)) return 'missing';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'file';
}

function lstat(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // A file stands where a folder should.
    return undefined;
  }
}
