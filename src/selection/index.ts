import type { ToolSelectionStrategy } from '../core/extension.js';
import { createKeywordStrategy } from './keyword.js';

/** The tool-selection strategies that come with Victor, by the name a configuration uses. */
export const builtInSelectionStrategies: Readonly<Record<string, () => ToolSelectionStrategy>> = {
  keyword: createKeywordStrategy,
};
