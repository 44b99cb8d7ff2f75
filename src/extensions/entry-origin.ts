import type { LoadedConfig, Origin } from '../config/load.js';

/** Where an extension is named; an item of a list stands on a line of its own. */
export function originOfEntry(config: LoadedConfig, key: string): Origin | undefined {
  const [, list, index] = /^(.*)\.(\d+)$/.exec(key) ?? [];
  const own = config.origins[key];
  if (own || list === undefined) return own;
  const origin = config.origins[list];
  const layer = config.layers.find(({ file }) => file !== undefined && file === origin?.file);
  const line = layer?.lineOf?.([list, Number(index)]);
  return origin && { ...origin, ...(line === undefined ? {} : { line }) };
}

/** `file:line` of the setting that names an extension, as far as it stands in a file. */
export function placeOf(config: LoadedConfig, key: string): string | undefined {
  const origin = originOfEntry(config, key);
  if (origin?.file === undefined) return origin?.variable;
  return [origin.file, origin.line].filter((part) => part !== undefined).join(':');
}
