import type { Settings } from '../config/schema.js';
import { ProviderCoordinator, type ProviderCoordinatorOptions } from '../coordinators/provider.js';
import { budgetSettings } from '../core/budget.js';
import { noUsage } from '../core/usage.js';

/** A line for each fallback that will not be asked, because a budget holds and what it costs would never be counted. */
export function unpricedFallbacks(
  settings: Settings,
  options: ProviderCoordinatorOptions,
): readonly string[] {
  if (budgetSettings.every((name) => settings[name] === undefined)) return [];
  return (options.fallback ?? []).flatMap((one) => {
    if (new ProviderCoordinator({ ...options, ...one }).cost(noUsage) !== null) return [];
    const name = `${one.provider.name}/${one.model}`;
    return [
      `The fallback ${name} is not asked while a budget holds: its price is unknown. Set prices."${name}" to have it asked.`,
    ];
  });
}
