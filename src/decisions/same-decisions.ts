import type { RecordedDecision } from '../core/decision-record.js';

/** Decisions of which those of one turn that are the same are one, counted and with the sum of what they took; in the order in which each came first. */
export function sameDecisions(decisions: readonly RecordedDecision[]): readonly RecordedDecision[] {
  const all = new Map<string, RecordedDecision>();
  for (const one of decisions) {
    const { turn, turnId, coordinator, decision, outcome, reason, inputs } = one;
    const name = JSON.stringify([turn, turnId, coordinator, decision, outcome, reason, inputs]);
    const before = all.get(name);
    all.set(name, before ? together(before, one) : one);
  }
  return [...all.values()];
}

/** The same over all turns, each where it came last. */
export function recurringDecisions(decisions: readonly RecordedDecision[]): readonly RecordedDecision[] {
  const all = new Map<string, RecordedDecision>();
  for (const one of decisions) {
    const { coordinator, decision, outcome, reason, inputs } = one;
    const name = JSON.stringify([coordinator, decision, outcome, reason, inputs]);
    const before = all.get(name);
    all.delete(name);
    all.set(name, before ? together(one, before) : one);
  }
  return [...all.values()];
}

function together(some: RecordedDecision, more: RecordedDecision): RecordedDecision {
  const sums = (['ms', 'tokens', 'usd'] as const).flatMap((name) =>
    name in some.cost || name in more.cost ? [[name, (some.cost[name] ?? 0) + (more.cost[name] ?? 0)]] : [],
  );
  return { ...some, times: some.times + more.times, cost: Object.fromEntries(sums) };
}
