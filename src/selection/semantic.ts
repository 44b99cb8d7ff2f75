import type { Embedder, ToolDescriptor, ToolScore, ToolSelectionStrategy } from '../core/extension.js';
import { embedAll } from '../embedding/embed-all.js';
import { createStaticEmbedder } from '../embedding/static.js';
import { normalised, product } from '../embedding/unit-vector.js';
import { stretched } from '../relevance/standard-scores.js';
import { distinctTerms } from '../relevance/terms.js';
import { lastOf } from './last-of.js';

export interface SemanticOptions {
  /** Makes the vectors; the built-in `static` when absent. */
  readonly embedder?: Embedder | undefined;
}

/** A tool this near to a request is about it; where none is, the best scores by its share of this. */
const NEAR = 0.4;
/** Words below this cosine do not explain a score. */
const TELLING = 0.15;
/** How many words of a request are compared one by one to find the reason, and how many a reason names. */
const COMPARED_WORDS = 40;
const REASON_WORDS = 4;
/** Only the best tools get their reason word by word: it takes longer than all the scores. */
const EXPLAINED = 10;

interface Word {
  readonly word: string;
  readonly vector: Float32Array;
}

/** The vectors of tools, of length 1, in the order of their texts. */
interface Ready {
  readonly texts: readonly string[];
  readonly vectors: readonly Float32Array[];
}

/** Ranks tools by how near their texts lie to the request (cosine of their embeddings). */
export function createSemanticStrategy({ embedder }: SemanticOptions = {}): ToolSelectionStrategy {
  let own = embedder;
  const textsOf = lastOf((tools) => tools.map(textOf));
  /** Of the tools that were ranked last; what is no longer among them is dropped. */
  let ready: Ready = { texts: [], vectors: [] };

  return {
    name: 'semantic',
    async score(request, tools) {
      const words = [...distinctTerms(request).values()].slice(0, COMPARED_WORDS);
      if (words.length === 0) return tools.map(({ name }) => ({ name, score: 0, reason: FAR }));
      own ??= createStaticEmbedder();
      const texts = textsOf(tools);
      // Another request may be ranked for other tools while the embedder answers.
      const before = ready;
      const same = texts === before.texts;
      const known = new Map(same ? [] : before.texts.map((text, index) => [text, before.vectors[index]!]));
      const missing = same ? [] : [...new Set(texts)].filter((text) => !known.has(text));
      const [asked, ...found] = (await embedAll(own, [request, ...words, ...missing])).map(normalised);
      for (const [index, text] of missing.entries()) known.set(text, found[words.length + index]!);
      const vectors = same ? before.vectors : texts.map((text) => known.get(text)!);
      ready = { texts, vectors };
      const near = vectors.map((vector) => product(asked!, vector));
      const best = Math.max(0, ...near);
      const scores = stretched(near, Math.min(1, best / NEAR));
      const explained = new Set([...near.keys()].sort((a, b) => near[b]! - near[a]!).slice(0, EXPLAINED));
      const compared = words.map((word, index): Word => ({ word, vector: found[index]! }));
      return tools.map(({ name }, index): ToolScore => {
        const score = scores[index]!;
        if (score === 0) return { name, score, reason: FAR };
        if (!explained.has(index)) return { name, score, reason: 'others are closer to the request' };
        return { name, score, reason: reasonOf(compared, vectors[index]!) };
      });
    },
  };
}

const FAR = 'not close to the request';

/** What a tool says of itself, as one text. */
function textOf({ name, description, keywords, parameters }: ToolDescriptor): string {
  return [name, description, keywords.join(' '), parameters.join(' ')].join('\n');
}

/** Which words of the request make a tool near. */
function reasonOf(words: readonly Word[], tool: Float32Array): string {
  const telling = words
    .map(({ word, vector }) => ({ word, share: product(vector, tool) }))
    .filter(({ share }) => share >= TELLING)
    .sort((a, b) => b.share - a.share)
    .slice(0, REASON_WORDS);
  if (telling.length === 0) return 'close to the request as a whole';
  return `close to ${telling.map(({ word }) => `"${word}"`).join(', ')}`;
}
