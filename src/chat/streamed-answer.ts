import { callIds } from '../core/call-ids.js';
import type { CurrentProvider, ProviderCoordinatorEvent } from '../core/coordinator.js';
import type { VictorEvent } from '../core/event.js';
import { newId } from '../core/id.js';
import type { Message, Thinking, ToolCall } from '../core/message.js';
import type { StopReason } from '../core/provider.js';
import { noUsage, type Usage } from '../core/usage.js';
import { ResumedText } from './resumed-text.js';
import { event } from './turn-event.js';
import type { Progress } from './turn-progress.js';

interface AnswerEnd {
  readonly stopReason: StopReason;
  readonly usage?: Usage | undefined;
  /** US dollars of whoever answered; absent where the model's price says it, `null` when the price is unknown. */
  readonly costUsd?: number | null;
}

export interface StreamedAnswerOptions {
  readonly progress: Progress;
  /** What came of the answer before it broke off, which this is the rest of. */
  readonly said: string;
  readonly history: readonly Message[];
  /** Who answers now. */
  readonly current: () => CurrentProvider;
}

/** The answer of one provider call while it streams in: whoever gives it in the end, after whatever failed before. */
export class StreamedAnswer {
  readonly #with: StreamedAnswerOptions;
  readonly #resumed: ResumedText;
  /** Something of the present request came. */
  #begun = false;
  #startedAt = performance.now();
  #text = '';
  #calls: ToolCall[] = [];
  #thinking: Thinking[] = [];
  #by: CurrentProvider;
  end: AnswerEnd | undefined;

  constructor(options: StreamedAnswerOptions, by: CurrentProvider) {
    this.#with = options;
    this.#resumed = new ResumedText(options.said);
    this.#by = by;
  }

  get text(): string {
    return this.#text;
  }

  get calls(): readonly ToolCall[] {
    return this.#calls;
  }

  get thinking(): readonly Thinking[] {
    return this.#thinking;
  }

  /** Who gives it. */
  get by(): CurrentProvider {
    return this.#by;
  }

  get begun(): boolean {
    return this.#begun;
  }

  get durationMs(): number {
    return performance.now() - this.#startedAt;
  }

  *take(one: ProviderCoordinatorEvent): Generator<VictorEvent, void> {
    const { progress, history, current } = this.#with;
    const failed = one.type === 'request-retry' || one.type === 'provider-fallback';
    if (failed && this.#begun) yield this.broken();
    this.#begun = !failed;
    switch (one.type) {
      case 'text-delta':
        progress.heard = true;
        yield* this.#say(this.#resumed.push(one.text));
        break;
      case 'thinking':
        this.#thinking.push(one.thinking);
        break;
      case 'tool-call':
        this.#calls.push(withOwnId(one.call, this.#calls, history));
        break;
      case 'end':
        yield* this.#say(this.#resumed.end());
        this.end = one;
        break;
      case 'request-retry':
      case 'provider-fallback':
        // Whatever the failed request had thought is not part of the next one's answer.
        this.#calls = [];
        this.#thinking = [];
        this.#startedAt = performance.now() + ('waitMs' in one ? one.waitMs : 0);
        yield event(progress.turn, one);
        if (one.type === 'request-retry') break;
        this.#by = current();
        progress.answering = { provider: this.#by.provider, model: this.#by.model };
        break;
      default:
        yield event(progress.turn, one);
    }
  }

  /** Nobody says what a call that broke off has cost; it is counted, at an unknown price. */
  broken(): VictorEvent {
    const { progress } = this.#with;
    progress.costUsd = null;
    const { provider, model, contextWindow } = this.#by;
    const { durationMs } = this;
    const ended = { usage: noUsage, costUsd: null, stopReason: 'interrupted', durationMs } as const;
    return event(progress.turn, { type: 'request-end', provider, model, contextWindow, ...ended });
  }

  *#say(more: string): Generator<VictorEvent, void> {
    if (more === '') return;
    const { progress, said } = this.#with;
    this.#text += more;
    progress.streamed = said + this.#text;
    progress.content = progress.streamed;
    yield event(progress.turn, { type: 'text-delta', text: more });
  }
}

/** The call under an id that nothing in the conversation has: some servers begin at `call_0` every time. */
function withOwnId(call: ToolCall, before: readonly ToolCall[], messages: readonly Message[]): ToolCall {
  const taken = (one: ToolCall) => one.id === call.id;
  if (call.id !== '' && !before.some(taken) && !callIds(messages).has(call.id)) return call;
  return { ...call, id: newId() };
}
