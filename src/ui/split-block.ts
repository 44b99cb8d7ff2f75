import { isFence } from '../live-text.js';
import type { Block } from '../state.js';

/**
 * A block of streamed text as pieces of at most `most` lines, so that drawing a huge one does not keep the keys
 * waiting. What is bounded anyway stays whole.
 */
export function splitBlock(block: Block, most: number): readonly Block[] {
  if (block.kind !== 'answer' && block.kind !== 'thinking') return [block];
  const lines = block.text.split('\n');
  if (lines.length <= most) return [block];
  const pieces: Block[] = [];
  let fenced = block.kind === 'answer' && block.fenced;
  for (let start = 0; start < lines.length; start += most) {
    const piece = lines.slice(start, start + most);
    const gap = block.gap && start === 0;
    const text = piece.join('\n');
    pieces.push(block.kind === 'answer' ? { ...block, gap, text, fenced } : { ...block, gap, text });
    if (piece.filter(isFence).length % 2 === 1) fenced = !fenced;
  }
  return pieces;
}

/** Lines that drawing a block costs, roughly; a block that is bounded counts as a few. */
export function linesOf(block: Block): number {
  return block.kind === 'answer' || block.kind === 'thinking' ? block.text.split('\n').length : 10;
}
