import type { Context } from '../core/context.js';
import type { CompactionStrategy } from '../core/extension.js';
import { blockText } from './block-text.js';
import { blocksHolding, latestUserBlock, onlyBlocks, toBlocks } from './blocks.js';
import { createRecentStrategy } from './recent.js';
import { relevance } from './relevance.js';

export interface TaskAwareOptions {
  /** Messages kept at the end, whatever they are about; 10 when absent. */
  readonly keepLast?: number;
  /** Earlier messages kept because they are about the task, at most; 20 when absent. */
  readonly keep?: number;
}

/** A block about the task scores at least this share of the best one; less is a word in passing. */
const RELEVANT_SHARE = 0.2;

/** Keeps the earlier messages that are about `metadata.currentTask`; without a task, the most recent ones. */
export function createTaskAwareStrategy({
  keepLast = 10,
  keep = 20,
}: TaskAwareOptions = {}): CompactionStrategy {
  const recent = createRecentStrategy({ keepLast });
  return {
    name: 'task-aware',
    compact(context: Context) {
      const { messages, metadata } = context;
      const task = typeof metadata.currentTask === 'string' ? metadata.currentTask : '';
      if (task.trim() === '') return recent.compact(context);
      const blocks = toBlocks(messages);
      const earlier = blocks.length - blocksHolding(blocks, keepLast);
      if (earlier === 0) return context;
      const latestUser = latestUserBlock(blocks);
      // The task in the words it was given in would be found again above everything else.
      const texts = blocks
        .slice(0, earlier)
        .map((block, index) => (index === latestUser ? '' : blockText(block)));
      const scores = relevance(task, texts);
      const best = Math.max(...scores);
      const ranked = [...scores.keys()]
        .filter((index) => scores[index]! > 0 && scores[index]! >= best * RELEVANT_SHARE)
        .sort((a, b) => scores[b]! - scores[a]! || b - a);
      const chosen = new Set([...blocks.keys()].filter((index) => index >= earlier || index === latestUser));
      let room = keep;
      for (const index of ranked) {
        const size = blocks[index]!.length;
        if (size > room) continue;
        room -= size;
        chosen.add(index);
      }
      return { messages: onlyBlocks(messages, blocks, chosen), metadata };
    },
  };
}
