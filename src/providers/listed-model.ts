import type { Price, Rates } from '../core/usage.js';
import { modelData } from './model-data.js';

/** What the price list says of one model. */
export interface ListedModel {
  readonly contextWindow: number;
  readonly maxOutput: number;
  readonly images: boolean;
  readonly thinking: boolean;
  readonly tools: boolean;
  /** `undefined` when nobody knows. */
  readonly price: Price | undefined;
}

/** The one provider's own line for this model, or for the model that this one is a dated version of. */
export function listedModel(provider: string, model: string): ListedModel | undefined {
  if (!Object.hasOwn(modelData, provider)) return undefined;
  const table = modelData[provider] ?? '';
  const line = lineOf(table, model) ?? lineOf(table, model.replace(/-(\d{8}|\d{4}-\d\d-\d\d)$/, ''));
  return line === undefined ? undefined : parsed(line);
}

/** The models that the price list has of a provider, as it names them. */
export function listedModels(provider: string): readonly string[] {
  if (!Object.hasOwn(modelData, provider)) return [];
  const lines = (modelData[provider] ?? '').trim().split('\n');
  return lines.map((line) => line.slice(0, line.indexOf(' ')));
}

function lineOf(table: string, id: string): string | undefined {
  const start = table.indexOf(`\n${id} `);
  return start < 0 ? undefined : table.slice(start + 1, table.indexOf('\n', start + 1));
}

function parsed(line: string): ListedModel {
  const [, contextWindow, maxOutput, abilities = '', ...prices] = line.split(' ');
  return {
    contextWindow: Number(contextWindow),
    maxOutput: Number(maxOutput),
    images: abilities.includes('i'),
    thinking: abilities.includes('r'),
    tools: abilities.includes('t'),
    price: prices[0] === '-' ? undefined : price(prices.map(Number)),
  };
}

/** Five rates, then a number of tokens and five rates for each size of prompt that costs more. */
function price(numbers: readonly number[]): Price {
  const longContext: (Rates & { above: number })[] = [];
  for (let at = 5; at < numbers.length; at += 6) {
    longContext.push({ above: numbers[at] ?? 0, ...rates(numbers.slice(at + 1, at + 6)) });
  }
  return { ...rates(numbers), ...(longContext.length ? { longContext } : {}) };
}

function rates([input = 0, output = 0, cacheRead, cacheWrite, cacheWrite1h]: readonly number[]): Rates {
  return { input, output, cacheRead, cacheWrite, cacheWrite1h };
}
