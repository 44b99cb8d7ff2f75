import type { ToolCall } from '../core/message.js';
import type { ProviderEvent, StopReason } from '../core/provider.js';
import { type Usage, usage } from '../core/usage.js';
import { toolInput } from './tool-input.js';

type Fields = Readonly<Record<string, unknown>>;

/** An event as it comes off the wire; nothing about it is certain but its type. */
export interface AnthropicWireEvent {
  readonly type: string;
  readonly index?: number;
  readonly message?: { readonly usage?: Fields | null };
  readonly content_block?: Fields;
  readonly delta?: Fields;
  readonly usage?: Fields | null;
}

interface OpenBlock {
  readonly type: string;
  /** Text or thinking so far, or the ciphertext of redacted thinking. */
  text: string;
  signature: string;
  /** Tool arguments so far, as text. */
  json: string;
  readonly id: string;
  readonly name: string;
  /** Arguments that came whole with the start of the block. */
  readonly input: unknown;
}

/** Turns the events of one streamed message into ours. Calls are held back until the message has properly ended. */
export class AnthropicMessage {
  #blocks = new Map<number, OpenBlock>();
  #calls: { readonly call: ToolCall; readonly isWhole: boolean }[] = [];
  #stopReason = '';
  #usage: Usage = usage({});
  #ended = false;

  /** The message has ended; only `finish` has something more to say. */
  get ended(): boolean {
    return this.#ended;
  }

  *take(event: AnthropicWireEvent): Generator<ProviderEvent> {
    switch (event.type) {
      case 'message_start':
        this.#count(event.message?.usage);
        return;
      case 'content_block_start':
        yield* this.#open(event.index, event.content_block);
        return;
      case 'content_block_delta':
        yield* this.#extend(event.index, event.delta);
        return;
      case 'content_block_stop':
        yield* this.#close(event.index);
        return;
      case 'message_delta':
        this.#stopReason = asText(event.delta?.stop_reason) || this.#stopReason;
        this.#count(event.usage);
        return;
      case 'message_stop':
        this.#ended = true;
        return;
      default:
        // New kinds of events may come with any release of the API.
        return;
    }
  }

  /** The calls, then the end. Only to be asked for once the message has ended. */
  *finish(): Generator<ProviderEvent> {
    const stopReason = this.#reason();
    for (const { call, isWhole } of this.#calls) {
      // Arguments that the output limit cut are no arguments; a refused message asks for nothing.
      const wanted = stopReason !== 'refusal' && (isWhole || stopReason !== 'max-tokens');
      if (wanted) yield { type: 'tool-call', call };
    }
    yield { type: 'end', stopReason, usage: this.#usage };
  }

  *#open(index = 0, content: Fields | undefined): Generator<ProviderEvent> {
    const block: OpenBlock = {
      type: asText(content?.type),
      text: asText(content?.text) || asText(content?.thinking) || asText(content?.data),
      signature: asText(content?.signature),
      json: '',
      id: asText(content?.id),
      name: asText(content?.name),
      input: content?.input,
    };
    this.#blocks.set(index, block);
    if (block.type === 'text' && block.text) yield { type: 'text-delta', text: block.text };
    if (block.type === 'thinking' && block.text) yield { type: 'thinking-delta', text: block.text };
  }

  *#extend(index = 0, delta: Fields | undefined): Generator<ProviderEvent> {
    const block = this.#blocks.get(index);
    if (!block || !delta) return;
    if (delta.type === 'text_delta' && block.type === 'text') {
      const text = asText(delta.text);
      if (text) yield { type: 'text-delta', text };
    } else if (delta.type === 'thinking_delta' && block.type === 'thinking') {
      const text = asText(delta.thinking);
      block.text += text;
      if (text) yield { type: 'thinking-delta', text };
    } else if (delta.type === 'signature_delta') {
      block.signature += asText(delta.signature);
    } else if (delta.type === 'input_json_delta') {
      block.json += asText(delta.partial_json);
    }
  }

  *#close(index = 0): Generator<ProviderEvent> {
    const block = this.#blocks.get(index);
    this.#blocks.delete(index);
    if (!block) return;
    const { text, signature } = block;
    if (block.type === 'thinking' && (text || signature)) {
      yield { type: 'thinking', thinking: { text, ...(signature ? { signature } : {}) } };
    } else if (block.type === 'redacted_thinking') {
      yield { type: 'thinking', thinking: { text, redacted: true } };
    } else if (block.type === 'tool_use') {
      const json = block.json || (isFilled(block.input) ? JSON.stringify(block.input) : '');
      const input = toolInput(json);
      const isWhole = json !== '' && input.invalidInput === undefined;
      this.#calls.push({ call: { id: block.id, name: block.name, ...input }, isWhole });
    }
  }

  /** Counts are cumulative, so that a later one replaces an earlier one. */
  #count(counts: Fields | null | undefined): void {
    const later = (name: string, before: number): number => {
      const value = counts?.[name];
      return typeof value === 'number' ? value : before;
    };
    const before = this.#usage;
    this.#usage = usage({
      inputTokens: later('input_tokens', before.inputTokens),
      outputTokens: later('output_tokens', before.outputTokens),
      cacheReadTokens: later('cache_read_input_tokens', before.cacheReadTokens),
      cacheWriteTokens: later('cache_creation_input_tokens', before.cacheWriteTokens),
    });
  }

  #reason(): StopReason {
    if (this.#stopReason === 'max_tokens' || this.#stopReason === 'model_context_window_exceeded') {
      return 'max-tokens';
    }
    if (this.#stopReason === 'refusal') return 'refusal';
    return this.#calls.length ? 'tool-calls' : 'end';
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
