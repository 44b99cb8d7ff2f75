import type { Embedder, ToolDescriptor, ToolScore, ToolSelectionStrategy } from '../core/extension.js';
import { cosine } from '../embedding/cosine.js';
import { createHashEmbedder } from '../embedding/hash.js';
import { scaleToBest } from './scale.js';
import { distinctTerms } from './terms.js';

export interface SemanticOptions {
  /** Makes the vectors; the built-in `hash` when absent. */
  readonly embedder?: Embedder;
}

/** Below this cosine two texts count as unrelated: hashed vectors are never quite at right angles. */
const UNRELATED = 0.1;
/** How many words of a request are compared one by one to find the reason, and how many a reason names. */
const COMPARED_WORDS = 40;
const REASON_WORDS = 4;

/** Ranks tools by how near their texts lie to the request (cosine of their embeddings). */
export function createSemanticStrategy({
  embedder = createHashEmbedder(),
}: SemanticOptions = {}): ToolSelectionStrategy {
  /** By text, because descriptors are made anew; what is no longer among the tools is dropped. */
  let known = new Map<string, Float32Array>();

  return {
    name: 'semantic',
    async score(request, tools) {
      const words = [...distinctTerms(request).values()].slice(0, COMPARED_WORDS);
      const texts = tools.map(textOf);
      const missing = [...new Set(texts)].filter((text) => !known.has(text));
      const vectors = await embedder.embed([request, ...words, ...missing]);
      const [asked, ...others] = vectors;
      const found = new Map(missing.map((text, index) => [text, others[words.length + index]!]));
      known = new Map(texts.map((text) => [text, (known.get(text) ?? found.get(text))!]));
      const scores = tools.map(({ name }, index): ToolScore => {
        const vector = known.get(texts[index]!)!;
        const near = cosine(asked!, vector);
        if (near < UNRELATED) return { name, score: 0, reason: 'not close to the request' };
        const shares = words.map((word, at) => ({ word, near: cosine(others[at]!, vector) }));
        return { name, score: near, reason: reason(shares) };
      });
      return scaleToBest(scores);
    },
  };
}

/** What a tool says of itself, as one text. */
function textOf({ name, description, keywords, parameters }: ToolDescriptor): string {
  return [name, description, keywords.join(' '), parameters.join(' ')].join('\n');
}

function reason(shares: readonly { word: string; near: number }[]): string {
  const telling = shares.filter(({ near }) => near >= UNRELATED).sort((a, b) => b.near - a.near);
  if (telling.length === 0) return 'close to the request as a whole';
  const named = telling.slice(0, REASON_WORDS).map(({ word }) => `"${word}"`);
  return `close to ${named.join(', ')}`;
}
