import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { describeItem, type FolderItem } from './folder-items.js';
import { describePrompts, type FolderPrompts, folderPrompts } from './folder-prompts.js';
import { type LoadedConfig, loadConfig } from './load.js';
import { ancestors, realDirectory } from './workspace-root.js';

/** What trust of a folder is about. */
export interface FolderContents {
  /** Everything the folder would bring and the user has not confirmed. */
  readonly items: readonly FolderItem[];
  /** Files of instructions that are text without authority until the folder is trusted. */
  readonly instructions: readonly string[];
  /** Its skills, commands and agents, which nothing takes from it until then. */
  readonly prompts: readonly FolderPrompts[];
}

/** A file or folder, absolute, and what it is. */
export interface ContentLine {
  readonly file: string;
  readonly text: string;
}

/** What a folder would bring, found without running anything of it. Throws `ConfigError` for settings that are broken. */
export async function folderContents(
  options: Pick<Parameters<typeof loadConfig>[0], 'cwd' | 'environment'>,
): Promise<FolderContents> {
  return contentsOf(await loadConfig(options), options.cwd);
}

/** Each thing that a folder would bring, as the user is told of it. */
export function linesOf({ items, instructions, prompts }: FolderContents): readonly ContentLine[] {
  return [
    ...items.map((item) => ({ file: item.file, text: describeItem(item) })),
    ...prompts.map((one) => ({ file: one.directory, text: describePrompts(one) })),
    ...instructions.map((file) => ({ file, text: 'instructions that the model follows' })),
  ];
}

/** The same, of settings that were loaded already. */
export function contentsOf(
  { unconfirmed, trusted, workspaceRoot, environment }: LoadedConfig,
  directory: string,
): FolderContents {
  const cwd = realDirectory(directory);
  return {
    items: unconfirmed,
    instructions: trusted ? [] : instructionFiles(cwd, workspaceRoot),
    prompts: trusted ? [] : folderPrompts({ cwd, workspaceRoot, environment }),
  };
}

/** The one file of each folder, from the workspace down to here, that the prompt takes instructions from. */
function instructionFiles(cwd: string, workspaceRoot: string): string[] {
  return ancestors(cwd, workspaceRoot)
    .reverse()
    .flatMap(
      (directory) => ['AGENTS.md', 'CLAUDE.md'].map((name) => join(directory, name)).find(isThere) ?? [],
    );
}

function isThere(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
