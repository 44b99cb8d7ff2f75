import { isRecord } from '../core/is-record.js';
import { modelText } from '../tools/model-text.js';

/** What the schema of one tool may be: each is sent to the model with every request. */
const MOST_CHARACTERS = 20_000;
const MOST_DEPTH = 16;
const LONGEST_TEXT = 2_000;

/**
 * The JSON schema of a server's tool as a model may get it, without control characters in its texts; `undefined` when it is
 * too large or no schema of an object.
 */
export function cleanSchema(given: unknown): Readonly<Record<string, unknown>> | undefined {
  if (!isRecord(given) || depthOf(given) > MOST_DEPTH) return undefined;
  const { $schema, ...schema } = cleaned(given) as Record<string, unknown>;
  const whole = { ...schema, type: 'object' };
  return JSON.stringify(whole).length > MOST_CHARACTERS ? undefined : whole;
}

/** Up to one more than it may be. */
function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > MOST_DEPTH) return depth;
  return Object.values(value).reduce<number>((most, one) => Math.max(most, depthOf(one, depth + 1)), depth);
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return modelText(value).slice(0, LONGEST_TEXT);
  if (Array.isArray(value)) return value.map(cleaned);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [modelText(key), cleaned(one)]));
}
