import type { Coordinators, CurrentProvider } from '../core/coordinator.js';
import { LimitError } from '../core/errors.js';
import type { VictorEvent } from '../core/event.js';
import { assistantMessage, type ToolCall } from '../core/message.js';
import type { StopReason } from '../core/provider.js';
import type { TurnLimit } from '../core/turn-limit.js';
import { addUsage, contextTokens, noUsage } from '../core/usage.js';
import { validHistory } from '../core/valid-history.js';
import type { CacheDiagnosis } from './cache-diagnosis.js';
import { InputEstimate } from './input-estimate.js';
import type { Prepared } from './prepare-request.js';
import { StreamedAnswer } from './streamed-answer.js';
import { event } from './turn-event.js';
import { appendMessage } from './turn-messages.js';
import type { Progress } from './turn-progress.js';
import { VolatileNotes } from './volatile-notes.js';

export interface ProviderCallsOptions extends Pick<Coordinators, 'context' | 'provider'> {
  readonly cacheDiagnosis: CacheDiagnosis;
}

export interface Answer {
  readonly calls: readonly ToolCall[];
  readonly stopReason: StopReason | 'interrupted';
  /** A budget left this call fewer output tokens than it may have otherwise, and it used them up. */
  readonly limit?: TurnLimit;
}

/** Provider calls of every session, one at a time in each. */
export class ProviderCalls {
  readonly #with: ProviderCallsOptions;
  readonly #notes = new VolatileNotes();
  readonly #input = new InputEstimate();

  constructor(options: ProviderCallsOptions) {
    this.#with = options;
  }

  /** One provider call: streams what it says and keeps the message, whole or cut. `said`: what broke off before it. */
  async *ask(progress: Progress, prepared: Prepared, said: string): AsyncGenerator<VictorEvent, Answer> {
    const { context, provider, cacheDiagnosis } = this.#with;
    const { prompt, tools, overhead } = prepared;
    const { turn, signal } = progress;
    const { sessionId } = turn;
    const current = (): CurrentProvider => {
      const { provider: name, model, contextWindow } = provider.current(sessionId);
      return { provider: name, model, contextWindow };
    };
    const first = current();
    const history = validHistory(context.getContext(sessionId).messages);
    const messages = this.#notes.place(sessionId, history, prompt.volatile);
    const sent = { messages, overhead, model: nameOf(first) };
    const inputTokens = () => this.#input.tokens(sessionId, sent);
    const budget = await turn.budget?.forCall({ inputTokens, maxTokens: turn.maxTokens });
    const maxTokens = budget ? budget.outputTokens((one) => provider.cost(one, sessionId)) : turn.maxTokens;
    if (maxTokens === undefined) throw new LimitError(budget!.limit());
    yield event(turn, {
      type: 'request-start',
      provider: first.provider,
      model: first.model,
      messages: messages.length,
      tools: tools.length,
    });

    const prefix = { model: nameOf(first), tools, prompt, messages };
    let watched = cacheDiagnosis.watch(sessionId, prefix);
    progress.providerCalls += 1;
    progress.answering = { provider: first.provider, model: first.model };
    progress.streamed = said;
    progress.heard = false;
    const answer = new StreamedAnswer({ progress, said, history, current }, first);
    try {
      const continues = said !== '';
      const paid = budget ? { budget } : {};
      const { system } = prompt;
      const { answerSchema } = turn;
      const asked = { ...paid, ...(answerSchema ? { answerSchema } : {}) };
      const request = { sessionId, system, messages, tools, maxTokens, continues, ...asked };
      for await (const one of provider.stream(request, signal)) {
        yield* answer.take(one);
        if (one.type === 'provider-fallback')
          watched = cacheDiagnosis.watch(sessionId, { ...prefix, model: nameOf(answer.by) });
      }
    } catch (error) {
      if (signal.aborted || answer.begun) yield answer.broken();
      // What was said before the break stays; calls do not: nobody knows whether they were complete.
      if (answer.text !== '')
        yield* appendMessage(context, progress, assistantMessage(answer.text, { partial: true }));
      throw error;
    }
    const { text, calls, thinking, end } = answer;
    const usage = end?.usage ?? noUsage;
    const stopReason = end?.stopReason ?? 'end';
    // What nobody counted has an unknown price, not none.
    const { costUsd = end?.usage ? provider.cost(usage, sessionId) : null } = end ?? {};
    progress.usage = addUsage(progress.usage, usage);
    progress.costUsd = progress.costUsd === null || costUsd === null ? null : progress.costUsd + costUsd;
    const { durationMs } = answer;
    const by = { provider: answer.by.provider, model: answer.by.model };
    const { contextWindow } = answer.by;
    yield event(turn, {
      type: 'request-end',
      ...by,
      usage,
      costUsd,
      stopReason,
      durationMs,
      contextWindow,
    });
    for (const note of this.#notes.unsaved(sessionId)) yield event(turn, { type: 'note', ...note });
    const cacheBreak = watched.answered(usage);
    if (cacheBreak) yield event(turn, { type: 'cache-break', cacheBreak });
    if (text !== '' || calls.length > 0) {
      yield* appendMessage(context, progress, assistantMessage(text, { toolCalls: calls, thinking }));
    }
    const measured = contextTokens(usage) + usage.outputTokens;
    if (measured > 0) {
      context.observe?.(Math.max(0, measured - overhead), sessionId);
      this.#input.count(sessionId, { ...sent, model: nameOf(answer.by) }, measured);
    }
    // No budget can be kept with a server that does not say what its answers take.
    if (costUsd === null) progress.unkept = budget;
    const cut = budget && stopReason === 'max-tokens' && maxTokens < turn.maxTokens;
    return { calls, stopReason, ...(cut ? { limit: budget.limit() } : {}) };
  }
}

function nameOf({ provider, model }: CurrentProvider): string {
  return `${provider}/${model}`;
}
