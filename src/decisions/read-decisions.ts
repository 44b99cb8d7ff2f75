import type { DecisionBatch, DecisionEntry, RecordedDecision } from '../core/decision-record.js';

type WithWords = Extract<DecisionEntry, { readonly key: string }>;

/** Each decision with all its words and inputs again, and the number of its turn. What points to an entry that is gone is left out. */
export function readDecisions(batches: readonly DecisionBatch[]): readonly RecordedDecision[] {
  const known = new Map<string, WithWords>();
  const turns = new Map<string, number>();
  return batches.flatMap(({ turnId, entries }) => {
    if (turnId !== undefined && !turns.has(turnId)) turns.set(turnId, turns.size + 1);
    const turn = turnId === undefined ? turns.size + 1 : turns.get(turnId)!;
    return entries.flatMap((entry): RecordedDecision[] => {
      if ('key' in entry) known.set(entry.key, entry);
      const full = 'key' in entry ? entry : known.get(entry.as);
      if (!full) return [];
      const { at: timestamp, times = 1, cost = {} } = entry;
      const inputs = { ...full.inputs, ...entry.inputs };
      const place = { turn, ...(turnId === undefined ? {} : { turnId }) };
      return [{ ...place, ...full.words, times, timestamp, inputs, cost }];
    });
  });
}
