import type { LogRecord } from '../core/store.js';

const LONGEST_TITLE = 80;

/** What this entry would name its session: the first line of a user message, at most 80 characters; else empty. */
export function sessionTitle(entry: LogRecord): string {
  if (entry.type !== 'message' || entry.message.role !== 'user') return '';
  const line = /\S[^\r\n]*/.exec(entry.message.content)?.[0].slice(0, 4 * LONGEST_TITLE) ?? '';
  const title = line
    .replace(/[\p{Cc}\p{Surrogate}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (title.length <= LONGEST_TITLE) return title;
  // Never half of a character that takes two UTF-16 units.
  return `${title.slice(0, LONGEST_TITLE - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
