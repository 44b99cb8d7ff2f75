import type { DecisionInput, DecisionRecord, DecisionWords } from '../core/decision-record.js';
import { withoutHeldSecrets } from '../core/held-secrets.js';
import { redact } from '../core/redact.js';

/** Characters of a sentence, and of a name or another input. */
const LONGEST_TEXT = 200;
const LONGEST_INPUT = 120;
/** What is looked at of a text before it is cut: a key that is cut in two would not be known as one. */
const LOOKED_AT = 4_000;
/** Shorter texts hold no key. */
const SHORTEST_SECRET = 8;
const MOST_ITEMS = 64;
const MOST_INPUTS = 16;

/**
 * What is looked at of a decision at all: its texts may be somebody's whole script, and are held on to until they are kept.
 * A user's own coordinator may give no reason, or anything else: every text of the answer is one, and no input is missing.
 */
export function bounded(record: DecisionRecord): DecisionRecord {
  const { outcome, reason, inputs = {} } = record;
  if ([outcome, reason].every(isShort) && Object.values(inputs).every(isPlain)) return record;
  const given = Object.entries(inputs).filter(([, value]) => value !== undefined && value !== null);
  return {
    ...record,
    outcome: isMissing(outcome) ? 'Answered' : shortened(outcome),
    reason: isMissing(reason) ? 'It gave no reason.' : shortened(reason),
    inputs: Object.fromEntries(given.map(([name, value]) => [name, plain(value)])),
  };
}

function isShort(text: unknown): boolean {
  return typeof text === 'string' && text !== '' && text.length <= LOOKED_AT;
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= LOOKED_AT;
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string');
  return typeof value === 'number' || typeof value === 'boolean';
}

function plain(value: DecisionInput): DecisionInput {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.map(shortened) : shortened(value);
}

function isMissing(text: unknown): boolean {
  return text === undefined || text === null || text === '';
}

function shortened(text: unknown): string {
  return String(text).slice(0, LOOKED_AT);
}

/** The start of a text on one line, without keys. */
export function briefText(text: string, most = LONGEST_TEXT): string {
  if (text.length < SHORTEST_SECRET) return text;
  const clean = redact(withoutHeldSecrets(text.slice(0, LOOKED_AT)))
    .replaceAll(/\s+/g, ' ')
    .trim();
  return clean.length > most ? `${clean.slice(0, most - 1)}…` : clean;
}

export function briefWords({ coordinator, decision, outcome, reason }: DecisionWords): DecisionWords {
  return { coordinator, decision, outcome: briefText(outcome), reason: briefText(reason) };
}

/** At most so many, each short: a list that goes on says how many more there are. */
export function briefInputs(inputs: DecisionRecord['inputs'] = {}): Readonly<Record<string, DecisionInput>> {
  return Object.fromEntries(
    Object.entries(inputs)
      .slice(0, MOST_INPUTS)
      .map(([name, value]) => [name, briefInput(value)]),
  );
}

function briefInput(value: DecisionInput): DecisionInput {
  if (typeof value === 'string') return briefText(value, LONGEST_INPUT);
  if (typeof value !== 'object') return value;
  const items = value.slice(0, MOST_ITEMS).map((item) => briefText(item, LONGEST_INPUT));
  const left = value.length - items.length;
  return left > 0 ? [...items, `and ${left} more`] : items;
}
