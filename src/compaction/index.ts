import * as z from 'zod';
import type { CompactionStrategy, Embedder } from '../core/extension.js';
import { createHybridStrategy } from './hybrid.js';
import { createNoneStrategy } from './none.js';
import { createPruneToolOutputStrategy, type PruneToolOutputOptions } from './prune-tool-output.js';
import { createRecentStrategy, type RecentOptions } from './recent.js';
import { createSemanticStrategy, type SemanticOptions } from './semantic.js';
import { createSummarizeStrategy, type SummarizeOptions } from './summarize.js';
import { createTaskAwareStrategy, type TaskAwareOptions } from './task-aware.js';

type Factory = (options: unknown) => CompactionStrategy;

const count = z.int().positive().optional();
const noOptions = z.strictObject({});
const recentOptions = z.strictObject({ keepLast: count });
const summarizeOptions = z.strictObject({
  keepLast: count,
  maxTokens: z.int().min(256).optional(),
  maxInputTokens: z.int().min(1_000).optional(),
});
const semanticOptions = z.strictObject({ keepLast: count, targetCount: count });
const taskAwareOptions = z.strictObject({ keepLast: count, keep: count });
const pruneToolOutputOptions = z.strictObject({
  keepLast: count,
  keepErrors: count,
  maxCharacters: z.int().min(300).optional(),
});

/** What a chain may be made of. */
const singleStrategies = (embedder?: Embedder): Readonly<Record<string, Factory>> => ({
  recent: (options) => createRecentStrategy(parsed<RecentOptions>(recentOptions, options)),
  summarize: (options) => createSummarizeStrategy(parsed<SummarizeOptions>(summarizeOptions, options)),
  semantic: (options) =>
    createSemanticStrategy({ ...parsed<SemanticOptions>(semanticOptions, options), embedder }),
  'task-aware': (options) =>
    createTaskAwareStrategy({ ...parsed<TaskAwareOptions>(taskAwareOptions, options), embedder }),
  'prune-tool-output': (options) =>
    createPruneToolOutputStrategy(parsed<PruneToolOutputOptions>(pruneToolOutputOptions, options)),
});

const namesInChain = Object.keys(singleStrategies());
const nameInChain = z.enum(namesInChain as [string, ...string[]]);
const hybridOptions = z.strictObject({
  strategies: z
    .array(
      z.union([nameInChain, z.tuple([nameInChain, z.record(z.string(), z.unknown())])], {
        error: `expected ${namesInChain.join(', ')}, or one of them with options: [name, { ... }]`,
      }),
    )
    .min(1)
    .default(['prune-tool-output', 'task-aware', 'summarize']),
});

/** The options of each, for whoever describes them. */
export const compactionOptions: Readonly<Record<string, z.ZodObject>> = {
  recent: recentOptions,
  summarize: summarizeOptions,
  semantic: semanticOptions,
  'task-aware': taskAwareOptions,
  'prune-tool-output': pruneToolOutputOptions,
  hybrid: hybridOptions,
  none: noOptions,
};

/** The built-in strategies by name, over this embedder; each factory validates its options. */
export function compactionStrategies(embedder?: Embedder): Readonly<Record<string, Factory>> {
  const single = singleStrategies(embedder);
  return {
    ...single,
    hybrid: (options) => {
      const { strategies } = hybridOptions.parse(options ?? {});
      return createHybridStrategy(
        strategies.map((entry) => {
          const [name, own] = typeof entry === 'string' ? [entry, {}] : entry;
          return single[name]!(own);
        }),
      );
    },
    none: (options) => {
      noOptions.parse(options ?? {});
      return createNoneStrategy();
    },
  };
}

/** The same with the built-in `static` embedder. */
export const builtInCompactionStrategies: Readonly<Record<string, Factory>> = compactionStrategies();

/** Those that answer at once, at no cost and always alike because they ask no model, with their usual options. */
export function strategiesWithoutModel(): readonly CompactionStrategy[] {
  return ['recent', 'semantic', 'task-aware', 'prune-tool-output', 'none'].map((name) =>
    builtInCompactionStrategies[name]!({}),
  );
}

/** Options that are absent in the configuration are absent for the strategy. */
function parsed<Options extends object>(schema: z.ZodType, options: unknown): Options {
  return schema.parse(options ?? {}) as Options;
}
