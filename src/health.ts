import { answerWithin } from './core/answer-within.js';
import type { Coordinators } from './core/coordinator.js';
import { messageOf } from './core/describe-failure.js';
import type { ExtensionKind } from './core/extension.js';
import type { Store } from './core/store.js';
import { checkExtension } from './extensions/check-extension.js';
import type { NamedExtension } from './extensions/extension-loader.js';
import { guardFailures } from './extensions/guard-coordinators.js';

export interface HealthCheck {
  readonly kind: 'store' | 'coordinator' | ExtensionKind;
  /** Of a coordinator its own; of an extension as the settings name it. */
  readonly name: string;
  readonly ok: boolean;
  /** What was seen, or why it failed. */
  readonly detail: string;
}

export interface HealthOptions {
  readonly coordinators: Coordinators;
  readonly store: Store;
  readonly sessionId: string;
  /** Those that a configuration names, loaded or not. */
  readonly extensions: readonly NamedExtension[];
}

/** Longer than any harmless question takes. */
const EXTENSION_TIMEOUT_MS = 3_000;
/** A coordinator is sound that gives up on an extension which hangs, and then answers without it. */
const COORDINATOR_TIMEOUT_MS = 7_000;

/**
 * Asks the store, each coordinator and each extension for something harmless, each on its own: one that is broken or
 * hangs hides no other. What an exporter, a config provider or a provider needs is connected to, and sent nothing.
 */
export function checkHealth(options: HealthOptions): Promise<readonly HealthCheck[]> {
  const { coordinators, store, sessionId, extensions } = options;
  return Promise.all([
    checkOne('store', 'store', () => store.check?.() ?? 'in memory'),
    ...Object.entries(coordinatorProbes(coordinators, sessionId)).map(([name, probe]) =>
      checkOne('coordinator', name, async () => {
        const seen = await probe();
        const failures = guardFailures(coordinators[name as keyof Coordinators]);
        return check(failures.length === 0, String(seen), `${failures.join('; ')}; the built-in one serves`);
      }),
    ),
    ...extensions.map((one) => checkOne(one.kind, one.name, () => checkExtension(one, sessionId))),
  ]);
}

function coordinatorProbes(
  coordinators: Coordinators,
  sessionId: string,
): Record<keyof Coordinators, () => unknown> {
  const { config, prompt, context, tool, toolSelection, session, provider, mode, metrics, analytics } =
    coordinators;
  return {
    config: () => `${Object.keys(config.getConfig(sessionId)).length} session settings`,
    prompt: async () => `${(await prompt.buildSystemPrompt({ sessionId })).length} characters`,
    context: () => `${context.getContext(sessionId).messages.length} messages`,
    chat: () =>
      check(
        typeof coordinators.chat.run === 'function',
        'ready',
        'does not have the methods of its contract',
      ),
    tool: () => `${tool.definitions().length} tools`,
    // A session of its own: to select is to decide what the session offers from then on.
    toolSelection: async () =>
      (await toolSelection.select({ sessionId: 'health-check', text: '', tools: tool.list() })).reason,
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
}

async function checkOne(kind: HealthCheck['kind'], name: string, probe: () => unknown): Promise<HealthCheck> {
  const timeoutMs = kind === 'coordinator' ? COORDINATOR_TIMEOUT_MS : EXTENSION_TIMEOUT_MS;
  try {
    const detail = await answerWithin(Promise.resolve().then(probe), timeoutMs);
    return { kind, name, ok: true, detail: String(detail) };
  } catch (error) {
    return { kind, name, ok: false, detail: messageOf(error) };
  }
}

function check(holds: boolean, detail: string, otherwise: string): string {
  if (!holds) throw new Error(otherwise);
  return detail;
}
