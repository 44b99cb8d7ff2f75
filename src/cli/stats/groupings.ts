import type { UsageRow } from '../../storage/statistics.js';
import type { Grouping } from '../commands/stats.js';
import type { Statistics } from './statistics-of-days.js';

/** Usage is of provider calls; tools have numbers of their own. */
export type UsageGrouping = Exclude<Grouping, 'tool'>;

const SHORTEST_ID = 8;

/** What the rows of one group have in common; empty for the project of sessions that were deleted. */
export function keyOf(row: UsageRow, by: UsageGrouping, { project }: Pick<Statistics, 'project'>): string {
  switch (by) {
    case 'model':
      return `${row.provider}/${row.model}`;
    case 'project':
      return project(row.sessionId) ?? '';
    case 'session':
      return row.sessionId;
    case 'day':
      return row.day;
  }
}

/** A group for people; of a session the start of its id that no other in `keys` has, and its title. */
export function labelOf(
  key: string,
  by: UsageGrouping,
  { session }: Pick<Statistics, 'session'>,
  keys: readonly string[],
): string {
  if (by === 'project') return key === '' ? 'deleted sessions' : key;
  if (by !== 'session') return key;
  const found = session(key);
  return `${startOfId(key, keys)}  ${found ? found.title : '(deleted)'}`.trimEnd();
}

function startOfId(id: string, ids: readonly string[]): string {
  for (let length = SHORTEST_ID; length < id.length; length += 4) {
    const start = id.slice(0, length);
    if (ids.filter((one) => one.startsWith(start)).length === 1) return start;
  }
  return id;
}
