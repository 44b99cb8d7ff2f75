export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Beyond this many pairs of changed lines the middle is shown as removed and added whole: exactness is not worth the wait. */
const mostPairs = 250_000;

/** The lines of a change with `context` unchanged lines around it. Both texts whole; `null` stands for no file. */
export function diffLines(before: string | null, after: string, context = 1): DiffLine[] {
  const old = before === null ? [] : toLines(before);
  const now = toLines(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let tail = 0;
  const most = Math.min(old.length, now.length) - start;
  while (tail < most && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const middle = diffMiddle(old.slice(start, old.length - tail), now.slice(start, now.length - tail));
  if (middle.length === 0) return [];
  const same = (text: string): DiffLine => ({ kind: 'same', text });
  const above = now.slice(Math.max(0, start - context), start).map(same);
  const below = now.slice(now.length - tail, now.length - tail + context).map(same);
  return [...above, ...middle, ...below];
}

function toLines(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}

/** Longest common subsequence by the textbook table. */
function diffMiddle(old: readonly string[], now: readonly string[]): DiffLine[] {
  const removed = old.map((text): DiffLine => ({ kind: 'removed', text }));
  const added = now.map((text): DiffLine => ({ kind: 'added', text }));
  if (old.length === 0 || now.length === 0 || old.length * now.length > mostPairs) {
    return [...removed, ...added];
  }
  const width = now.length + 1;
  const table = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const here = i * width + j;
      table[here] =
        old[i] === now[j]
          ? (table[here + width + 1] ?? 0) + 1
          : Math.max(table[here + width] ?? 0, table[here + 1] ?? 0);
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < now.length) {
    const here = i * width + j;
    if (old[i] === now[j]) {
      lines.push({ kind: 'same', text: old[i] ?? '' });
      i += 1;
      j += 1;
    } else if ((table[here + width] ?? 0) >= (table[here + 1] ?? 0)) {
      lines.push({ kind: 'removed', text: old[i] ?? '' });
      i += 1;
    } else {
      lines.push({ kind: 'added', text: now[j] ?? '' });
      j += 1;
    }
  }
  return [...lines, ...removed.slice(i), ...added.slice(j)];
}
