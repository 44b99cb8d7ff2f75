import { CacheDiagnosis } from '../chat/cache-diagnosis.js';
import { shrinkContext } from '../chat/fit-context.js';
import { prepareRequest } from '../chat/prepare-request.js';
import { type Answer, ProviderCalls } from '../chat/provider-calls.js';
import { repetitionNote, repetitionNotice, shortCall } from '../chat/repetition-text.js';
import { runToolCalls } from '../chat/run-tool-calls.js';
import { event } from '../chat/turn-event.js';
import { admitCalls, limitReached, MOST_CALLS_A_MESSAGE } from '../chat/turn-limits.js';
import { appendMessage, closeCalls, failTurn, interrupted } from '../chat/turn-messages.js';
import { type Progress, startProgress } from '../chat/turn-progress.js';
import type * as contract from '../core/coordinator.js';
import type { Turn } from '../core/coordinator.js';
import { AbortedError, LimitError, ProviderError } from '../core/errors.js';
import type { EventOf, TurnEndReason, VictorEvent } from '../core/event.js';
import { type ToolCall, toolMessage, userMessage } from '../core/message.js';
import { type TimeLimit, timeLimit } from '../core/time-limit.js';
import { toolTitle } from '../core/tool-title.js';
import { limitSentence, type TurnLimit } from '../core/turn-limit.js';

export type ChatCoordinatorOptions = Pick<
  contract.Coordinators,
  'context' | 'prompt' | 'provider' | 'tool' | 'toolSelection' | 'mode' | 'permission' | 'checkpoint'
> & {
  /** Finds out what empties a provider's cache; whoever passes it tells it of every event. */
  readonly cacheDiagnosis?: CacheDiagnosis;
  /** What else the model is told of the session, behind everything cached; empty for nothing. */
  readonly note?: ((sessionId: string) => string) | undefined;
};

type Events = AsyncGenerator<VictorEvent, void>;

/** The turn loop: messages in, events out. It prints nothing, reads no file and knows no screen. */
export class ChatCoordinator implements contract.ChatCoordinator {
  readonly #with: ChatCoordinatorOptions;
  readonly #calls: ProviderCalls;

  constructor(options: ChatCoordinatorOptions) {
    this.#with = options;
    const { context, provider, cacheDiagnosis = new CacheDiagnosis() } = options;
    this.#calls = new ProviderCalls({ context, provider, cacheDiagnosis });
  }

  async *run(turn: Turn, signal: AbortSignal): Events {
    if (turn.maxMinutes === undefined) return yield* this.#run(turn, signal);
    const time = timeLimit(signal, turn.maxMinutes * 60_000);
    try {
      yield* this.#run(turn, time.signal, time);
    } finally {
      time.stop();
    }
  }

