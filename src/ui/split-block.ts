import { fenceAfter, isTableLine } from '../live-text.js';
import type { Block } from '../state.js';

/**
 * A block of streamed text as pieces of at most `most` lines, so that drawing a huge one does not keep the keys
 * waiting; a table stays in one piece where it can. What is bounded anyway stays whole.
 */
export function splitBlock(block: Block, most: number): readonly Block[] {
  if (block.kind !== 'answer' && block.kind !== 'thinking') return [block];
  const lines = block.text.split('\n');
  if (lines.length <= most) return [block];
  const pieces: Block[] = [];
  let fence = block.kind === 'answer' ? block.fence : '';
  let start = 0;
  while (start < lines.length) {
    const end = block.kind === 'answer' ? endBeforeTable(lines, start, start + most) : start + most;
    const piece = lines.slice(start, end);
    const gap = block.gap && start === 0;
    const text = piece.join('\n');
    pieces.push(block.kind === 'answer' ? { ...block, gap, text, fence } : { ...block, gap, text });
    fence = piece.reduce(fenceAfter, fence);
    start = end;
  }
  return pieces;
}

/** `end`, or the start of the table that would be cut there. */
function endBeforeTable(lines: readonly string[], start: number, end: number): number {
  let cut = end;
  while (cut > start && isTableLine(lines[cut] ?? '') && isTableLine(lines[cut - 1] ?? '')) cut -= 1;
  return cut === start ? end : cut;
}

/** Lines that drawing a block costs, roughly; a block that is bounded counts as a few. */
export function linesOf(block: Block): number {
  return block.kind === 'answer' || block.kind === 'thinking' ? block.text.split('\n').length : 10;
}
