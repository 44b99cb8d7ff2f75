/** Where in a file an old text stands, and what the file becomes. */
export type Replacement =
  | { readonly found: 'none' }
  /** The lines, from 1, on which the matches start. */
  | { readonly found: 'many'; readonly lines: readonly number[] }
  | { readonly found: 'replaced'; readonly text: string; readonly count: number; readonly line: number };

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Replaces a literal text. Line ends do not decide whether it matches: a model sees and sends `\n` for `\r\n`
 * too. What is written takes the line ends of the place it is written to; every other character stays.
 */
export function replaceText(
  text: string,
  oldText: string,
  newText: string,
  replaceAll: boolean,
): Replacement {
  const ranges = text.includes('\r\n') ? rangesAcrossLineEnds(text, oldText) : rangesOf(text, oldText);
  const first = ranges[0];
  if (!first) return { found: 'none' };
  if (ranges.length > 1 && !replaceAll) return { found: 'many', lines: linesAt(text, ranges) };
  let result = '';
  let position = 0;
  for (const { start, end } of ranges) {
    result += text.slice(position, start) + withLineEnds(newText, text, start, end);
    position = end;
  }
  const line = linesAt(text, [first])[0] ?? 1;
  return { found: 'replaced', text: result + text.slice(position), count: ranges.length, line };
}

function rangesOf(text: string, wanted: string): Range[] {
  const ranges: Range[] = [];
  if (wanted === '') return ranges;
  for (let start = text.indexOf(wanted); start >= 0; start = text.indexOf(wanted, start + wanted.length)) {
    ranges.push({ start, end: start + wanted.length });
  }
  return ranges;
}

/** Matches with every `\r\n` on both sides taken for `\n`, as places in the text as it is. */
function rangesAcrossLineEnds(text: string, wanted: string): Range[] {
  const removed: number[] = [];
  const simple = text.replace(/\r\n/g, (_, offset: number) => {
    removed.push(offset - removed.length);
    return '\n';
  });
  const ranges = rangesOf(simple, wanted.replaceAll('\r\n', '\n'));
  // `removed` holds, for each `\r` left out, where its `\n` stands in the simple text; both lists ascend.
  let before = 0;
  const original = (offset: number) => {
    while (before < removed.length && (removed[before] as number) < offset) before += 1;
    return offset + before;
  };
  return ranges.map(({ start, end }) => ({ start: original(start), end: original(end) }));
}

function withLineEnds(newText: string, text: string, start: number, end: number): string {
  if (!newText.includes('\n') || !usesCrlf(text, start, end)) return newText;
  return newText.replace(/\r?\n/g, '\r\n');
}

/** The line end inside the match decides, then the one that ends its last line, then the one before it. */
function usesCrlf(text: string, start: number, end: number): boolean {
  let feed = text.indexOf('\n', start);
  if (feed < 0) feed = text.lastIndexOf('\n', end);
  return feed > 0 && text[feed - 1] === '\r';
}

function linesAt(text: string, ranges: readonly Range[]): number[] {
  const lines: number[] = [];
  let line = 1;
  let position = 0;
  for (const { start } of ranges) {
    for (
      let feed = text.indexOf('\n', position);
      feed >= 0 && feed < start;
      feed = text.indexOf('\n', feed + 1)
    ) {
      line += 1;
      position = feed + 1;
    }
    lines.push(line);
  }
  return lines;
}
