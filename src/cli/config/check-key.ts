import { parseKey } from '../../config/key-path.js';
import { nearest } from '../../config/nearest.js';
import { knownKeys } from '../../config/problems.js';
import { settingsSchema } from '../../config/schema.js';
import { ConfigError } from '../../core/errors.js';

/** Throws `ConfigError` for what is no setting, with the nearest one. Below names that users choose everything may be one. */
export function checkKey(key: string): void {
  const known = knownKeys(settingsSchema);
  const path = parseKey(key) ?? [];
  const isKnown = known.includes(key);
  const hasFreeNames =
    path.length > 1 && known.includes(path[0]!) && !known.some((one) => one.startsWith(`${path[0]}.`));
  if (isKnown || hasFreeNames) return;
  const meant = nearest(key, known) ?? known.find((one) => one.split('.').at(-1) === key);
  throw new ConfigError(`there is no setting ${key}`, {
    advice: meant === undefined ? 'victor config show lists those that hold here.' : `Did you mean ${meant}?`,
    key,
  });
}
