import { estimateTokens } from '../core/tokens.js';
import type { Block } from './blocks.js';

/** What a strategy may keep: so many messages, or so many tokens where somebody wants a size. */
export interface Room {
  readonly chosen: ReadonlySet<number>;
  /** Keeps a block, also one that does not fit. */
  keep(block: number): void;
  /** Keeps each block that fits in what is left, or in `share` of the whole, in the order given. */
  fill(blocks: Iterable<number>, share?: number): void;
}

/** The size of a block: the messages in it, or their tokens. */
export function makeRoom(
  blocks: readonly Block[],
  size: { readonly messages: number } | { readonly tokens: number },
): Room {
  const sizeOf = 'tokens' in size ? (block: Block) => estimateTokens(block) : (block: Block) => block.length;
  const whole = 'tokens' in size ? size.tokens : size.messages;
  const chosen = new Set<number>();
  let left = whole;

  function keep(index: number): void {
    if (chosen.has(index)) return;
    chosen.add(index);
    left -= sizeOf(blocks[index]!);
  }

  return {
    chosen,
    keep,
    fill(indices, share = 1) {
      let room = Math.min(left, whole * share);
      for (const index of indices) {
        const needed = sizeOf(blocks[index]!);
        if (chosen.has(index) || needed > room) continue;
        room -= needed;
        keep(index);
      }
    },
  };
}
