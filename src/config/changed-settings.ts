import { formatKey } from './key-path.js';
import type { LoadedConfig, Origin } from './load.js';
import { isPlainObject } from './plain.js';
import { shownValue } from './shown-value.js';

/** One setting that has another value than before; the values are shortened, and secrets in them masked. */
export interface SettingChange {
  /** Dotted. */
  readonly key: string;
  readonly from: string;
  readonly to: string;
  /** Where the new value stands; absent for a default. Absolute. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
}

type Loaded = Pick<LoadedConfig, 'settings' | 'origins'>;

/** What holds now and did not before, key by key; a list is one value. */
export function changedSettings(before: Loaded, after: Loaded): SettingChange[] {
  const old = new Map(leaves(before.settings));
  const now = new Map(leaves(after.settings));
  const keys = new Set([...old.keys(), ...now.keys()]);
  return [...keys].flatMap((key): SettingChange[] => {
    const [from, to] = [old.get(key), now.get(key)];
    if (JSON.stringify(from) === JSON.stringify(to)) return [];
    const { file, line } = originOf(after, key) ?? {};
    return [
      {
        key,
        from: shownValue(from, key),
        to: shownValue(to, key),
        ...(file === undefined ? {} : { file }),
        ...(line === undefined ? {} : { line }),
      },
    ];
  });
}

/** Where a value came from: its own origin, or that of the whole which it is part of. */
export function originOf({ origins }: Pick<LoadedConfig, 'origins'>, key: string): Origin | undefined {
  for (let known = key; known !== ''; known = known.replace(/(^|\.|\[)[^.[]*$/, '')) {
    const origin = origins[known];
    if (origin) return origin;
  }
  return undefined;
}

/** Every value that is no object with keys, by its dotted key. */
function leaves(value: object, path: readonly string[] = []): [string, unknown][] {
  return Object.entries(value).flatMap(([key, one]): [string, unknown][] => {
    if (one === undefined) return [];
    const here = [...path, key];
    if (isPlainObject(one) && Object.keys(one).length > 0) return leaves(one, here);
    if (isPlainObject(one)) return [];
    return [[formatKey(here), one]];
  });
}
