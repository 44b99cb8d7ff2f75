import { runToolCalls } from '../chat/run-tool-calls.js';
import { VolatileNotes } from '../chat/volatile-notes.js';
import type * as contract from '../core/coordinator.js';
import type { Turn } from '../core/coordinator.js';
import { createEvent } from '../core/create-event.js';
import { AbortedError, errorData } from '../core/errors.js';
import type { EventBody, TurnEndReason, VictorEvent } from '../core/event.js';
import type { PromptContext } from '../core/extension.js';
import { newId } from '../core/id.js';
import {
  assistantMessage,
  type Message,
  type Thinking,
  type ToolCall,
  toolMessage,
  userMessage,
} from '../core/message.js';
import type { StopReason } from '../core/provider.js';
import { replaceContext } from '../core/replace-context.js';
import { estimateTextTokens } from '../core/tokens.js';
import type { ToolDefinition } from '../core/tool.js';
import { untilAborted } from '../core/until-aborted.js';
import { addUsage, contextTokens, noUsage, type Usage } from '../core/usage.js';
import { validHistory } from '../core/valid-history.js';

export type ChatCoordinatorOptions = Pick<
  contract.Coordinators,
  'context' | 'prompt' | 'provider' | 'tool' | 'toolSelection' | 'mode' | 'permission' | 'checkpoint'
>;

type Events = AsyncGenerator<VictorEvent, void>;

/** What one turn has come to so far. */
interface Progress {
  readonly turn: Turn;
  readonly signal: AbortSignal;
  readonly startedAt: number;
  readonly added: Message[];
  providerCalls: number;
  usage: Usage;
  /** `null` once a call had no known price. */
  costUsd: number | null;
  content: string;
  toolsRan: boolean;
}

/** What one provider call is made of, besides the messages. */
interface Prepared extends contract.Prompt {
  readonly tools: readonly ToolDefinition[];
  /** Estimated tokens of system prompt and tools. */
  readonly overhead: number;
}

interface Answer {
  readonly calls: readonly ToolCall[];
  readonly stopReason: StopReason | 'interrupted';
}

/** The turn loop: messages in, events out. It prints nothing, reads no file and knows no screen. */
export class ChatCoordinator implements contract.ChatCoordinator {
  readonly #with: ChatCoordinatorOptions;
  readonly #notes = new VolatileNotes();

  constructor(options: ChatCoordinatorOptions) {
    this.#with = options;
  }

  async *run(turn: Turn, signal: AbortSignal): Events {
    const progress: Progress = {
      turn,
      signal,
      startedAt: performance.now(),
      added: [],
      providerCalls: 0,
      usage: noUsage,
      costUsd: 0,
      content: '',
      toolsRan: false,
    };
    const { provider, model } = this.#with.provider.current(turn.sessionId);
    const mode = this.#with.mode.current(turn.sessionId);
    yield event(turn, { type: 'turn-start', text: turn.text, provider, model, mode });
    try {
      yield* this.#append(progress, userMessage(turn.text, turn.images));
      yield* this.#loop(progress);
    } catch (error) {
      if (signal.aborted || error instanceof AbortedError) {
        yield* this.#closeCalls(progress);
        yield this.#end(progress, 'interrupted');
        return;
      }
      yield* this.#fail(progress, error);
      throw error;
    }
  }

