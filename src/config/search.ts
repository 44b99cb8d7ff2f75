import { join } from 'node:path';
import { ConfigError } from '../core/errors.js';
import { type ConfigFile, MAX_CONFIG_BYTES, readConfigFile } from './config-file.js';
import { existingPlaces, isCode } from './find.js';
import { readRegularFile } from './read-regular-file.js';

export interface SearchOptions {
  /** Nearest first; the first folder with settings counts. */
  readonly directories: readonly string[];
  readonly places: readonly string[];
  /** Whether settings that are code may run. Asked only for a file that is there. */
  readonly runCode: (file: string) => boolean;
  /** Real path of the folder that symbolic links may not leave. */
  readonly within?: string;
  /** Refuse a file that another user owns or may write. */
  readonly ownedByUser?: boolean;
}

export interface SearchResult {
  readonly found?: ConfigFile;
  /** Files that are code and did not run. */
  readonly notRun: readonly string[];
  /** Files in the folder of `found` that do not count because it comes first. */
  readonly shadowed: readonly string[];
}

/** Looks for a settings file. Costs a few lstat calls, and loads neither cosmiconfig nor a parser, where there is none. */
export async function searchConfigFile(options: SearchOptions): Promise<SearchResult> {
  const notRun: string[] = [];
  for (const directory of options.directories) {
    const places = existingPlaces(directory, options.places);
    const usable = places.filter((place) => !isCode(place) || options.runCode(join(directory, place)));
    notRun.push(...places.filter((place) => !usable.includes(place)).map((place) => join(directory, place)));
    if (usable.length === 0) continue;
    for (const place of usable) checkReadable(join(directory, place), options);
    const { searchDirectory } = await import('./cosmiconfig-search.js');
    const found = await searchDirectory(directory, usable, (file) =>
      readConfigFile(file, { ...options, runCode: isCode(file) && options.runCode(file) }),
    );
    if (!found) continue;
    const shadowed = usable.map((place) => join(directory, place)).filter((file) => file !== found.file);
    return { found, notRun, shadowed };
  }
  return { notRun, shadowed: [] };
}

/** cosmiconfig would wait for a pipe for ever, and pass over what it may not read. */
function checkReadable(file: string, options: SearchOptions): void {
  const read = readRegularFile(file, { ...options, maxBytes: MAX_CONFIG_BYTES });
  if (!read.ok) throw new ConfigError(`${file} ${read.reason}`, { advice: read.advice, file });
}
