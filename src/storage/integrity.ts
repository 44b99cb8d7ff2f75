import { statSync } from 'node:fs';
import { pragmaInThread } from './pragma-in-thread.js';
import type { SqliteConnection } from './sqlite-connection.js';
import { reasonFor } from './storage-failure.js';

/** Up to so much is read in this thread, in a few dozen milliseconds; starting another one takes as long. */
const SMALL_BYTES = 4 * 1024 * 1024;
/** How long a start waits for a large one, in milliseconds. */
const WAIT_MS = 2_000;

/**
 * Whether every page and every index of the database is what it should be. A large one is read by another thread; one
 * that takes longer than `waitMs` (2,000 when absent) counts as sound until `onDamage` says otherwise.
 */
export async function isIntact(
  connection: SqliteConnection,
  { waitMs = WAIT_MS, onDamage }: { readonly waitMs?: number; readonly onDamage?: () => void },
): Promise<boolean> {
  const size = (suffix: string) => statSync(connection.file + suffix, { throwIfNoEntry: false })?.size ?? 0;
  if (size('') + size('-wal') <= SMALL_BYTES) {
    return (await connection.read(() => connection.pragma('integrity_check(1)'))) === 'ok';
  }
  const answer = inOtherThread(connection.file);
  if (waitMs === Number.POSITIVE_INFINITY) return answer;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), waitMs);
  });
  const first = await Promise.race([answer, late]);
  clearTimeout(timer);
  if (first !== 'late') return first;
  void answer.then((intact) => intact || onDamage?.());
  return true;
}

/** An answer that does not come, because there is no thread, or because of a lock, says nothing against the database. */
async function inOtherThread(file: string): Promise<boolean> {
  const answer = await pragmaInThread({ file, pragma: 'integrity_check(1)', readonly: true, timeout: 5_000 });
  if (answer?.code !== undefined) return reasonFor(answer.code) !== 'corrupt';
  return answer === undefined || answer.value === 'ok';
}
