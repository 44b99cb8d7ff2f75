import { estimateTokens } from '../core/tokens.js';
import { normalised, product } from '../embedding/unit-vector.js';
import { isStopWord, stem } from '../relevance/terms.js';
import type { WordTexts } from '../relevance/word-texts.js';
import type { Block } from './blocks.js';

/** How much a block's size takes from what it tells: 0 not at all, 1 in proportion. */
const DENSITY = 0.8;
/** Who answers a question says what is so; a question alone does not. */
const ANSWER = 1.25;
const QUESTION = 0.85;
/** How much what the conversation is about all the time takes from a block that is like it. */
const ORDINARY = 0.5;

/**
 * How much each block tells that others do not, per token, with nobody asking: the rarity of its words within the
 * conversation, more where it answers a question, less where it is like the conversation as a whole. `texts` and `vectors`
 * are one a block. The mean is 1.
 */
export function importance(
  blocks: readonly Block[],
  texts: WordTexts,
  vectors: readonly Float32Array[],
): Float64Array {
  const told = rarityOfStems(texts);
  const ordinary = meanDirection(vectors);
  const scores = Float64Array.from(blocks, (block, index) => {
    const answers = index > 0 && asks(blocks[index - 1]!) ? ANSWER : 1;
    const question = asks(block) ? QUESTION : 1;
    const likeness = product(vectors[index]!, ordinary);
    return (told[index]! / estimateTokens(block) ** DENSITY) * answers * question * (1 - ORDINARY * likeness);
  });
  const mean = scores.reduce((sum, one) => sum + one, 0) / (scores.length || 1) || 1;
  return scores.map((one) => one / mean);
}

/** Of each text, how rare its distinct stems are together: the logarithm of all texts over those that have the stem. */
function rarityOfStems({ words, ids, starts }: WordTexts): Float64Array {
  const stems = new Map<string, number>();
  const stemOf = Int32Array.from(words, (word) => {
    if (isStopWord(word)) return -1;
    const key = stem(word);
    const known = stems.get(key) ?? stems.size;
    stems.set(key, known);
    return known;
  });
  const texts = starts.length - 1;
  /** The text, counted from 1, that each stem was seen in last. */
  const seen = new Uint32Array(stems.size);
  const frequencies = new Uint32Array(stems.size);
  const eachStem = (text: number, visit: (key: number) => void) => {
    for (let at = starts[text]!; at < starts[text + 1]!; at++) {
      const key = stemOf[ids[at]!]!;
      if (key < 0 || seen[key] === text + 1) continue;
      seen[key] = text + 1;
      visit(key);
    }
  };
  for (let text = 0; text < texts; text++)
    eachStem(text, (key) => {
      frequencies[key]! += 1;
    });
  const rarity = Float64Array.from(frequencies, (having) => Math.log(texts / having));
  seen.fill(0);
  const told = new Float64Array(texts);
  for (let text = 0; text < texts; text++)
    eachStem(text, (key) => {
      told[text]! += rarity[key]!;
    });
  return told;
}

/** Whether what was said ends with a question; what calls a tool goes on by itself. */
function asks(block: Block): boolean {
  const [first] = block;
  return block.length === 1 && first!.role !== 'tool' && /[?？]\s*$/.test(first!.content.slice(-200));
}

function meanDirection(vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (let index = 0; index < mean.length; index++) mean[index]! += vector[index]!;
  return normalised(mean);
}
