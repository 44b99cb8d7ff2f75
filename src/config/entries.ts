import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Entry, PartialSettings } from './schema.js';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

export function entryName(entry: Entry): string {
  return typeof entry === 'string' ? entry : entry[0];
}

/** A file, as opposed to the name of a built-in or a package. */
export function isPath(name: string): boolean {
  return /^\.{1,2}([\\/]|$)/.test(name) || name.startsWith('~/') || isAbsolute(name);
}

/** Makes every relative path in a layer absolute, from the folder of its file, so that later layers cannot move it. */
export function anchorPaths(settings: PartialSettings, directory: string): PartialSettings {
  const path = (text: string) =>
    text.startsWith('~/') ? join(homedir(), text.slice(2)) : resolve(directory, text);
  const entry = (one: Entry): Entry => {
    const name = entryName(one);
    if (!isPath(name)) return one;
    return typeof one === 'string' ? path(name) : [path(name), one[1]];
  };
  const anchored: Mutable<PartialSettings> = { ...settings };
  if (settings.provider) anchored.provider = entry(settings.provider);
  for (const key of ['contributors', 'configProviders', 'exporters', 'tools'] as const) {
    if (settings[key]) anchored[key] = settings[key].map(entry);
  }
  for (const key of ['compaction', 'toolSelection'] as const) {
    const section = settings[key];
    if (section?.strategy) anchored[key] = { ...section, strategy: entry(section.strategy) };
  }
  if (settings.coordinators) {
    const all = Object.entries(settings.coordinators).filter(
      (pair): pair is [string, Entry] => pair[1] !== undefined,
    );
    anchored.coordinators = Object.fromEntries(all.map(([name, one]) => [name, entry(one)]));
  }
  if (settings.mcpServers) {
    const servers = Object.entries(settings.mcpServers).map(([name, one]) =>
      'command' in one && one.cwd !== undefined ? [name, { ...one, cwd: path(one.cwd) }] : [name, one],
    );
    anchored.mcpServers = Object.fromEntries(servers);
  }
  if (settings.apiKeyFile) anchored.apiKeyFile = path(settings.apiKeyFile);
  if (settings.additionalDirectories)
    anchored.additionalDirectories = settings.additionalDirectories.map(path);
  return anchored;
}

/** Everything that settings name, by key; of lists by the key of the list. */
export function* namedExtensions(given: PartialSettings): Iterable<[string, Entry]> {
  if (given.provider) yield ['provider', given.provider];
  if (given.compaction?.strategy) yield ['compaction.strategy', given.compaction.strategy];
  if (given.toolSelection?.strategy) yield ['toolSelection.strategy', given.toolSelection.strategy];
  for (const key of ['contributors', 'configProviders', 'exporters', 'tools'] as const) {
    for (const entry of given[key] ?? []) yield [key, entry];
  }
  for (const [name, entry] of Object.entries(given.coordinators ?? {})) {
    if (entry) yield [`coordinators.${name}`, entry];
  }
}
