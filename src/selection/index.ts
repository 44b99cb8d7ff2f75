import * as z from 'zod';
import type { Embedder, ToolSelectionStrategy } from '../core/extension.js';
import { createHybridStrategy } from './hybrid.js';
import { createKeywordStrategy } from './keyword.js';
import { createSemanticStrategy } from './semantic.js';

const noOptions = z.strictObject({});
const hybridOptions = z.strictObject({ alpha: z.number().min(0).max(1).optional() });

/** The options of each, for whoever describes them. */
export const selectionOptions: Readonly<Record<string, z.ZodObject>> = {
  keyword: noOptions,
  semantic: noOptions,
  hybrid: hybridOptions,
};

type Strategies = Readonly<Record<string, (options: unknown) => ToolSelectionStrategy>>;

/** The tool-selection strategies that come with Victor, by the name a configuration uses; each checks its options. */
export function selectionStrategies(embedder?: Embedder): Strategies {
  return {
    keyword: (options) => {
      noOptions.parse(options);
      return createKeywordStrategy();
    },
    semantic: (options) => {
      noOptions.parse(options);
      return createSemanticStrategy({ embedder });
    },
    hybrid: (options) => {
      const { alpha } = hybridOptions.parse(options);
      return createHybridStrategy({ embedder, ...(alpha === undefined ? {} : { alpha }) });
    },
  };
}

/** The same with the built-in `static` embedder. */
export const builtInSelectionStrategies: Strategies = selectionStrategies();

/** Each with its usual options, to be compared with others. */
export function usualSelectionStrategies(): readonly ToolSelectionStrategy[] {
  return Object.values(builtInSelectionStrategies).map((create) => create({}));
}

type NamedStrategy = string | readonly [string, Readonly<Record<string, unknown>>];

interface SelectionSettings {
  readonly strategy: NamedStrategy;
  readonly alpha: number;
}

/** What the settings name, as it is loaded: `alpha` is a setting of its own, and the option of `hybrid`. */
export function selectionEntry({ strategy, alpha }: SelectionSettings): NamedStrategy {
  return strategy === 'hybrid' ? [strategy, { alpha }] : strategy;
}

/** The built-in strategy that the settings name; `undefined` when they name a file or a package. */
export function builtInSelectionStrategy(settings: SelectionSettings): ToolSelectionStrategy | undefined {
  const entry = selectionEntry(settings);
  const [name, options] = typeof entry === 'string' ? [entry, {}] : entry;
  return Object.hasOwn(builtInSelectionStrategies, name)
    ? builtInSelectionStrategies[name]!(options)
    : undefined;
}
