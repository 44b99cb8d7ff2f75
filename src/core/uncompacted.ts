import { UNCOMPACT } from './compaction.js';
import { currentLine } from './log-line.js';
import type { RequestMessage } from './provider.js';
import { replayLog } from './replay-log.js';
import type { LogEntry } from './store.js';

/**
 * The context as it would be without the last compaction that nobody took back yet: what was there before it, and what was
 * said since. `undefined` where there is none.
 */
export function uncompacted(log: readonly LogEntry[]): readonly RequestMessage[] | undefined {
  const line = currentLine(log);
  let compactions: readonly number[] = [];
  for (const [index, { entry }] of line.entries()) {
    if (entry.type === 'reset') compactions = [];
    else if (entry.type !== 'compaction') continue;
    else compactions = entry.strategy === UNCOMPACT ? compactions.slice(0, -1) : [...compactions, index];
  }
  const last = compactions.at(-1);
  if (last === undefined) return undefined;
  // Those behind it were taken back, and so is what took them back.
  return replayLog(line.filter(({ entry }, index) => index < last || entry.type !== 'compaction'));
}
