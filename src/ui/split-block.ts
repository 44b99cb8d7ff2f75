import { fenceAfter, tableDepth } from '../markdown-lines.js';
import type { Block } from '../state.js';

/** A table of more lines is cut. */
const mostTableLines = 200;

/** What a terminal usually has; how wide this one is does not matter much. */
const usualColumns = 80;

/**
 * An answer as pieces of at most `most` rows, or of one line that has more, so that drawing a huge one does not keep the
 * keys waiting; a table stays in one piece where it can. What is bounded anyway stays whole.
 */
export function splitBlock(block: Block, most: number): readonly Block[] {
  if (block.kind !== 'answer' || rowsOf(block) <= most) return [block];
  const lines = block.text.split('\n');
  const pieces: Block[] = [];
  let { fence } = block;
  let start = 0;
  while (start < lines.length) {
    const end = endBeforeTable(lines, start, endOfRows(lines, start, most));
    const piece = lines.slice(start, end);
    pieces.push({ ...block, gap: block.gap && start === 0, text: piece.join('\n'), fence });
    fence = piece.reduce(fenceAfter, fence);
    start = end;
  }
  return pieces;
}

/** Behind the last line that still fits, and behind one line at least. */
function endOfRows(lines: readonly string[], start: number, most: number): number {
  let end = start;
  let rows = 0;
  while (end < lines.length) {
    rows += rowsOfLine(lines[end]!);
    if (rows > most && end > start) return end;
    end += 1;
  }
  return end;
}

function rowsOfLine(line: string): number {
  return Math.max(1, Math.ceil(line.length / usualColumns));
}

/** `end`, or the start of the table that would be cut there; the end of one that starts where the piece does. */
function endBeforeTable(lines: readonly string[], start: number, end: number): number {
  const cuts = (at: number) =>
    tableDepth(lines[at] ?? '') !== undefined && tableDepth(lines[at - 1] ?? '') !== undefined;
  let cut = end;
  while (cut > start && cuts(cut)) cut -= 1;
  if (cut > start) return cut;
  cut = end;
  while (cut < start + mostTableLines && cuts(cut)) cut += 1;
  return cut;
}

/** Rows that a block takes, roughly, which is what drawing it costs; a block that is bounded counts as a few. */
export function rowsOf(block: Block): number {
  if (block.kind !== 'answer') return 10;
  return block.text.split('\n').reduce((sum, line) => sum + rowsOfLine(line), 0);
}
