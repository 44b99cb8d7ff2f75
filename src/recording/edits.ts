/** What to write in place of the characters from `start` up to `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Applies edits of the pieces' joined text to the pieces: what is written goes into the piece where an edit starts, what
 * it replaces leaves the others too.
 */
export function editPieces(pieces: readonly string[], edits: readonly Edit[]): string[] {
  let offset = 0;
  return pieces.map((piece) => {
    const from = offset;
    const to = from + piece.length;
    offset = to;
    let result = '';
    let copied = from;
    for (const { start, end, text } of edits) {
      if (end <= from || start >= to) continue;
      if (start >= from) result += piece.slice(copied - from, start - from) + text;
      copied = Math.min(Math.max(end, copied), to);
    }
    return result + piece.slice(copied - from);
  });
}

/** The one edit that makes `after` of `before`; none when they are equal. */
export function editBetween(before: string, after: string): Edit[] {
  if (before === after) return [];
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shortest - start && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return [{ start, end: before.length - tail, text: after.slice(start, after.length - tail) }];
}
