import type { Coordinators } from './core/coordinator.js';
import type { NamedExtension } from './load-extensions.js';

export interface HealthCheck {
  /** The coordinator's name. */
  readonly name: string;
  readonly ok: boolean;
  /** What was seen, or why it failed. */
  readonly detail: string;
}

/** Asks each coordinator for something harmless, each on its own: one that is broken hides no other. */
export function checkHealth(
  coordinators: Coordinators,
  sessionId: string,
  _extensions: readonly NamedExtension[] = [],
): Promise<readonly HealthCheck[]> {
  const { config, prompt, context, tool, toolSelection, session, provider, mode, metrics, analytics } =
    coordinators;
  const probes: Record<keyof Coordinators, () => unknown> = {
    config: () => `${Object.keys(config.getConfig(sessionId)).length} session settings`,
    prompt: async () => `${(await prompt.buildSystemPrompt({ sessionId })).length} characters`,
    context: () => `${context.getContext(sessionId).messages.length} messages`,
    chat: () => check(typeof coordinators.chat.run === 'function', 'ready'),
    tool: () => `${tool.definitions().length} tools`,
    toolSelection: async () =>
      (await toolSelection.select({ sessionId, text: '', tools: tool.list() })).reason,
    session: async () =>
      `readable, ${(await session.list({ limit: 1 })).length > 0 ? 'with' : 'no'} sessions`,
    provider: () => `${provider.current(sessionId).provider}/${provider.current(sessionId).model}`,
    mode: () => mode.current(sessionId),
    permission: async () =>
      (
        await coordinators.permission.decide(
          { id: '', name: tool.list()[0]?.name ?? '', input: {} },
          sessionId,
        )
      ).verdict,
    metrics: () => `${metrics.snapshot().turns} turns`,
    analytics: async () => `${(await analytics.getSessionAnalytics(sessionId)).events.length} events`,
    checkpoint: async () => `${(await coordinators.checkpoint.list(sessionId)).length} checkpoints`,
    evaluation: async () => `${(await coordinators.evaluation.evaluate([])).length} pending`,
    workflow: () => `${coordinators.workflow.list().length} workflows`,
  };
  return Promise.all(Object.entries(probes).map(([name, probe]) => probeOne(name, probe)));
}

async function probeOne(name: string, probe: () => unknown): Promise<HealthCheck> {
  try {
    return { name, ok: true, detail: String(await probe()) };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  }
}

function check(holds: boolean, detail: string): string {
  if (!holds) throw new TypeError('does not have the methods of its contract');
  return detail;
}
