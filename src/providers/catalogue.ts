/** What is known of a model before it is asked. */
export interface ModelFacts {
  /** Tokens of conversation and answer together. */
  readonly contextWindow: number;
  /** Tokens one answer may have. */
  readonly maxOutput: number;
  /** The model refuses thinking blocks whose conversation has changed since, unless told to drop them. */
  readonly preservesThinking: boolean;
  /** `false` when these are the defaults because nothing is known of the model. */
  readonly known: boolean;
}

/** Assumed of a model that the catalogue does not know: what nearly every hosted model offers since 2024. */
export const unknownModel: ModelFacts = {
  contextWindow: 128_000,
  maxOutput: 8_192,
  preservesThinking: false,
  known: false,
};

interface Row {
  /** Start of the model's name, without a vendor before a slash, dots written as `-`. */
  readonly prefix: string;
  readonly contextWindow: number;
  readonly maxOutput: number;
  readonly preservesThinking?: true;
}

/** Published limits in tokens, as of November 2026. The longest matching prefix counts. No prices: users state theirs. */
const rows: readonly Row[] = [
  { prefix: 'claude-fable-5', contextWindow: 1_000_000, maxOutput: 128_000 },
  { prefix: 'claude-fable-5-1', contextWindow: 1_000_000, maxOutput: 128_000, preservesThinking: true },
  { prefix: 'claude-fable-5-2', contextWindow: 1_000_000, maxOutput: 128_000, preservesThinking: true },
  { prefix: 'claude-mythos', contextWindow: 1_000_000, maxOutput: 128_000 },
  { prefix: 'claude-mythos-5-1', contextWindow: 1_000_000, maxOutput: 128_000, preservesThinking: true },
  { prefix: 'claude-mythos-5-2', contextWindow: 1_000_000, maxOutput: 128_000, preservesThinking: true },
  { prefix: 'claude-opus-5', contextWindow: 1_000_000, maxOutput: 128_000 },
  { prefix: 'claude-opus-5-5', contextWindow: 1_000_000, maxOutput: 128_000, preservesThinking: true },
  { prefix: 'claude-sonnet-5', contextWindow: 1_000_000, maxOutput: 128_000 },
  { prefix: 'claude-sonnet-5-5', contextWindow: 1_000_000, maxOutput: 128_000, preservesThinking: true },
  { prefix: 'claude-haiku-5-5', contextWindow: 1_000_000, maxOutput: 128_000, preservesThinking: true },
  { prefix: 'claude-opus-4-6', contextWindow: 1_000_000, maxOutput: 128_000 },
  { prefix: 'claude-opus-4-7', contextWindow: 1_000_000, maxOutput: 128_000 },
  { prefix: 'claude-opus-4-8', contextWindow: 1_000_000, maxOutput: 128_000 },
  { prefix: 'claude-sonnet-4-6', contextWindow: 1_000_000, maxOutput: 128_000 },
  { prefix: 'claude-opus-4-5', contextWindow: 200_000, maxOutput: 64_000 },
  { prefix: 'claude-sonnet-4-5', contextWindow: 200_000, maxOutput: 64_000 },
  { prefix: 'claude-haiku-4-5', contextWindow: 200_000, maxOutput: 64_000 },
  { prefix: 'claude-opus-4', contextWindow: 200_000, maxOutput: 32_000 },
  { prefix: 'claude-sonnet-4', contextWindow: 200_000, maxOutput: 64_000 },
  { prefix: 'claude-3', contextWindow: 200_000, maxOutput: 8_192 },
  { prefix: 'claude', contextWindow: 200_000, maxOutput: 64_000 },
  { prefix: 'gpt-5-6-luna', contextWindow: 400_000, maxOutput: 128_000 },
  { prefix: 'gpt-5-6', contextWindow: 1_050_000, maxOutput: 128_000 },
  { prefix: 'gpt-5-5', contextWindow: 1_050_000, maxOutput: 128_000 },
  { prefix: 'gpt-5-4', contextWindow: 1_050_000, maxOutput: 128_000 },
  { prefix: 'gpt-5-4-mini', contextWindow: 400_000, maxOutput: 128_000 },
  { prefix: 'gpt-5-4-nano', contextWindow: 400_000, maxOutput: 128_000 },
  { prefix: 'gpt-5', contextWindow: 400_000, maxOutput: 128_000 },
  { prefix: 'gpt-4-1', contextWindow: 1_047_576, maxOutput: 32_768 },
  { prefix: 'gpt-4o', contextWindow: 128_000, maxOutput: 16_384 },
  { prefix: 'gpt-oss', contextWindow: 131_072, maxOutput: 32_768 },
  { prefix: 'o1', contextWindow: 200_000, maxOutput: 100_000 },
  { prefix: 'o3', contextWindow: 200_000, maxOutput: 100_000 },
  { prefix: 'o4', contextWindow: 200_000, maxOutput: 100_000 },
  { prefix: 'gemini', contextWindow: 1_048_576, maxOutput: 65_536 },
  { prefix: 'deepseek-v4', contextWindow: 1_048_576, maxOutput: 384_000 },
  { prefix: 'deepseek', contextWindow: 128_000, maxOutput: 8_192 },
  { prefix: 'devstral', contextWindow: 128_000, maxOutput: 32_768 },
  { prefix: 'mistral', contextWindow: 128_000, maxOutput: 32_768 },
  { prefix: 'llama-3', contextWindow: 131_072, maxOutput: 32_768 },
];

/** What is known of the model with this name; `unknownModel` when nothing is. */
export function modelFacts(model: string): ModelFacts {
  const name = model
    .slice(model.lastIndexOf('/') + 1)
    .toLowerCase()
    .replaceAll('.', '-');
  let best: Row | undefined;
  for (const row of rows) {
    if (startsWithWord(name, row.prefix) && row.prefix.length > (best?.prefix.length ?? 0)) best = row;
  }
  if (!best) return unknownModel;
  const { contextWindow, maxOutput, preservesThinking = false } = best;
  return { contextWindow, maxOutput, preservesThinking, known: true };
}

/** Tokens that fit the model; 128,000 for a model nobody has told us about (set `contextWindow` for those). */
export function contextWindow(model: string): number {
  return modelFacts(model).contextWindow;
}

/** `o3` is the start of `o3-mini`, not of `o365`. */
function startsWithWord(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && !/^\d/.test(name.slice(prefix.length));
}
