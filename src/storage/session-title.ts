import { typedText } from '../core/message.js';
import { shownTitle } from '../core/shown-title.js';
import type { LogRecord } from '../core/store.js';

const LONGEST_TITLE = 80;
/** A title is found in so much of a message or not at all. */
const EXAMINED_CHARACTERS = 20_000;

/** What this entry would name its session: what a user message begins with, at most 80 characters; else empty. */
export function sessionTitle(entry: LogRecord): string {
  if (entry.type !== 'message' || entry.message.role !== 'user') return '';
  // Keys go before anything is cut: half of one looks like none.
  const content = shownTitle(typedText(entry.message).slice(0, EXAMINED_CHARACTERS));
  const line = changedFiles(content) ?? firstLine(content);
  const title = line
    .replace(/[\p{Cc}\p{Surrogate}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (title.length <= LONGEST_TITLE) return title;
  // Never half of a character that takes two UTF-16 units.
  return `${title.slice(0, LONGEST_TITLE - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** The first line with a word in it, because a bracket or a fence names nothing; else the first that is not empty. */
function firstLine(text: string): string {
  const rows = text.slice(0, EXAMINED_CHARACTERS).split(/[\r\n]+/);
  const line = rows.find((row) => /\p{L}/u.test(row)) ?? /\S[^\r\n]*/.exec(text)?.[0] ?? '';
  return line.slice(0, 4 * LONGEST_TITLE);
}

/** A diff that was piped in without a word to it is named after its files. */
function changedFiles(text: string): string | undefined {
  const start = text.trimStart().slice(0, EXAMINED_CHARACTERS);
  if (!/^(?:diff --git |--- \S[^\n]*\n\+\+\+ )/.test(start)) return undefined;
  const rows = start.matchAll(/^(?:diff --git a\/.+? b\/(.+)|\+\+\+ (?:b\/)?(?!\/dev\/null)([^\t\r\n]+))/gm);
  const paths = new Set([...rows].map(([, git, plain]) => (git ?? plain ?? '').trim()));
  return paths.size === 0 ? undefined : `Diff of ${[...paths].join(', ')}`;
}
