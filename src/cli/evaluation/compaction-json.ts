import {
  allFacts,
  type ComparedCase,
  factKinds,
  MOST_CONTESTED,
  notShown,
  resultOf,
  type StrategyResult,
  totals,
} from './compaction-results.js';

/** The evaluation as one object; milliseconds and tokens are whole or to a tenth. */
export function compactionJson(compared: readonly ComparedCase[], { sample }: { readonly sample: boolean }) {
  return {
    cases: compared.map((given) => {
      const { case: one, budget, scores, contested } = given;
      return {
        session_id: one.sessionId,
        title: one.title,
        ...(one.task === undefined ? {} : { task: one.task }),
        budget,
        results: scores.map((score) => ({
          ...resultJson(resultOf(score, given)),
          lost: score.facts
            .filter(({ kept }) => !kept)
            .map((fact) => ({
              ...{ kind: fact.kind, text: fact.text },
              ...(given.shortened.get(score)?.has(fact) ? { shortened: true } : {}),
            })),
          dropped: score.dropped.length,
          shortened: score.shortened.length,
          kept_by_others: (contested.get(score) ?? [])
            .slice(0, MOST_CONTESTED)
            .map(({ id, role, text, keptBy }) => ({ id, role, text, kept_by: keptBy })),
        })),
      };
    }),
    totals: totals(compared).map(({ budget, results }) => ({ budget, results: results.map(resultJson) })),
    not_shown: notShown(compared, { sample }),
  };
}

function resultJson(result: StrategyResult) {
  const { strategy, configured, before, after, budgetTokens, facts, pairs, modelCalls, problem } = result;
  return {
    strategy,
    configured,
    budget_tokens: budgetTokens,
    before,
    after,
    facts: {
      ...allFacts(result),
      shortened: result.shortened,
      ...Object.fromEntries(factKinds.map((kind) => [kind.replace('-', '_'), facts[kind]])),
    },
    pairs,
    model_calls: modelCalls,
    duration_ms: Math.round(result.durationMs * 10) / 10,
    ...(problem === undefined ? {} : { problem }),
  };
}
