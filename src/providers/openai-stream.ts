import { newId } from '../core/id.js';
import type { ProviderEvent, StopReason } from '../core/provider.js';
import { type Usage, usage } from '../core/usage.js';
import { type Fields, ToolCallParts } from './openai-tool-calls.js';

/** A chunk as it comes off the wire; compatible servers leave out or add whatever they like. */
export interface OpenAIWireChunk {
  readonly choices?: readonly (Fields | null)[] | null;
  readonly usage?: Fields | null;
}

/** Turns the chunks of one streamed completion into our events. Calls are held back until it has properly ended. */
export class OpenAIMessage {
  readonly #isDone: () => boolean;
  readonly #keepsReasoning: boolean;
  #calls = new ToolCallParts();
  #finish = '';
  #reasoning = '';
  #refused = false;
  #usage: Usage = usage({});

  /** `isDone` tells whether `[DONE]` was seen: some servers never give a reason for finishing. */
  constructor(options: { readonly isDone: () => boolean; readonly keepsReasoning?: boolean | undefined }) {
    this.#isDone = options.isDone;
    this.#keepsReasoning = options.keepsReasoning ?? false;
  }

  get ended(): boolean {
    return this.#finish !== '' || this.#isDone();
  }

  *take(chunk: OpenAIWireChunk): Generator<ProviderEvent> {
    if (typeof chunk !== 'object' || chunk === null) return;
    if (chunk.usage) this.#count(chunk.usage);
    const choice = chunk.choices?.[0];
    if (!choice) return;
    // `message` is what servers send that answer a stream in one piece.
    const delta = asFields(choice.delta ?? choice.message);
    const reasoning = asText(delta.reasoning_content) || asText(delta.reasoning);
    if (reasoning) {
      this.#reasoning += reasoning;
      yield { type: 'thinking-delta', text: reasoning };
    }
    const text = asText(delta.content);
    if (text) yield { type: 'text-delta', text };
    const refusal = asText(delta.refusal);
    if (refusal) {
      this.#refused = true;
      yield { type: 'text-delta', text: refusal };
    }
    if (Array.isArray(delta.tool_calls)) for (const part of delta.tool_calls) this.#calls.add(asFields(part));
    this.#finish = asText(choice.finish_reason) || this.#finish;
  }

  /** The reasoning as a whole, the calls, then the end. Only to be asked for once the message has ended. */
  *finish(): Generator<ProviderEvent> {
    if (this.#keepsReasoning && this.#reasoning) {
      yield { type: 'thinking', thinking: { text: this.#reasoning } };
    }
    const stopReason = this.#reason();
    for (const { call, isWhole } of this.#calls.whole(newId)) {
      // Arguments that the output limit cut are no arguments; a refused message asks for nothing.
      const wanted = stopReason !== 'refusal' && (isWhole || stopReason !== 'max-tokens');
      if (wanted) yield { type: 'tool-call', call };
    }
    yield { type: 'end', stopReason, usage: this.#usage };
  }

  #reason(): StopReason {
    if (this.#finish === 'length' || this.#finish === 'max_tokens') return 'max-tokens';
    if (this.#finish === 'content_filter' || this.#refused) return 'refusal';
    // Many servers say `stop` after calls.
    return this.#calls.count ? 'tool-calls' : 'end';
  }

  /** Cached tokens are part of `prompt_tokens` on the wire; here each tier stands alone. */
  #count(counts: Fields): void {
    const details = asFields(counts.prompt_tokens_details);
    const read = asCount(details.cached_tokens) || asCount(counts.prompt_cache_hit_tokens);
    const written = asCount(details.cache_write_tokens);
    this.#usage = usage({
      inputTokens: Math.max(0, asCount(counts.prompt_tokens) - read - written),
      outputTokens: asCount(counts.completion_tokens),
      cacheReadTokens: read,
      cacheWriteTokens: written,
    });
  }
}

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Text, or the text parts of a list of parts. */
function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return value.map((part) => (asFields(part).type === 'text' ? asText(asFields(part).text) : '')).join('');
}

function asCount(value: unknown): number {
  const number = Number(value);
  return Number.isFinite(number) && number > 0 ? number : 0;
}
