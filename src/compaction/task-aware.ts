import type { Context } from '../core/context.js';
import type { CompactionStrategy, Embedder } from '../core/extension.js';
import { estimateTokens } from '../core/tokens.js';
import { embedAll } from '../embedding/embed-all.js';
import { createStaticEmbedder } from '../embedding/static.js';
import { relevance } from '../relevance/relevance.js';
import { stems } from '../relevance/terms.js';
import { wordTexts } from '../relevance/word-texts.js';
import { blockText } from './block-text.js';
import { blocksHolding, latestUserBlock, onlyBlocks, toBlocks } from './blocks.js';
import { createRecentStrategy } from './recent.js';
import { makeRoom } from './room.js';

export interface TaskAwareOptions {
  /** Messages kept at the end, whatever they are about; 10 when absent. */
  readonly keepLast?: number;
  /** Earlier messages kept because they are about the task, at most, where no size is wanted; 20 when absent. */
  readonly keep?: number;
  /** What makes texts comparable; the built-in `static` when absent. */
  readonly embedder?: Embedder | undefined;
}

/** Of a wanted size, what the last messages may take: they say how things are, and not what they are for. */
const LAST_SHARE = 0.2;

/**
 * How much better than the mean of all a message must answer the task to be kept where no size is wanted, in standard
 * deviations: without a size to fill, what only shares a word in passing is left out.
 */
const ABOUT_THE_TASK = 0.5;

/**
 * Keeps the earlier messages that are about `metadata.currentTask`, with what stands next to them; without a task, or with
 * one that says nothing (“go on”), the most recent ones.
 */
export function createTaskAwareStrategy({
  keepLast = 10,
  keep = 20,
  embedder,
}: TaskAwareOptions = {}): CompactionStrategy {
  const recent = createRecentStrategy({ keepLast });
  return {
    name: 'task-aware',
    async compact(context: Context) {
      const { messages, metadata } = context;
      const { targetTokens } = metadata;
      const task = typeof metadata.currentTask === 'string' ? metadata.currentTask : '';
      const saysSomething = stems(task).length > 0;
      if (!saysSomething && targetTokens === undefined) return recent.compact(context);
      const blocks = toBlocks(messages);
      const earlier = blocks.length - blocksHolding(blocks, keepLast);
      if (earlier === 0 && targetTokens === undefined) return context;
      const system = estimateTokens(messages.filter(({ role }) => role === 'system'));
      const last = [...blocks.keys()].slice(earlier).reverse();
      const room = makeRoom(
        blocks,
        targetTokens === undefined
          ? { messages: keep + last.reduce((sum, index) => sum + blocks[index]!.length, 0) }
          : { tokens: targetTokens - system },
      );
      const latestUser = latestUserBlock(blocks);
      if (targetTokens === undefined) for (const index of last) room.keep(index);
      if (latestUser >= 0) room.keep(latestUser);
      room.fill(last, LAST_SHARE);
      if (!saysSomething) room.fill([...blocks.keys()].reverse());
      else {
        // The task in the words it was given in would be found again above everything else.
        const texts = blocks.map((block, index) => (index === latestUser ? '' : blockText(block)));
        const [asked, ...vectors] = await embedAll(embedder ?? createStaticEmbedder(), [task, ...texts]);
        const scores = relevance({ text: task, vector: asked! }, wordTexts(texts), vectors);
        const least = targetTokens === undefined ? ABOUT_THE_TASK : Number.NEGATIVE_INFINITY;
        const near = [...blocks.keys()].filter((index) => scores[index]! > least);
        room.fill(near.sort((a, b) => scores[b]! - scores[a]! || b - a));
      }
      return { messages: onlyBlocks(messages, blocks, room.chosen), metadata };
    },
  };
}
