import { type Usage, usage } from '../core/usage.js';

/** Usage as OpenAI counts it: the input includes what a cache read and wrote, the output includes the reasoning. */
export function includedUsage(counts: {
  readonly input: number;
  readonly output: number;
  readonly read: number;
  readonly written: number;
  readonly reasoning: number;
}): Usage {
  const { input, output, reasoning } = counts;
  // No more can have come from the cache than there was, whatever the server says.
  const read = Math.min(counts.read, input);
  const written = Math.min(counts.written, input - read);
  return usage({
    inputTokens: input - read - written,
    outputTokens: output,
    cacheReadTokens: read,
    cacheWriteTokens: written,
    reasoningTokens: reasoning,
  });
}
