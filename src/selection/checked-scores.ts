import { callExtension } from '../core/call-extension.js';
import { extensionName } from '../core/describe-failure.js';
import type {
  ExtensionFailure,
  ToolDescriptor,
  ToolScore,
  ToolSelectionStrategy,
} from '../core/extension.js';

export interface CheckedScoresOptions {
  readonly timeoutMs: number;
  /** What serves instead when it fails, in a few words for the user. */
  readonly fallback: string;
  readonly report: (failure: ExtensionFailure) => void;
}

/** What a strategy, which may be the user's, says of each tool; `undefined` when it failed, which was reported. */
export function checkedScores(
  strategy: ToolSelectionStrategy,
  text: string,
  tools: readonly ToolDescriptor[],
  { timeoutMs, fallback, report }: CheckedScoresOptions,
): Promise<readonly ToolScore[] | undefined> {
  return callExtension<readonly ToolScore[]>(
    {
      kind: 'tool-selection',
      name: extensionName(strategy),
      fallback,
      timeoutMs,
      problem: (scores) => problemOf(scores, tools),
      report,
    },
    async () => copyOf(await strategy.score(text, tools)),
  );
}

/** Plain values, so that an answer cannot change after it was checked. */
function copyOf(scores: readonly ToolScore[]): readonly ToolScore[] {
  if (!Array.isArray(scores)) return scores;
  return scores.map((one) => ({ name: one?.name, score: one?.score, reason: String(one?.reason ?? '') }));
}

function problemOf(scores: readonly ToolScore[], tools: readonly ToolDescriptor[]): string | undefined {
  const names = new Set(tools.map(({ name }) => name));
  if (!Array.isArray(scores) || scores.length !== names.size) return 'no list of one score per tool';
  if (!scores.every(({ name }) => names.delete(name))) return 'no list of one score per tool';
  const wrong = scores.find(({ score }) => !(typeof score === 'number' && score >= 0 && score <= 1));
  return wrong && `the score ${String(wrong.score)} for ${wrong.name}, which is not from 0 to 1`;
}
