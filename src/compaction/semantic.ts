import type { Context } from '../core/context.js';
import { CompactionError } from '../core/errors.js';
import type { CompactionStrategy, Embedder } from '../core/extension.js';
import { cosine } from '../embedding/cosine.js';
import { createHashEmbedder } from '../embedding/hash.js';
import { blockText } from './block-text.js';
import { blocksHolding, latestUserBlock, onlyBlocks, toBlocks } from './blocks.js';
import { representatives } from './clusters.js';

export interface SemanticOptions {
  /** Messages kept at the end, whatever they are about; 6 when absent. */
  readonly keepLast?: number;
  /** Messages kept in all, besides system messages; 20 when absent. */
  readonly targetCount?: number;
  /** What makes texts comparable; by the spelling of their words when absent. */
  readonly embedder?: Embedder;
}

/** Share of the room before the last messages that goes to those nearest the current task; the rest goes to variety. */
const RELEVANT_SHARE = 0.5;
/** Nearer to the task than this by cosine counts as being about it. */
const RELEVANT_COSINE = 0.05;

/**
 * Keeps the last messages, those nearest to `metadata.currentTask`, and of the rest one for each thing that was talked
 * about: the nearest to the centre of its cluster.
 */
export function createSemanticStrategy(options: SemanticOptions = {}): CompactionStrategy {
  const { keepLast = 6, targetCount = 20, embedder = createHashEmbedder() } = options;
  return {
    name: 'semantic',
    async compact(context: Context): Promise<Context> {
      const { messages, metadata } = context;
      const blocks = toBlocks(messages);
      if (blocks.flat().length <= targetCount) return context;
      const earlier = blocks.length - blocksHolding(blocks, Math.min(keepLast, targetCount));
      const chosen = new Set([...blocks.keys()].slice(earlier));
      const latestUser = latestUserBlock(blocks);
      if (latestUser >= 0) chosen.add(latestUser);
      let room = targetCount - [...chosen].reduce((sum, index) => sum + blocks[index]!.length, 0);
      const take = (indices: readonly number[], limit: number): void => {
        let left = Math.min(limit, room);
        for (const index of indices) {
          const size = blocks[index]!.length;
          if (size > left || chosen.has(index)) continue;
          left -= size;
          room -= size;
          chosen.add(index);
        }
      };

      const candidates = [...blocks.keys()].filter((index) => !chosen.has(index));
      const task = typeof metadata.currentTask === 'string' ? metadata.currentTask : '';
      const [taskVector, ...vectors] = await embedAll(embedder, [
        task,
        ...candidates.map((index) => blockText(blocks[index]!)),
      ]);
      const near = vectors.map((vector) => cosine(vector, taskVector!));
      const byTask = [...candidates.keys()]
        .filter((place) => near[place]! > RELEVANT_COSINE)
        .sort((a, b) => near[b]! - near[a]! || b - a);
      take(
        byTask.map((place) => candidates[place]!),
        Math.floor(room * RELEVANT_SHARE),
      );
      const others = [...candidates.keys()].filter((place) => !chosen.has(candidates[place]!));
      const varied = representatives(
        others.map((place) => vectors[place]!),
        room,
      ).map((place) => candidates[others[place]!]!);
      // Where not all fit, the later ones say more about how things are.
      take([...varied].reverse(), room);
      return { messages: onlyBlocks(messages, blocks, chosen), metadata };
    },
  };
}

/** The embedder may be the user's: what it answers is checked before anything is computed from it. */
async function embedAll(embedder: Embedder, texts: readonly string[]): Promise<readonly Float32Array[]> {
  const vectors = await embedder.embed(texts);
  const isWhole =
    Array.isArray(vectors) &&
    vectors.length === texts.length &&
    vectors.every((one) => one?.length === vectors[0].length && one.every(Number.isFinite));
  if (isWhole) return vectors;
  throw new CompactionError(
    `The embedder ${embedder.name} did not answer one vector of one length for each text.`,
    {
      advice: 'Correct the embedder, or leave it out.',
    },
  );
}
