import { ExtensionError } from '../core/errors.js';
import type { Embedder } from '../core/extension.js';

/**
 * A vector for each text; equal texts are asked for once. The embedder may be the user's: what it answers is checked before
 * anything is computed from it. Rejects with an `ExtensionError` otherwise.
 */
export async function embedAll(
  embedder: Embedder,
  texts: readonly string[],
): Promise<readonly Float32Array[]> {
  const distinct = [...new Set(texts)];
  const vectors = await embedder.embed(distinct);
  const isWhole =
    Array.isArray(vectors) &&
    vectors.length === distinct.length &&
    vectors.every((one) => one?.length === vectors[0].length && hasNumbers(one));
  if (isWhole) {
    const byText = new Map(distinct.map((text, index) => [text, vectors[index]!]));
    return texts.map((text) => byText.get(text)!);
  }
  throw new ExtensionError(
    `The embedder ${embedder.name} did not answer one vector of one length for each text.`,
    { advice: 'Correct the embedder, or leave it out.', reason: 'broken' },
  );
}

/** By a loop: of tens of thousands of vectors each number is looked at. */
function hasNumbers(vector: ArrayLike<number>): boolean {
  for (let index = 0; index < vector.length; index++) if (!Number.isFinite(vector[index])) return false;
  return true;
}
