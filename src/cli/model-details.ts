import type { Settings } from '../config/schema.js';
import type { Provider } from '../core/provider.js';
import { completeRates, type Price } from '../core/usage.js';
import { type ModelFacts, modelFacts } from '../providers/catalogue.js';
import { listedModel } from '../providers/listed-model.js';
import { modelDataSource } from '../providers/model-data.js';

/** What is known of one model of a provider, and who says what it costs. */
export interface ModelDetails {
  readonly model: string;
  readonly facts: ModelFacts;
  readonly price: Price | undefined;
  readonly priceFrom: 'settings' | 'list' | undefined;
}

export function modelDetails(
  provider: Pick<Provider, 'name'>,
  model: string,
  { prices, contextWindow }: Pick<Settings, 'prices' | 'contextWindow'>,
): ModelDetails {
  const facts = modelFacts(model);
  const own = prices[`${provider.name}/${model}`] ?? prices[model];
  const listed = listedModel(provider.name, model)?.price;
  return {
    model,
    facts: { ...facts, contextWindow: contextWindow ?? facts.contextWindow },
    price: own ?? listed,
    priceFrom: own ? 'settings' : listed ? 'list' : undefined,
  };
}

/** One line: what it costs, how much it sees, what it can. */
export function detailsText({ facts, price, priceFrom }: ModelDetails): string {
  const { contextWindow, known } = facts;
  const tokens = `${contextWindow.toLocaleString('en-US')} tokens${known ? '' : ' assumed'}`;
  const costs = price
    ? priceText(price) + (priceFrom === 'settings' ? ' (your price)' : '')
    : 'price unknown';
  return [costs, tokens, ...(known ? [abilities(facts).join(', ')] : [])].join('; ');
}

export function detailsObject({ model, facts, price, priceFrom }: ModelDetails) {
  return {
    model,
    context_window: facts.contextWindow,
    max_output: facts.known ? facts.maxOutput : null,
    abilities: facts.known ? abilities(facts) : null,
    price: price ?? null,
    price_from: priceFrom ?? null,
  };
}

/** Where the list prices are from, in words. */
export const priceListText = `Prices are US dollars per million tokens: yours where prices has one, else those of the npm package ${modelDataSource.package} ${modelDataSource.version} of ${modelDataSource.date}.`;

function abilities({ images, thinking, tools }: ModelFacts): string[] {
  return Object.entries({ images, thinking, tools }).flatMap(([name, can]) => (can ? [name] : []));
}

function priceText(price: Price): string {
  const { input, output, cacheRead, cacheWrite, cacheWrite1h } = completeRates(price);
  const shown = (amount: number): string => `$${Number(amount.toPrecision(6))}`;
  const cache = `cache ${shown(cacheRead)} read, ${shown(cacheWrite)} write, ${shown(cacheWrite1h)} for an hour`;
  const longer = (price.longContext ?? []).map(
    (rates) =>
      `, above ${rates.above.toLocaleString('en-US')} tokens ${shown(rates.input)} in, ${shown(rates.output)} out`,
  );
  return `${shown(input)} in, ${shown(output)} out, ${cache}${longer.join('')}`;
}
