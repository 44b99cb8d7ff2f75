import { cells } from './break-rows.js';
import { keyLabel } from './key-names.js';
import { keyTable } from './key-table.js';

/** The keys that do one thing, and what that is. */
export interface Shortcut {
  readonly keys: string;
  readonly says: string;
}

/** All of the input's keys in words, from the table that binds them. */
export function shortcuts(): readonly Shortcut[] {
  const rows: { keys: string[]; says: string }[] = [];
  for (const { keys, says } of keyTable) {
    const last = rows.at(-1);
    const labels = keys.map(keyLabel);
    if (last?.says === says) last.keys.push(...labels);
    else rows.push({ keys: labels, says });
  }
  return rows.map(({ keys, says }) => ({ keys: keys.join(', '), says }));
}

/** The same as lines with two columns. */
export function shortcutLines(): string[] {
  const rows = shortcuts();
  const width = Math.max(...rows.map(({ keys }) => cells(keys)));
  return rows.map(({ keys, says }) => `${keys.padEnd(width)}  ${says}`);
}
