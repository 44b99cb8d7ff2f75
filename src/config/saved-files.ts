import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, statSync, watch } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isHeldName } from '../core/held-name.js';
import { existingPlaces, isCode, searchPlaces, userSearchPlaces } from './find.js';
import { type LoadedConfig, settingsSearches } from './load.js';
import { mcpFileName } from './mcp-file.js';

/** Every path where a settings file counts, or would if there were one. All absolute. */
export function settingsPlaces(config: LoadedConfig, cwd: string): string[] {
  const { configDirectory, trustFile } = config.paths;
  const project = projectDirectories(config, cwd).flatMap((directory) =>
    [...searchPlaces, mcpFileName].map((place) => join(directory, place)),
  );
  return [trustFile, ...userSearchPlaces.map((place) => join(configDirectory, place)), ...project];
}

/** Settings files of the project that are programs: to read one is to run it. */
export function projectCode(config: LoadedConfig, cwd: string): string[] {
  return projectDirectories(config, cwd).flatMap((directory) =>
    existingPlaces(directory, searchPlaces.filter(isCode)).map((place) => join(directory, place)),
  );
}

function projectDirectories(config: LoadedConfig, cwd: string): readonly string[] {
  return settingsSearches({ ...config, cwd, runCode: () => false }).project.directories;
}

/** Differs as soon as one of these files was written, replaced or removed. Costs one stat a file. */
export function fingerprint(files: readonly string[]): string {
  return files
    .map((file) => {
      try {
        const stats = statSync(file, { throwIfNoEntry: false });
        return stats && !isHeldName(file, stats) ? `${stats.ino}:${stats.size}:${stats.mtimeMs}` : '';
      } catch {
        return '?';
      }
    })
    .join('|');
}

/** What a file holds, as a hash; empty for what cannot be read. */
export function contentHash(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return '';
  }
}

/** Editors write in several steps, and a save may touch several files: one call for all of them. */
const QUIET_MS = 80;

/**
 * Calls back soon after one of these files was saved. It watches folders, because editors replace files; a folder that
 * cannot be watched is passed over. Keeps no process alive. Answers the way to stop.
 */
export function watchFiles(files: readonly string[], onSave: () => void): () => void {
  const names = new Map<string, Set<string>>();
  for (const file of files) {
    const inside = names.get(dirname(file)) ?? new Set();
    names.set(dirname(file), inside.add(basename(file)));
  }
  let timer: NodeJS.Timeout | undefined;
  const watchers = [...names].flatMap(([directory, inside]): FSWatcher[] => {
    try {
      const watcher = watch(directory, { persistent: false }, (_, name) => {
        if (name !== null && !inside.has(name)) return;
        clearTimeout(timer);
        timer = setTimeout(onSave, QUIET_MS).unref();
      });
      return [watcher.on('error', () => watcher.close())];
    } catch {
      return [];
    }
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
