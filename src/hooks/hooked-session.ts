import type { ContextCoordinator, SessionCoordinator } from '../core/coordinator.js';
import { HookError } from '../core/errors.js';
import type { ExplainsContext } from '../core/explains.js';
import type { HookRunner } from './hook-runner.js';
import { overriding } from './overriding.js';
import type { SessionStarts } from './session-starts.js';

interface With {
  readonly runner: HookRunner;
  readonly starts: SessionStarts;
}

/** Knows why each session begins; a cleared one ends for its hooks. */
export function hookedSession(
  session: SessionCoordinator,
  { starts, ended }: Pick<With, 'starts'> & { readonly ended: (sessionId: string) => void },
): SessionCoordinator {
  return overriding(session, {
    async open(id) {
      const opened = await session.open(id);
      starts.begins(opened.id, opened.resumed ? 'resume' : 'startup');
      return opened;
    },
    async resetSession(id) {
      const known = await session.resetSession(id);
      if (known && starts.ends(id)) ended(id);
      if (known) starts.begins(id, 'clear');
      return known;
    },
  });
}

/** Tells hooks before messages are compacted. They may refuse it where the user asked for it, and cannot where it has to be. */
export function hookedContext(
  context: ContextCoordinator & Partial<ExplainsContext>,
  { runner, starts }: With,
): ContextCoordinator {
  const before = (trigger: 'manual' | 'auto', sessionId: string, signal: AbortSignal) =>
    runner.run(
      {
        ...{ hook: 'PreCompact', sessionId, about: trigger, facts: { trigger } },
        ...(trigger === 'auto' ? { inevitable: true } : {}),
      },
      signal,
    );
  return overriding<ContextCoordinator>(context, {
    async compactContext(given, sessionId) {
      if (sessionId === undefined) return context.compactContext(given);
      const { blocks, stops } = await before('manual', sessionId, new AbortController().signal);
      const refusal = blocks ?? stops;
      if (refusal !== undefined) throw new HookError(`A PreCompact hook refuses to compact: ${refusal}`);
      const compacted = await context.compactContext(given, sessionId);
      if (compacted !== given) starts.begins(sessionId, 'compact');
      return compacted;
    },
    ...(context.fit
      ? {
          async fit(sessionId, budgetTokens, signal = new AbortController().signal, withinTurn = false) {
            const outlook = context.outlook?.(sessionId, budgetTokens, withinTurn);
            if (outlook?.automatic && outlook.tokens > outlook.compactsAtTokens)
              await before('auto', sessionId, signal);
            const compaction = await context.fit!(sessionId, budgetTokens, signal, withinTurn);
            if (compaction?.changed) starts.begins(sessionId, 'compact');
            return compaction;
          },
        }
      : {}),
  });
}
