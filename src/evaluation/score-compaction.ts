import { setImmediate as nextTurn } from 'node:timers/promises';
import { tryStrategy } from '../compaction/try-strategy.js';
import type { Context } from '../core/context.js';
import { contextSize } from '../core/context-size.js';
import { currentTask } from '../core/current-task.js';
import { extensionName } from '../core/describe-failure.js';
import type { EvaluationCase, EvaluationOptions, EvaluationScore, FactScore } from '../core/evaluation.js';
import type { CompactionStrategy, ModelAccess } from '../core/extension.js';
import type { Message } from '../core/message.js';
import { estimateTokens } from '../core/tokens.js';
import { median } from './median.js';
import { pinnedFacts } from './pinned-facts.js';
import { wholePairs } from './whole-pairs.js';

export interface ScoreCompactionOptions extends Omit<EvaluationOptions, 'strategies'> {
  /** Whose scores are marked as those of the one in force. */
  readonly configured: string;
  readonly timeoutMs?: number | undefined;
}

/** Milliseconds of a run after which there is no further one for the median, and of a first run after which there is none at all. */
const LONG_MS = 500;
const TOO_LONG_MS = 5_000;

/** What each strategy leaves of each case with each budget. */
export async function scoreCompaction(
  cases: readonly EvaluationCase[],
  strategies: readonly CompactionStrategy[],
  options: ScoreCompactionOptions,
): Promise<readonly EvaluationScore[]> {
  const budgets = options.budgets ?? [undefined];
  const of = cases.length * budgets.length * strategies.length;
  const scores: EvaluationScore[] = [];
  for (const { sessionId, messages, task, facts } of cases) {
    const factsIn = pinnedFacts(messages, facts);
    const metadata = task === undefined ? currentTask(messages) : { currentTask: task };
    const tokens = estimateTokens(messages);
    for (const budget of budgets) {
      const budgetTokens =
        budget === undefined ? undefined : budget <= 1 ? Math.floor(tokens * budget) : Math.floor(budget);
      const target = budgetTokens === undefined ? {} : { targetTokens: budgetTokens };
      const context = { messages, metadata: { ...metadata, ...target } };
      for (const strategy of strategies) {
        const name = extensionName(strategy);
        options.onProgress?.({ done: scores.length, of, what: `${name} on ${sessionId}` });
        // A strategy may compute for seconds: whoever watches gets a turn in between.
        await nextTurn();
        scores.push({
          ...{ sessionId, strategy: name, configured: name === options.configured },
          ...(budgetTokens === undefined ? {} : { budgetTokens }),
          ...(await scoreOne(strategy, context, factsIn, options)),
        });
      }
    }
  }
  return scores;
}

async function scoreOne(
  strategy: CompactionStrategy,
  context: Context,
  factsIn: (sent: readonly Message[]) => readonly FactScore[],
  { model, timeoutMs, rounds = 1 }: ScoreCompactionOptions,
): Promise<Omit<EvaluationScore, 'sessionId' | 'strategy' | 'configured'>> {
  const durations: number[] = [];
  let modelCalls = 0;
  const counted: ModelAccess | undefined = model && {
    complete(request) {
      modelCalls += 1;
      return model.complete(request);
    },
  };
  const watched: CompactionStrategy = {
    name: extensionName(strategy),
    async compact(given, asked) {
      const startedAt = performance.now();
      try {
        return await strategy.compact(given, asked);
      } finally {
        durations.push(performance.now() - startedAt);
      }
    },
  };
  const run = () => tryStrategy(watched, context, { model: counted, timeoutMs });
  const startedAt = performance.now();
  const tried = await run();
  const firstMs = performance.now() - startedAt;
  const asked = modelCalls;
  // The first run also pays for what is made ready once, such as the table of vectors.
  const timed: number[] = [];
  if (!('problem' in tried) && rounds > 1 && firstMs < TOO_LONG_MS) {
    do {
      await run();
      timed.push(durations.at(-1)!);
    } while (timed.length < rounds && timed.at(-1)! < LONG_MS);
  }
  const after = 'problem' in tried ? context.messages : tried.context.messages;
  const left = new Map(after.map((message) => [message.id, message]));
  return {
    before: contextSize(context.messages),
    after: contextSize(after),
    facts: factsIn(after),
    pairs: wholePairs(after),
    dropped: context.messages.filter(({ id }) => !left.has(id)).map(({ id }) => id),
    shortened: context.messages.filter((one) => (left.get(one.id) ?? one) !== one).map(({ id }) => id),
    modelCalls: asked,
    // One that hangs has not come to its end.
    durationMs: timed.length > 0 ? median(timed) : (durations[0] ?? firstMs),
    ...('problem' in tried ? { problem: tried.problem } : {}),
  };
}
