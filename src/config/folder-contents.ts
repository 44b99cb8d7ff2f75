import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import type { FolderItem } from './folder-items.js';
import { type LoadedConfig, loadConfig } from './load.js';
import { ancestors, realDirectory } from './workspace-root.js';

/** What trust of a folder is about. */
export interface FolderContents {
  /** Everything the folder would bring and the user has not confirmed. */
  readonly items: readonly FolderItem[];
  /** Files of instructions that are text without authority until the folder is trusted. */
  readonly instructions: readonly string[];
}

/** What a folder would bring, found without running anything of it. Throws `ConfigError` for settings that are broken. */
export async function folderContents(
  options: Pick<Parameters<typeof loadConfig>[0], 'cwd' | 'environment'>,
): Promise<FolderContents> {
  return contentsOf(await loadConfig(options), options.cwd);
}

/** The same, of settings that were loaded already. */
export function contentsOf(
  { unconfirmed, trusted, workspaceRoot }: LoadedConfig,
  cwd: string,
): FolderContents {
  return {
    items: unconfirmed,
    instructions: trusted ? [] : instructionFiles(realDirectory(cwd), workspaceRoot),
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
