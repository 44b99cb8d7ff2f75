import { resolve } from 'node:path';
import type { HookGroup } from './hook-settings.js';
import { serverCode } from './server-code.js';
import { findWorkspaceRoot, isInside, realDirectory } from './workspace-root.js';

type Group = { readonly [Key in keyof HookGroup]: HookGroup[Key] | Readonly<HookGroup[Key]> };

/**
 * Hashes of the files that a hook's command names, as those of a server's program are: seen from the folder of its settings,
 * where it runs, and from those that it changes to; scripts that those run are followed. `undefined` where that is too much to tell one state of it from another.
 */
export function hookCode(
  command: string,
  folder: string,
  onFile?: (path: string) => void,
): readonly string[] | undefined {
  const words = wordsOf(command);
  const changes = words.flatMap((word, index) => (words[index - 1] === 'cd' ? resolve(folder, word) : []));
  const folders = [folder, ...changes];
  const scripts = { folders, root: findWorkspaceRoot(realDirectory(folder)) };
  const hashes = folders.map((from) =>
    serverCode({ command: 'bash', args: words }, from, { scripts, onFile }),
  );
  return hashes.every((hash) => hash !== undefined) ? hashes.flat() : undefined;
}

/** The files of the workspace that those hashes are of; real paths. */
export function hookFiles(command: string, folder: string): readonly string[] {
  const files = new Set<string>();
  const root = findWorkspaceRoot(realDirectory(folder));
  hookCode(command, folder, (path) => {
    if (isInside(path, root)) files.add(path);
  });
  return [...files];
}

/** The words of a command line as a shell would make them, as far as that can be told; from the folder of the hook. */
function wordsOf(command: string): string[] {
  const line = command.replaceAll(/\$(?:VICTOR_PROJECT_DIR\b|\{VICTOR_PROJECT_DIR\})/g, '.');
  const words = line.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\\.|[^\s"'\\;|&()<>])+/gs) ?? [];
  return [line, ...words.map((word) => word.replaceAll(/\\(.)|["']/gs, '$1'))];
}

/** The same for all hooks of one event. */
export function hooksCode(groups: readonly Group[], folder: string): readonly string[] | undefined {
  const hashes = groups.flatMap(({ hooks }) => hooks.map(({ command }) => hookCode(command, folder)));
  return hashes.every((hash) => hash !== undefined) ? hashes.flat() : undefined;
}
