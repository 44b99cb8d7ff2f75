import { type ListedModel, listedModel } from './listed-model.js';

/** What is known of a model before it is asked. */
export interface ModelFacts extends Omit<ListedModel, 'price'> {
  /** The model refuses thinking blocks whose conversation has changed since, unless told to drop them. */
  readonly preservesThinking: boolean;
  /** `false` when these are the defaults because nothing is known of the model. */
  readonly known: boolean;
}

/** Assumed of a model that the catalogue does not know: what nearly every hosted model offers since 2024. */
export const unknownModel: ModelFacts = {
  contextWindow: 128_000,
  maxOutput: 8_192,
  images: true,
  thinking: false,
  tools: true,
  preservesThinking: false,
  known: false,
};

/** Families whose models the price list does not all name: older ones, newer ones, ones that anybody may serve. */
interface Family {
  /** Start of the model's name, without a vendor before a slash, dots written as `-`. */
  readonly prefix: string;
  readonly contextWindow: number;
  readonly maxOutput: number;
  readonly thinking?: true;
}

/** Published limits in tokens, as of November 2026. The longest matching prefix counts. */
const families: readonly Family[] = [
  { prefix: 'claude', contextWindow: 200_000, maxOutput: 64_000, thinking: true },
  { prefix: 'claude-mythos', contextWindow: 1_000_000, maxOutput: 128_000, thinking: true },
  { prefix: 'claude-opus-4', contextWindow: 200_000, maxOutput: 32_000, thinking: true },
  { prefix: 'claude-3', contextWindow: 200_000, maxOutput: 8_192 },
  { prefix: 'gpt-5', contextWindow: 400_000, maxOutput: 128_000, thinking: true },
  { prefix: 'gpt-6', contextWindow: 1_050_000, maxOutput: 128_000, thinking: true },
  { prefix: 'gpt-4-1', contextWindow: 1_047_576, maxOutput: 32_768 },
  { prefix: 'gpt-4o', contextWindow: 128_000, maxOutput: 16_384 },
  { prefix: 'gpt-oss', contextWindow: 131_072, maxOutput: 32_768, thinking: true },
  { prefix: 'o1', contextWindow: 200_000, maxOutput: 100_000, thinking: true },
  { prefix: 'o3', contextWindow: 200_000, maxOutput: 100_000, thinking: true },
  { prefix: 'o4', contextWindow: 200_000, maxOutput: 100_000, thinking: true },
  { prefix: 'gemini', contextWindow: 1_048_576, maxOutput: 65_536, thinking: true },
  { prefix: 'deepseek-v4', contextWindow: 1_048_576, maxOutput: 384_000, thinking: true },
  { prefix: 'deepseek', contextWindow: 128_000, maxOutput: 8_192 },
  { prefix: 'devstral', contextWindow: 128_000, maxOutput: 32_768 },
  { prefix: 'mistral', contextWindow: 128_000, maxOutput: 32_768 },
  { prefix: 'llama-3', contextWindow: 131_072, maxOutput: 32_768 },
];

/** Whose list is asked first for a model that several serve. OpenRouter's ids have a vendor, and its list most models. */
const listOrder = ['anthropic', 'openai', 'gemini', 'deepseek', 'mistral', 'groq', 'openrouter'];

const known = new Map<string, ModelFacts>();
const MOST_KNOWN = 1_000;

/** What is known of the model with this name, whoever serves it; `unknownModel` when nothing is. */
export function modelFacts(model: string): ModelFacts {
  let facts = known.get(model);
  if (!facts) {
    facts = factsOf(model);
    if (known.size < MOST_KNOWN) known.set(model, facts);
  }
  return facts;
}

/** Tokens that fit the model; 128,000 for a model nobody has told us about (set `contextWindow` for those). */
export function contextWindow(model: string): number {
  return modelFacts(model).contextWindow;
}

function factsOf(model: string): ModelFacts {
  const withoutVendor = model.slice(model.lastIndexOf('/') + 1);
  const dashed = withoutVendor.toLowerCase().replaceAll('.', '-');
  const preservesThinking = preservesThinkingPattern.test(dashed);
  for (const name of new Set([model, withoutVendor, dashed])) {
    for (const provider of listOrder) {
      const listed = listedModel(provider, name);
      if (!listed) continue;
      const { price, ...facts } = listed;
      return { ...facts, preservesThinking, known: true };
    }
  }
  let best: Family | undefined;
  for (const family of families) {
    const isLonger = family.prefix.length > (best?.prefix.length ?? 0);
    if (isLonger && startsWithWord(dashed, family.prefix)) best = family;
  }
  if (!best) return unknownModel;
  const { contextWindow, maxOutput, thinking = false } = best;
  return { contextWindow, maxOutput, images: true, thinking, tools: true, preservesThinking, known: true };
}

/** Fable and Mythos 5.1 and 5.2, and the other models 5.5, whatever comes behind a dash. */
const preservesThinkingPattern = /^claude-((fable|mythos)-5-[12]|(opus|sonnet|haiku)-5-5)(?!\d)/;

/** `o3` is the start of `o3-mini`, not of `o365`. */
function startsWithWord(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && !/^\d/.test(name.slice(prefix.length));
}
