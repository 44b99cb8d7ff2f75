import { callExtension } from '../core/call-extension.js';
import type { Context } from '../core/context.js';
import { deepFreeze } from '../core/deep-freeze.js';
import { extensionName } from '../core/describe-failure.js';
import type { CompactionStrategy, ModelAccess } from '../core/extension.js';
import { contextProblem, enforceInvariants } from './enforce-invariants.js';

const TIMEOUT_MS = 10_000;

export interface TryOptions {
  /** Answers a strategy that asks one; none when absent. */
  readonly model?: ModelAccess | undefined;
  /** Milliseconds it may take; 10,000 when absent. */
  readonly timeoutMs?: number | undefined;
}

/** What a strategy would make of a context, held to the invariants; or why it cannot be said. */
export async function tryStrategy(
  strategy: CompactionStrategy,
  context: Context,
  { model, timeoutMs = TIMEOUT_MS }: TryOptions = {},
): Promise<{ readonly context: Context } | { readonly problem: string }> {
  let problem = 'It answered nothing.';
  const given = deepFreeze({ messages: [...context.messages], metadata: { ...context.metadata } });
  const answer = await callExtension<Context>(
    {
      kind: 'compaction',
      name: extensionName(strategy),
      fallback: 'nothing is said of it',
      timeoutMs,
      problem: contextProblem,
      report: ({ message }) => {
        problem = message;
      },
    },
    () => strategy.compact(given, model),
  );
  return answer ? { context: enforceInvariants(context, answer) } : { problem };
}