  async *#loop(progress: Progress): Events {
    const { turn } = progress;
    while (true) {
      if (progress.signal.aborted) throw new AbortedError();
      if (limitReached(progress)) return yield this.#end(progress, 'limit');
      const prepared = yield* this.#prepare(progress);
      const { calls, stopReason } = yield* this.#ask(progress, prepared);
      if (calls.length === 0)
        return yield this.#end(progress, stopReason === 'tool-calls' ? 'end' : stopReason);
      for await (const one of runToolCalls(calls, turn, progress.signal, this.#with)) {
        yield one;
        if (one.type === 'tool-decision') progress.toolsRan ||= one.decision.verdict === 'allow';
        if (one.type !== 'tool-result') continue;
        progress.toolsRan ||= !one.denied;
        const { content, isError, images } = one.result;
        yield* this.#append(progress, {
          ...toolMessage(one.call, content, isError),
          ...(images?.length ? { images } : {}),
        });
      }
      if (progress.signal.aborted) throw new AbortedError();
    }
  }

  /** Chooses tools, builds the prompt and makes the history fit. */
  async *#prepare({ turn, signal }: Progress): AsyncGenerator<VictorEvent, Prepared> {
    const { tool, toolSelection, prompt, context, provider, mode } = this.#with;
    const { sessionId } = turn;
    const asked = { sessionId, text: turn.text, tools: tool.list(sessionId) };
    const selection = await untilAborted(toolSelection.select(asked), signal);
    yield event(turn, { type: 'tool-selection', selection });
    const definitions = new Map(tool.definitions(sessionId).map((one) => [one.name, one]));
    const tools = selection.offered.flatMap((name) => definitions.get(name) ?? []);

    const current = provider.current(sessionId);
    const promptContext = {
      ...turn.promptContext,
      sessionId,
      turnId: turn.id,
      task: (turn.promptContext.task as string | undefined) ?? turn.text,
      mode: mode.current(sessionId),
      provider: current.provider,
      model: current.model,
    };
    const { system, volatile } = await untilAborted(buildPrompt(prompt, promptContext), signal);
    yield event(turn, { type: 'prompt-build', characters: system.length + volatile.length });

    const overhead = estimateTextTokens(system) + estimateTextTokens(JSON.stringify(tools));
    const budget = current.contextWindow - turn.maxTokens - overhead - estimateTextTokens(volatile);
    const compaction = await untilAborted(Promise.resolve(context.fit?.(sessionId, budget, signal)), signal);
    if (compaction?.changed) {
      const { strategy, before, after } = compaction;
      const { messages } = compaction.context;
      yield event(turn, { type: 'compaction', strategy, automatic: true, before, after, messages });
    }
    return { tools, system, volatile, overhead };
  }

  /** One provider call: streams what it says and keeps the message, whole or cut. */
  async *#ask(progress: Progress, prepared: Prepared): AsyncGenerator<VictorEvent, Answer> {
    const { system, volatile, tools, overhead } = prepared;
    const { turn, signal } = progress;
    const { sessionId, maxTokens } = turn;
    const { provider, model, contextWindow } = this.#with.provider.current(sessionId);
    const history = validHistory(this.#with.context.getContext(sessionId).messages);
    const messages = this.#notes.place(sessionId, history, volatile);
    yield event(turn, {
      type: 'request-start',
      provider,
      model,
      messages: messages.length,
      tools: tools.length,
    });

    const startedAt = performance.now();
    let text = '';
    const calls: ToolCall[] = [];
    const thinking: Thinking[] = [];
    let end: { stopReason: StopReason; usage: Usage } | undefined;
    progress.providerCalls += 1;
    try {
      const request = { sessionId, system, messages, tools, maxTokens };
      for await (const one of this.#with.provider.stream(request, signal)) {
        switch (one.type) {
          case 'text-delta':
            text += one.text;
            progress.content = text;
            yield event(turn, one);
            break;
          case 'thinking':
            thinking.push(one.thinking);
            break;
          case 'tool-call':
            calls.push(withOwnId(one.call, calls, messages));
            break;
          case 'end':
            end = one;
            break;
          default:
            yield event(turn, one);
        }
      }
    } catch (error) {
      if (signal.aborted || text !== '') {
        // Nobody says what a call that broke off has cost; it is counted, at an unknown price.
        progress.costUsd = null;
        const durationMs = performance.now() - startedAt;
        const broken = { usage: noUsage, costUsd: null, stopReason: 'interrupted', durationMs } as const;
        yield event(turn, { type: 'request-end', provider, model, contextWindow, ...broken });
      }
      // What was said before the break stays; calls do not: nobody knows whether they were complete.
      if (text !== '') yield* this.#append(progress, assistantMessage(text, { partial: true }));
      throw error;
    }
    const usage = end?.usage ?? noUsage;
    const stopReason = end?.stopReason ?? 'end';
    const costUsd = this.#with.provider.cost(usage, sessionId);
    progress.usage = addUsage(progress.usage, usage);
    progress.costUsd = progress.costUsd === null || costUsd === null ? null : progress.costUsd + costUsd;
    const durationMs = performance.now() - startedAt;
    yield event(turn, {
      type: 'request-end',
      provider,
      model,
      usage,
      costUsd,
      stopReason,
      durationMs,
      contextWindow,
    });
    if (text !== '' || calls.length > 0) {
      yield* this.#append(progress, assistantMessage(text, { toolCalls: calls, thinking }));
    }
    const measured = contextTokens(usage) + usage.outputTokens;
    if (measured > 0) this.#with.context.observe?.(Math.max(0, measured - overhead), sessionId);
    return { calls, stopReason };
  }

  /** The message becomes part of the context when its event is asked for the next, that is, once it is durable. */
  async *#append({ turn, added }: Progress, message: Message): Events {
    try {
      yield event(turn, { type: 'message', message });
    } finally {
      // Also when the consumer stops listening here: the log has it by now.
      this.#with.context.append([message], turn.sessionId);
      added.push(message);
    }
  }

  /** Gives every call of this turn that has no result one that says so. */
  async *#closeCalls(progress: Progress): Events {
    const answered = new Set(progress.added.map((message) => message.toolCallId));
    for (const call of progress.added.flatMap((message) => message.toolCalls ?? [])) {
      if (!answered.has(call.id)) {
        yield* this.#append(progress, toolMessage(call, 'Interrupted before it ran or ended.', true));
      }
    }
  }

  async *#fail(progress: Progress, error: unknown): Events {
    const { turn, added } = progress;
    if (progress.toolsRan) {
      yield* this.#closeCalls(progress);
      yield event(turn, { type: 'turn-error', error: errorData(error), removed: [] });
      return;
    }
    const removed = new Set(added.map((message) => message.id));
    const { messages, metadata } = this.#with.context.getContext(turn.sessionId);
    const kept = messages.filter((message) => !removed.has(message.id));
    replaceContext(this.#with.context, { messages: kept, metadata }, turn.sessionId);
    yield event(turn, {
      type: 'turn-error',
      error: errorData(error),
      retryText: turn.text,
      removed: [...removed],
    });
  }

  #end(progress: Progress, reason: TurnEndReason): VictorEvent {
    const { turn, content, usage, costUsd, providerCalls, startedAt } = progress;
    const { provider, model } = this.#with.provider.current(turn.sessionId);
    const durationMs = performance.now() - startedAt;
    const totals = { content, usage, costUsd, providerCalls, durationMs };
    return event(turn, { type: 'turn-end', provider, model, reason, ...totals });
  }
}

async function buildPrompt(
  prompt: contract.PromptCoordinator,
  context: PromptContext,
): Promise<contract.Prompt> {
  return prompt.buildPrompt?.(context) ?? { system: await prompt.buildSystemPrompt(context), volatile: '' };
}

/** The call under an id that nothing in the conversation has: some servers begin at `call_0` every time. */
function withOwnId(call: ToolCall, before: readonly ToolCall[], messages: readonly Message[]): ToolCall {
  const taken = (one: ToolCall) => one.id === call.id;
  if (call.id !== '' && !before.some(taken) && !messages.some(({ toolCalls }) => toolCalls?.some(taken)))
    return call;
  return { ...call, id: newId() };
}

function limitReached({ turn, providerCalls, costUsd }: Progress): boolean {
  if (providerCalls >= turn.maxTurns) return true;
  return turn.budgetUsd !== undefined && costUsd !== null && costUsd >= turn.budgetUsd;
}

function event<Body extends EventBody>(turn: Turn, body: Body) {
  return createEvent(body, { sessionId: turn.sessionId, turnId: turn.id });
}
