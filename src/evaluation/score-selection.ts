import { setImmediate as nextTurn } from 'node:timers/promises';
import { extensionName } from '../core/describe-failure.js';
import type { EvaluationProgress, SelectionCase, SelectionMiss, SelectionScore } from '../core/evaluation.js';
import type { ToolDescriptor, ToolScore, ToolSelectionStrategy } from '../core/extension.js';
import { checkedScores } from '../selection/checked-scores.js';
import { median } from './median.js';

export interface ScoreSelectionOptions {
  readonly tools: readonly ToolDescriptor[];
  /** Whose score is marked as that of the one in force. */
  readonly configured: string;
  readonly timeoutMs: number;
  readonly onProgress?: ((progress: EvaluationProgress) => void) | undefined;
}

/** How many of the tools that stood before the right one are named. */
const NAMED = 3;
/** Requests are answered in fractions of a millisecond: whoever watches gets a turn after so many. */
const REQUESTS_A_TURN = 100;

/** How often each strategy ranks a right tool among the first. One that fails once is not asked again. */
export async function scoreSelection(
  cases: readonly SelectionCase[],
  strategies: readonly ToolSelectionStrategy[],
  { tools, configured, timeoutMs, onProgress }: ScoreSelectionOptions,
): Promise<readonly SelectionScore[]> {
  const of = cases.length * strategies.length;
  const scores: SelectionScore[] = [];
  for (const [place, strategy] of strategies.entries()) {
    const name = extensionName(strategy);
    const durations: number[] = [];
    const ranks: number[] = [];
    const misses: SelectionMiss[] = [];
    let problem: string | undefined;
    for (const [index, { request, expected }] of cases.entries()) {
      if (index % REQUESTS_A_TURN === 0) {
        onProgress?.({ done: place * cases.length + index, of, what: `${name} on request ${index + 1}` });
        await nextTurn();
      }
      const ask = () =>
        checkedScores(strategy, request, tools, {
          ...{ timeoutMs, fallback: 'the score says so' },
          report: ({ message }) => {
            problem = `request ${index + 1}: ${message}`;
          },
        });
      // The first request also pays for what the strategy makes ready once: it is asked again to be timed.
      if (index === 0 && !(await ask())) break;
      const startedAt = performance.now();
      const ranked = await ask();
      durations.push(performance.now() - startedAt);
      if (!ranked) break;
      const { rank, instead } = placeOf(expected, ranked);
      ranks.push(rank);
      if (rank > 1) misses.push({ request, expected, rank, instead });
    }
    const whole = problem === undefined ? ranks : [];
    scores.push({
      strategy: name,
      configured: name === configured,
      cases: cases.length,
      top1: percentAmong(whole, 1),
      top5: percentAmong(whole, 5),
      top10: percentAmong(whole, 10),
      meanReciprocalRank: rounded(meanOf(whole.map((rank) => 1 / rank)), 3),
      medianMs: rounded(median(durations), 3),
      misses: problem === undefined ? misses.sort((a, b) => b.rank - a.rank) : [],
      ...(problem === undefined ? {} : { problem }),
    });
  }
  return scores;
}

/** The place of the best right tool, from 1; every tool that ties with it stands before it. */
function placeOf(
  expected: readonly string[],
  scores: readonly ToolScore[],
): { readonly rank: number; readonly instead: readonly string[] } {
  const right = new Set(expected);
  const own = scores.reduce(
    (best, { name, score }) => (right.has(name) ? Math.max(best, score) : best),
    Number.NEGATIVE_INFINITY,
  );
  const before = scores
    .filter(({ name, score }) => !right.has(name) && score >= own)
    .sort((a, b) => b.score - a.score);
  return { rank: before.length + 1, instead: before.slice(0, NAMED).map(({ name }) => name) };
}

function percentAmong(ranks: readonly number[], first: number): number {
  return rounded(100 * meanOf(ranks.map((rank) => (rank <= first ? 1 : 0))), 1);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / (values.length || 1);
}

function rounded(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
