import { type Dirent, existsSync, opendirSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { homeDirectory } from './paths.js';
import { promptFolders } from './prompt-folders.js';
import { ancestors, isInside } from './workspace-root.js';

type Kind = keyof typeof promptFolders;

/** A folder of skills, commands or agents that a project brings, as far as its names tell. */
export interface FolderPrompts {
  readonly kind: Kind;
  /** Absolute. */
  readonly directory: string;
  /** As they are called; from outside, so not safe to show as they are. */
  readonly names: readonly string[];
}

interface Where {
  /** Real path. */
  readonly cwd: string;
  readonly workspaceRoot: string;
  readonly environment: NodeJS.ProcessEnv;
}

const MOST_ENTRIES = 500;
const MOST_FOLDERS = 100;
const MOST_DEPTH = 4;
const MOST_NAMES = 12;
const part = /^[a-z][a-z0-9_-]*$/i;

/** What a folder would bring in files for the model, found by names alone: nothing is read. */
export function folderPrompts({ cwd, workspaceRoot, environment }: Where): readonly FolderPrompts[] {
  const home = homeDirectory(environment);
  const folders = isInside(cwd, workspaceRoot) ? ancestors(cwd, workspaceRoot) : [cwd];
  const places: (readonly [Kind, string])[] = [
    ...folders.flatMap((folder) => placesIn(folder, ['skills', 'commands'])),
    ...placesIn(workspaceRoot, ['agents']),
  ];
  return places.flatMap(([kind, directory]) => {
    // Whoever works in their home folder has these as their own.
    const own = kind !== 'commands' && promptFolders[kind].some((name) => directory === join(home, name));
    if (own || !staysInside(directory, workspaceRoot)) return [];
    const names = namesIn[kind](directory);
    return names.length === 0 ? [] : [{ kind, directory, names }];
  });
}

const purposes: Readonly<Record<Kind, readonly [one: string, several: string]>> = {
  skills: ['skill that the model may load', 'skills that the model may load'],
  commands: ['command that you may call', 'commands that you may call'],
  agents: ['agent that the model may hand jobs to', 'agents that the model may hand jobs to'],
};

/** How many there are, what for, and all of their names: nothing hides behind a cut. */
export function describePrompts({ kind, names }: FolderPrompts): string {
  const [one, several] = purposes[kind];
  return `${names.length} ${names.length === 1 ? one : several}: ${listed(names)}`;
}

/** One line for all that is not used, where there is any. */
export function promptsNotice(where: Where): readonly string[] {
  const { workspaceRoot } = where;
  const all = folderPrompts(where);
  if (all.length === 0) return [];
  const each = all.map(
    ({ kind, directory, names }) =>
      `${relative(workspaceRoot, directory)} (${names.length === 1 ? kind.replace(/s$/, '') : `${names.length} ${kind}`}: ${listed(names, MOST_NAMES)})`,
  );
  return [
    `${workspaceRoot}: not used until this folder is trusted: ${each.join(', ')}. Run \`victor trust\` (or pass --trust) to use them.`,
  ];
}

/** A name that is no word is quoted, so that none looks like several, or like a sentence. */
function listed(names: readonly string[], most = Number.POSITIVE_INFINITY): string {
  const some = names
    .slice(0, most)
    .map((name) => (/^[\p{L}\p{N}_./:@-]+$/u.test(name) ? name : JSON.stringify(name)));
  return `${some.join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`;
}

function placesIn(folder: string, kinds: readonly Kind[]): (readonly [Kind, string])[] {
  return kinds.flatMap((kind) =>
    promptFolders[kind].map((name): readonly [Kind, string] => [kind, join(folder, name)]),
  );
}

const namesIn: Readonly<Record<Kind, (directory: string) => readonly string[]>> = {
  skills: (directory) =>
    entriesOf(directory)
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('.') && existsSync(join(directory, name, 'SKILL.md'))),
  commands: commandsIn,
  agents: (directory) =>
    entriesOf(directory)
      .filter(({ name }) => name.endsWith('.md'))
      .map(({ name }) => name.slice(0, -3)),
};

/** Folders within folders are bounded as one: nobody vouches for what is looked at. */
function commandsIn(directory: string): readonly string[] {
  const names: string[] = [];
  const waiting: string[][] = [[]];
  for (let looked = 0; looked < MOST_FOLDERS && names.length < MOST_ENTRIES; looked += 1) {
    const above = waiting.shift();
    if (!above) break;
    for (const entry of entriesOf(join(directory, ...above))) {
      const [, name = ''] = /^(.*)\.md$/i.exec(entry.name) ?? [];
      if (!entry.isDirectory() && part.test(name)) names.push(`/${[...above, name].join(':').toLowerCase()}`);
      else if (entry.isDirectory() && part.test(entry.name) && above.length < MOST_DEPTH - 1)
        waiting.push([...above, entry.name]);
    }
  }
  return names.slice(0, MOST_ENTRIES);
}

/** In order of their names, as far as a folder is not full beyond all measure. */
function entriesOf(directory: string): readonly Dirent[] {
  const entries: Dirent[] = [];
  try {
    const folder = opendirSync(directory);
    try {
      for (let entry = folder.readSync(); entry && entries.length < MOST_ENTRIES; entry = folder.readSync())
        entries.push(entry);
    } finally {
      folder.closeSync();
    }
  } catch {
    // Hardly any folder has one.
  }
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function staysInside(directory: string, workspaceRoot: string): boolean {
  try {
    return isInside(realpathSync.native(directory), workspaceRoot);
  } catch {
    return false;
  }
}
