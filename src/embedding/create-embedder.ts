import type { Settings } from '../config/schema.js';
import type { Embedder } from '../core/extension.js';
import { createHashEmbedder } from './hash.js';
import { createOpenAIEmbedder, type OpenAIEmbedderOrigin } from './openai.js';

/** What the settings name; `undefined` for `static`, which whoever uses it makes when it is needed. */
export function createEmbedder(
  setting: Settings['embedder'],
  origin: OpenAIEmbedderOrigin,
): Embedder | undefined {
  if (setting === 'static') return undefined;
  return setting === 'hash' ? createHashEmbedder() : createOpenAIEmbedder(setting[1], origin);
}
