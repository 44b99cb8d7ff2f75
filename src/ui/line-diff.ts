import { shortestEdit } from './shortest-edit.js';

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
  /** Counted from 1, in the old text for a removed line and in the new one for the others. */
  readonly line: number;
}

/** Beyond this many changed lines the middle is shown as removed and added whole: exactness is not worth the wait. */
const mostEdits = 1_000;

/**
 * The places where a text changes, each with up to `context` unchanged lines around it. Both texts whole; `null` stands
 * for no file. Line ends do not count.
 */
export function diffHunks(before: string | null, after: string, context: number): DiffLine[][] {
  const old = before === null ? [] : toLines(before);
  const now = toLines(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let tail = 0;
  const most = Math.min(old.length, now.length) - start;
  while (tail < most && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const middle = diffMiddle(old.slice(start, old.length - tail), now.slice(start, now.length - tail));
  if (middle.length === 0) return [];
  const from = Math.max(0, start - context);
  const same = (text: string) => ({ kind: 'same', text }) as const;
  const above = now.slice(from, start).map(same);
  const below = now.slice(now.length - tail, now.length - tail + context).map(same);
  return cutIntoHunks(number([...above, ...middle, ...below], from + 1), context);
}

function toLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}

type Unnumbered = Omit<DiffLine, 'line'>;

function number(lines: readonly Unnumbered[], first: number): DiffLine[] {
  let old = first;
  let now = first;
  return lines.map(({ kind, text }) => {
    const line = kind === 'removed' ? old : now;
    if (kind !== 'added') old += 1;
    if (kind !== 'removed') now += 1;
    return { kind, text, line };
  });
}

/** Leaves out what is unchanged and far from every change. */
function cutIntoHunks(lines: readonly DiffLine[], context: number): DiffLine[][] {
  const hunks: DiffLine[][] = [];
  let lastShown = -2;
  const changed = lines.flatMap(({ kind }, index) => (kind === 'same' ? [] : [index]));
  for (const index of changed) {
    const from = Math.max(lastShown + 1, index - context, 0);
    const to = Math.min(lines.length - 1, index + context);
    const shown = lines.slice(from, to + 1);
    if (from === lastShown + 1 && hunks.length > 0) hunks[hunks.length - 1]?.push(...shown);
    else hunks.push(shown);
    lastShown = to;
  }
  return hunks;
}

function diffMiddle(old: readonly string[], now: readonly string[]): Unnumbered[] {
  const removed = old.map((text): Unnumbered => ({ kind: 'removed', text }));
  const added = now.map((text): Unnumbered => ({ kind: 'added', text }));
  if (old.length === 0 || now.length === 0) return [...removed, ...added];
  const edits = shortestEdit(old, now, mostEdits);
  if (!edits) return [...removed, ...added];
  return removedFirst(edits.map(({ kind, item }) => ({ kind, text: item })));
}

/** In each run of changed lines, the removed ones first. */
function removedFirst(lines: readonly Unnumbered[]): Unnumbered[] {
  const sorted: Unnumbered[] = [];
  let added: Unnumbered[] = [];
  for (const line of lines) {
    if (line.kind === 'added') added.push(line);
    else {
      if (line.kind === 'same') {
        sorted.push(...added);
        added = [];
      }
      sorted.push(line);
    }
  }
  return [...sorted, ...added];
}
