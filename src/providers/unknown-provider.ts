import { nearest } from '../config/nearest.js';
import { ConfigError } from '../core/errors.js';
import { presets } from './presets.js';

/** The providers that are known by name, in the one order in which people are told of them. */
export const providerNames: readonly string[] = [...Object.keys(presets), 'offline', 'scripted'];

/** The one error for a name that none of them has, wherever it was written. */
export function unknownProvider(name: string): ConfigError {
  const meant = nearest(name, providerNames);
  const guess = meant === undefined ? '' : `Did you mean ${meant}? `;
  return new ConfigError(`There is no provider "${name}".`, {
    key: 'provider',
    advice: `${guess}Choose one of ${providerNames.join(', ')}, or set provider to the path of a module.`,
  });
}
