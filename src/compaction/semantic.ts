import type { Context } from '../core/context.js';
import type { CompactionStrategy, Embedder } from '../core/extension.js';
import { estimateTokens } from '../core/tokens.js';
import { embedAll } from '../embedding/embed-all.js';
import { createStaticEmbedder } from '../embedding/static.js';
import { relevance } from '../relevance/relevance.js';
import { wordTexts } from '../relevance/word-texts.js';
import { blockText } from './block-text.js';
import { blocksHolding, latestUserBlock, onlyBlocks, toBlocks } from './blocks.js';
import { importance } from './importance.js';
import { makeRoom } from './room.js';
import { variedOrder } from './varied-order.js';

export interface SemanticOptions {
  /** Messages kept at the end, whatever they are about; 6 when absent. */
  readonly keepLast?: number;
  /** Messages kept in all, besides system messages, where no size is wanted; 20 when absent. */
  readonly targetCount?: number;
  /** What makes texts comparable; the built-in `static` when absent. */
  readonly embedder?: Embedder | undefined;
}

/** Of the room, what the last messages may take, and then what goes to those about the task; the rest goes to variety. */
const LAST_SHARE = 0.2;
const RELEVANT_SHARE = 0.4;

/**
 * Keeps the last messages, those about `metadata.currentTask`, and of the rest those that tell most of what no other one
 * tells.
 */
export function createSemanticStrategy(options: SemanticOptions = {}): CompactionStrategy {
  const { keepLast = 6, targetCount = 20 } = options;
  return {
    name: 'semantic',
    async compact(context: Context): Promise<Context> {
      const embedder = options.embedder ?? createStaticEmbedder();
      const { messages, metadata } = context;
      const { targetTokens } = metadata;
      const blocks = toBlocks(messages);
      if (targetTokens === undefined && blocks.flat().length <= targetCount) return context;
      const system = estimateTokens(messages.filter(({ role }) => role === 'system'));
      const room = makeRoom(
        blocks,
        targetTokens === undefined ? { messages: targetCount } : { tokens: targetTokens - system },
      );
      const latestUser = latestUserBlock(blocks);
      if (latestUser >= 0) room.keep(latestUser);
      const last = [...blocks.keys()].slice(blocks.length - blocksHolding(blocks, keepLast)).reverse();
      room.fill(last, targetTokens === undefined ? 1 : LAST_SHARE);

      const texts = blocks.map((block, index) => (index === latestUser ? '' : blockText(block)));
      const task = typeof metadata.currentTask === 'string' ? metadata.currentTask : '';
      const [asked, ...vectors] = await embedAll(embedder, [task, ...texts]);
      const words = wordTexts(texts);
      if (task.trim() !== '') {
        const scores = relevance({ text: task, vector: asked! }, words, vectors);
        const near = [...blocks.keys()].filter((index) => scores[index]! > 0);
        room.fill(
          near.sort((a, b) => scores[b]! - scores[a]! || b - a),
          RELEVANT_SHARE,
        );
      }
      room.fill(variedOrder(importance(blocks, words, vectors), vectors));
      return { messages: onlyBlocks(messages, blocks, room.chosen), metadata };
    },
  };
}
