import type { Coordinators, Prompt, PromptCoordinator } from '../core/coordinator.js';
import type { VictorEvent } from '../core/event.js';
import type { PromptContext } from '../core/extension.js';
import { estimateTextTokens } from '../core/tokens.js';
import type { ToolDefinition } from '../core/tool.js';
import { untilAborted } from '../core/until-aborted.js';
import { fitContext } from './fit-context.js';
import { offeredDefinitions } from './offered-definitions.js';
import { event } from './turn-event.js';
import type { Progress } from './turn-progress.js';

type With = Pick<Coordinators, 'tool' | 'toolSelection' | 'prompt' | 'context' | 'provider' | 'mode'> & {
  readonly note?: ((sessionId: string) => string) | undefined;
};

/** What one provider call is made of, besides the messages. */
export interface Prepared {
  readonly prompt: Prompt;
  readonly tools: readonly ToolDefinition[];
  /** Estimated tokens of system prompt and tools. */
  readonly overhead: number;
}

/** Chooses tools, builds the prompt and makes the history fit. */
export async function* prepareRequest(
  coordinators: With,
  progress: Progress,
): AsyncGenerator<VictorEvent, Prepared> {
  const { tool, toolSelection, prompt, context, provider, mode } = coordinators;
  const { turn, signal } = progress;
  const { sessionId } = turn;
  const asked = { sessionId, text: turn.text, tools: tool.list(sessionId) };
  const selection = await untilAborted(toolSelection.select(asked), signal);
  yield event(turn, { type: 'tool-selection', selection });
  const current = provider.current(sessionId);
  const definitions = new Map(offeredDefinitions(tool, current, sessionId).map((one) => [one.name, one]));
  const tools = selection.offered.flatMap((name) => definitions.get(name) ?? []);

  const promptContext = {
    ...turn.promptContext,
    sessionId,
    turnId: turn.id,
    task: (turn.promptContext.task as string | undefined) ?? turn.text,
    mode: mode.current(sessionId),
    provider: current.provider,
    model: current.model,
  };
  const built = await untilAborted(buildPrompt(prompt, promptContext), signal);
  const { system } = built;
  const volatile = [built.volatile, coordinators.note?.(sessionId) ?? ''].filter(Boolean).join('\n\n');
  yield event(turn, { type: 'prompt-build', characters: system.length + volatile.length });

  const overhead = estimateTextTokens(system) + estimateTextTokens(JSON.stringify(tools));
  const budget = current.contextWindow - turn.maxTokens - overhead - estimateTextTokens(volatile);
  yield* fitContext(context, progress, budget);
  return { tools, prompt: { ...built, volatile }, overhead };
}

async function buildPrompt(prompt: PromptCoordinator, context: PromptContext): Promise<Prompt> {
  return prompt.buildPrompt?.(context) ?? { system: await prompt.buildSystemPrompt(context), volatile: '' };
}
