import { isRecord } from '../core/is-record.js';
import { originOf } from './changed-settings.js';
import { formatKey } from './key-path.js';
import { maskSecrets } from './mask-secrets.js';
import type { Origin } from './merge.js';
import type { Settings } from './schema.js';

/** One setting that holds, for people to read: what may be a secret in its value is masked. */
export interface SettingRow {
  /** Dotted. */
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
}

/** Every setting that holds, and where it comes from; a list is one value. */
export function settingRows(loaded: {
  readonly settings: Settings;
  readonly origins: Readonly<Record<string, Origin>>;
}): SettingRow[] {
  const shown = maskSecrets(loaded.settings) as Readonly<Record<string, unknown>>;
  return leaves(shown).map(([key, value]) => ({
    key,
    value,
    origin: originOf(loaded, key) ?? { layer: 'defaults' },
  }));
}

/** `compaction.threshold = 0.8`. */
export function shownSetting({ key, value }: SettingRow): string {
  return `${key} = ${JSON.stringify(value)}`;
}

/** `project /work/.victorrc:4`, `environment VICTOR_MODEL`, `defaults`. */
export function shownOrigin({ layer, variable, file, line }: Origin): string {
  return [layer, variable, [file, line].filter(Boolean).join(':')].filter(Boolean).join(' ');
}

function leaves(value: Readonly<Record<string, unknown>>, path: readonly string[] = []): [string, unknown][] {
  return Object.entries(value).flatMap(([key, one]): [string, unknown][] => {
    if (one === undefined) return [];
    const here = [...path, key];
    const isBranch = isRecord(one) && Object.keys(one).length > 0;
    return isBranch ? leaves(one, here) : [[formatKey(here), one]];
  });
}