  async *#run(turn: Turn, signal: AbortSignal, time?: TimeLimit): Events {
    const progress = startProgress(turn, signal);
    const { context } = this.#with;
    const { provider, model } = this.#with.provider.current(turn.sessionId);
    const mode = this.#with.mode.current(turn.sessionId);
    yield event(turn, { type: 'turn-start', text: turn.text, provider, model, mode });
    try {
      yield* appendMessage(context, progress, userMessage(turn.text, turn.images, turn.attachments));
      yield* this.#loop(progress);
    } catch (error) {
      const limit = error instanceof LimitError ? error.limit : time?.passed ? timePassed(turn) : undefined;
      if (limit) {
        yield* closeCalls(context, progress, `Not run or not ended: ${limitSentence(limit)}`);
        yield this.#end(progress, 'limit', limit);
        return;
      }
      if (signal.aborted || error instanceof AbortedError) {
        yield* closeCalls(context, progress, interrupted);
        yield this.#end(progress, 'interrupted');
        return;
      }
      yield* failTurn(context, progress, error);
      throw error;
    }
  }

  async *#loop(progress: Progress): Events {
    const { turn } = progress;
    while (true) {
      if (progress.signal.aborted) throw new AbortedError();
      const limit = progress.unkept?.limit() ?? limitReached(turn, progress);
      if (limit) throw new LimitError(limit);
      const { calls, stopReason, limit: cut } = yield* this.#answer(progress);
      if (cut && calls.length === 0) throw new LimitError(cut);
      if (calls.length === 0 && stopReason !== 'pause')
        return yield this.#end(progress, stopReason === 'tool-calls' ? 'end' : stopReason);
      yield* this.#runCalls(progress, calls);
      if (progress.signal.aborted) throw new AbortedError();
    }
  }

  /** Runs what one message calls, as far as this turn may, and keeps each result. */
  async *#runCalls(progress: Progress, asked: readonly ToolCall[]): Events {
    const { turn, signal, guard } = progress;
    const { context } = this.#with;
    const { calls, extra, limit } = admitCalls(asked, turn, progress.toolCalls);
    progress.toolCalls += calls.length;
    for await (const one of runToolCalls(calls, turn, signal, this.#with, guard)) {
      yield one;
      if (one.type === 'tool-decision') progress.toolsRan ||= one.decision.verdict === 'allow';
      if (one.type === 'tool-result') yield* this.#keepResult(progress, one);
    }
    if (signal.aborted) return;
    if (limit) throw new LimitError(limit);
    if (extra.length === 0) return;
    const most = `At most ${MOST_CALLS_A_MESSAGE} tool calls of one message are run`;
    const text = `${most}; the model asked for ${asked.length}. The others were not run.`;
    yield event(turn, { type: 'notice', level: 'warning', text });
    const content = `Not run: ${most.toLowerCase()}. Send this call again if it is still needed, with fewer others.`;
    for (const call of extra) yield* appendMessage(context, progress, toolMessage(call, content, true));
  }

  /** The result becomes a message, with a note below it when the model goes round in a circle. */
  async *#keepResult(progress: Progress, { call, result, denied }: EventOf<'tool-result'>): Events {
    const { turn, guard } = progress;
    const { context, tool: tools } = this.#with;
    progress.toolsRan ||= !denied;
    const { content, isError, images } = result;
    const repetition = guard.record(call, result);
    yield* appendMessage(context, progress, {
      ...toolMessage(call, repetition ? `${content}\n\n${repetitionNote(repetition)}` : content, isError),
      ...(images?.length ? { images } : {}),
      ...(denied ? { refused: true } : {}),
    });
    if (!repetition) return;
    const tool = tools.list(turn.sessionId).find(({ name }) => name === call.name);
    const text = repetitionNotice(repetition, shortCall(call, toolTitle(tool, call)));
    yield event(turn, { type: 'notice', level: 'warning', text });
  }

  /**
   * One answer of the model, however many requests it takes: an answer that breaks off is kept and asked to go on, and a
   * conversation that the provider finds too long is compacted once.
   */
  async *#answer(progress: Progress): AsyncGenerator<VictorEvent, Answer> {
    let prepared = yield* prepareRequest(this.#with, progress);
    let said = '';
    let compacted = false;
    while (true) {
      try {
        return yield* this.#calls.ask(progress, prepared, said);
      } catch (error) {
        if (!(error instanceof ProviderError) || progress.signal.aborted) throw error;
        const goesOn = progress.heard && error.retryable && !limitReached(progress.turn, progress);
        const shrinks: boolean = error.kind === 'context-length' && !goesOn && !compacted;
        if (!goesOn && !(shrinks && (yield* shrinkContext(this.#with.context, progress)))) throw error;
        if (goesOn) said = progress.streamed;
        else prepared = yield* prepareRequest(this.#with, progress);
        compacted ||= shrinks;
      }
    }
  }

  #end(progress: Progress, reason: TurnEndReason, limit?: TurnLimit): VictorEvent {
    const { turn, content, usage, costUsd, providerCalls, startedAt } = progress;
    const { provider, model } = progress.answering ?? this.#with.provider.current(turn.sessionId);
    const durationMs = performance.now() - startedAt;
    const totals = { content, usage, costUsd, providerCalls, durationMs };
    const ended = { reason, ...(limit ? { limit } : {}) };
    return event(turn, { type: 'turn-end', provider, model, ...ended, ...totals });
  }
}

function timePassed({ maxMinutes = 0 }: Turn): TurnLimit {
  return { name: 'maxMinutes', value: maxMinutes };
}
