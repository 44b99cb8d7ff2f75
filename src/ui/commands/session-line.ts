import type { SessionSummary } from '../../core/store.js';
import { oneLine } from '../displayable.js';

/** `1a2b3c4d  2026-01-31 18:04   12 messages  Fix the parser`. */
export function sessionLine({ id, updatedAt, messages, title, tags }: SessionSummary): string {
  const name = [title, ...tags.map((tag) => `#${tag}`)].join(' ');
  return `${id.slice(0, 8).padEnd(8)}  ${localTime(updatedAt)}  ${String(messages).padStart(4)} messages  ${oneLine(name)}`;
}

/** `2026-01-31 18:04`. */
export function localTime(timestamp: number): string {
  const date = new Date(timestamp);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
