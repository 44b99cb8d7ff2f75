import { statSync } from 'node:fs';

/** Other than before once a file has changed; `undefined` where there is none, or nobody may look. */
export function fileStamp(file: string): string | undefined {
  try {
    // Most files are not there, and an error for each would cost more than all the rest.
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats && [stats.mtimeMs, stats.ctimeMs, stats.size, stats.ino].join(' ');
  } catch {
    return undefined;
  }
}
