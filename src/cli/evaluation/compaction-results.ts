import type { EvaluationScore, FactKind, FactScore } from '../../core/evaluation.js';
import type { ContestedMessage } from '../../evaluation/compare-drops.js';
import type { NamedCase } from './compaction-cases.js';

/** What the strategies left of one case with one budget. */
export interface ComparedCase {
  readonly case: NamedCase;
  /** A share of the tokens, at most 1, or tokens. */
  readonly budget: number;
  readonly scores: readonly EvaluationScore[];
  readonly contested: ReadonlyMap<EvaluationScore, readonly ContestedMessage[]>;
  /** Of the facts that are lost those whose message is there, but not whole. */
  readonly shortened: ReadonlyMap<EvaluationScore, ReadonlySet<FactScore>>;
}

/** What one strategy did with one case, or with all cases together. */
export interface StrategyResult {
  readonly strategy: string;
  readonly configured: boolean;
  readonly before: { readonly messages: number; readonly tokens: number };
  readonly after: { readonly messages: number; readonly tokens: number };
  readonly budgetTokens: number;
  /** Kept and all, by kind. */
  readonly facts: Readonly<Record<FactKind, { readonly kept: number; readonly all: number }>>;
  /** Of the facts that are not kept those whose message is there, but not whole. */
  readonly shortened: number;
  readonly pairs: { readonly calls: number; readonly whole: number };
  readonly modelCalls: number;
  readonly durationMs: number;
  readonly problem?: string;
}

/** More messages that others keep are not listed of one strategy. */
export const MOST_CONTESTED = 200;

export const factKinds: readonly FactKind[] = ['constraint', 'file', 'open-item', 'own'];

export function resultOf(score: EvaluationScore, of: ComparedCase): StrategyResult {
  const { strategy, configured, before, after, budgetTokens = 0, facts, pairs, modelCalls } = score;
  const counted = factKinds.map((kind) => {
    const own = facts.filter((one) => one.kind === kind);
    return [kind, { kept: own.filter(({ kept }) => kept).length, all: own.length }] as const;
  });
  return {
    ...{ strategy, configured, before, after, budgetTokens, pairs, modelCalls },
    facts: Object.fromEntries(counted) as StrategyResult['facts'],
    shortened: of.shortened.get(score)?.size ?? 0,
    durationMs: score.durationMs,
    ...(score.problem === undefined ? {} : { problem: score.problem }),
  };
}

/** The results of one strategy with several cases as one: sums. One that failed with some has failed. */
export function sumOf(results: readonly StrategyResult[]): StrategyResult {
  const [first] = results;
  const failed = results.filter(({ problem }) => problem !== undefined);
  const sum = (of: (result: StrategyResult) => number) => results.reduce((total, one) => total + of(one), 0);
  return {
    strategy: first!.strategy,
    configured: first!.configured,
    before: { messages: sum(({ before }) => before.messages), tokens: sum(({ before }) => before.tokens) },
    after: { messages: sum(({ after }) => after.messages), tokens: sum(({ after }) => after.tokens) },
    budgetTokens: sum(({ budgetTokens }) => budgetTokens),
    facts: Object.fromEntries(
      factKinds.map((kind) => [
        kind,
        { kept: sum(({ facts }) => facts[kind].kept), all: sum(({ facts }) => facts[kind].all) },
      ]),
    ) as StrategyResult['facts'],
    shortened: sum(({ shortened }) => shortened),
    pairs: { calls: sum(({ pairs }) => pairs.calls), whole: sum(({ pairs }) => pairs.whole) },
    modelCalls: sum(({ modelCalls }) => modelCalls),
    durationMs: sum(({ durationMs }) => durationMs),
    ...(failed.length === 0
      ? {}
      : { problem: `with ${failed.length} of ${results.length} cases: ${failed[0]!.problem}` }),
  };
}

/** The sums of each budget over all cases, strategy by strategy. */
export function totals(
  compared: readonly ComparedCase[],
): readonly { readonly budget: number; readonly results: readonly StrategyResult[] }[] {
  const budgets = [...new Set(compared.map(({ budget }) => budget))];
  return budgets.map((budget) => {
    const own = compared.filter((one) => one.budget === budget);
    const strategies = own[0]?.scores ?? [];
    return {
      budget,
      results: strategies.map((_, place) => sumOf(own.map((one) => resultOf(one.scores[place]!, one)))),
    };
  });
}

/** All facts of a result together. */
export function allFacts({ facts }: Pick<StrategyResult, 'facts'>): {
  readonly kept: number;
  readonly all: number;
} {
  const each = factKinds.map((kind) => facts[kind]);
  return {
    kept: each.reduce((sum, { kept }) => sum + kept, 0),
    all: each.reduce((sum, { all }) => sum + all, 0),
  };
}

/** A result this far below what was wanted was not made for it. */
const FAR_BELOW = 0.8;

/** What these numbers do not show, in sentences. */
export function notShown(
  compared: readonly ComparedCase[],
  { sample }: { readonly sample: boolean },
): string[] {
  const results = compared
    .flatMap((one) => one.scores.map((score) => resultOf(score, one)))
    .filter((one) => one.problem === undefined);
  const asking = names(results.filter(({ modelCalls }) => modelCalls > 0));
  const shortening = names(results.filter(({ shortened }) => shortened > 0));
  const over = names(results.filter((one) => one.after.tokens > one.budgetTokens));
  const below = names(results.filter((one) => one.after.tokens < one.budgetTokens * FAR_BELOW));
  return [
    'Whether a model would answer as well with what is kept. Facts are found by their wording: one that is kept in other words counts as lost, one that nobody worded as such is not counted, and an open item may have been done since.',
    'What a request costs: tokens are estimated (4 characters each), without the system prompt and the tools. Times are of this machine, now.',
    ...(asking === ''
      ? []
      : [
          `What a model would write: ${asking} asked one, and none was. The real result is larger, and may hold facts that count as lost here.`,
        ]),
    ...(shortening === ''
      ? []
      : [
          `Whether what matters of a shortened message is still there: ${shortening} shortened some that show a fact, and these count as lost.`,
        ]),
    ...(over === ''
      ? []
      : [
          `A fair comparison with ${over}, which left more than was wanted (this may be as it is configured).`,
        ]),
    ...(below === '' ? [] : [`What ${below} could have kept with the room that was left unused.`]),
    ...(sample
      ? [
          'Which strategy suits your work: the sample is one made-up session, to show how this reads. Evaluate your own.',
        ]
      : []),
  ];
}

function names(results: readonly StrategyResult[]): string {
  return [...new Set(results.map(({ strategy }) => strategy))].join(', ');
}
