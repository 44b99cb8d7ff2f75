import type { ToolCall } from '../core/message.js';
import type { ProviderEvent, StopReason } from '../core/provider.js';
import { type Usage, usage } from '../core/usage.js';
import type { Fields } from './fields.js';
import type { Say } from './read-stream.js';
import { reportedCount } from './reported-count.js';
import { ReportedError } from './reported-error.js';
import { toolInput } from './tool-input.js';
import { isWanted } from './wanted-call.js';

/** An event as it comes off the wire; nothing about it is certain. */
interface AnthropicWireEvent {
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
  /** Which call of the message it is, counted from 0; 0 for anything else. */
  readonly call: number;
  /** How many of the message's text and calls came before it. */
  readonly after: number;
}

/** Turns the events of one streamed message into ours. Calls are held back until the message has properly ended. */
export class AnthropicMessage {
  #blocks = new Map<number, OpenBlock>();
  #calls: { readonly call: ToolCall; readonly isWhole: boolean }[] = [];
  #stopReason = '';
  #counts = new Map<string, number>();
  #callsBegun = 0;
  #hasText = false;
  #ended = false;

  /** The message has ended; only `finish` has something more to say. */
  get ended(): boolean {
    return this.#ended;
  }

  take(wire: unknown, say: Say, name: string): boolean {
    const event = (wire ?? {}) as AnthropicWireEvent;
    if (name === 'error' || event.type === 'error') throw new ReportedError(wire);
    switch (event.type) {
      case 'message_start':
        this.#count(event.message?.usage);
        return true;
      case 'content_block_start':
        this.#open(event.index, event.content_block, say);
        return true;
      case 'content_block_delta':
        this.#extend(event.index, event.delta, say);
        return true;
      case 'content_block_stop':
        this.#close(event.index, say);
        return true;
      case 'message_delta':
        this.#stopReason = asText(event.delta?.stop_reason) || this.#stopReason;
        this.#count(event.usage);
        return true;
      case 'message_stop':
        this.#ended = true;
        return true;
      default:
        // Pings, and new kinds of events, which may come with any release of the API.
        return false;
    }
  }

  /** The calls, then the end. Only to be asked for once the message has ended. */
  finish(say: Say): void {
    const stopReason = this.#reason();
    for (const { call, isWhole } of this.#calls) {
      if (isWanted(stopReason, isWhole)) say({ type: 'tool-call', call });
    }
    say({ type: 'end', stopReason, usage: this.#usage() });
  }

  #open(index = 0, content: Fields | undefined, say: Say): void {
    const after = (this.#hasText ? 1 : 0) + this.#callsBegun;
    const block: OpenBlock = {
      type: asText(content?.type),
      text: asText(content?.text) || asText(content?.thinking) || asText(content?.data),
      signature: asText(content?.signature),
      json: '',
      id: asText(content?.id),
      name: asText(content?.name),
      input: content?.input,
      call: content?.type === 'tool_use' ? this.#callsBegun++ : 0,
      after,
    };
    this.#blocks.set(index, block);
    if (block.type === 'text') this.#say(block.text, say);
    if (block.type === 'thinking' && block.text) say({ type: 'thinking-delta', text: block.text });
    if (block.type === 'tool_use') say(callDelta(block, ''));
  }

  #extend(index = 0, delta: Fields | undefined, say: Say): void {
    const block = this.#blocks.get(index);
    if (!block || !delta) return;
    if (delta.type === 'text_delta' && block.type === 'text') {
      this.#say(asText(delta.text), say);
    } else if (delta.type === 'thinking_delta' && block.type === 'thinking') {
      const text = asText(delta.thinking);
      block.text += text;
      if (text) say({ type: 'thinking-delta', text });
    } else if (delta.type === 'signature_delta') {
      block.signature += asText(delta.signature);
    } else if (delta.type === 'input_json_delta') {
      const text = asText(delta.partial_json);
      block.json += text;
      if (text && block.type === 'tool_use') say(callDelta(block, text));
    }
  }

  #say(text: string, say: Say): void {
    if (text === '') return;
    this.#hasText ||= text.trim() !== '';
    say({ type: 'text-delta', text });
  }

  #close(index = 0, say: Say): void {
    const block = this.#blocks.get(index);
    this.#blocks.delete(index);
    if (!block) return;
    const { text, signature } = block;
    const after = block.after > 0 ? { after: block.after } : {};
    if (block.type === 'thinking' && (text || signature)) {
      say({ type: 'thinking', thinking: { text, ...(signature ? { signature } : {}), ...after } });
    } else if (block.type === 'redacted_thinking') {
      say({ type: 'thinking', thinking: { text, redacted: true, ...after } });
    } else if (block.type === 'tool_use') {
      const json = block.json || (isFilled(block.input) ? JSON.stringify(block.input) : '');
      const input = toolInput(json);
      const isWhole = json !== '' && input.invalidInput === undefined;
      this.#calls.push({ call: { id: block.id, name: block.name, ...input }, isWhole });
    }
  }

  /** Counts are cumulative: a later one replaces an earlier one, unless it is lower, which no count can become. */
  #count(counts: Fields | null | undefined): void {
    const written = counts?.cache_creation as Fields | null | undefined;
    const thought = counts?.output_tokens_details as Fields | null | undefined;
    const reported = {
      ...counts,
      hour: written?.ephemeral_1h_input_tokens,
      thinking: thought?.thinking_tokens,
    };
    for (const [name, value] of Object.entries(reported)) {
      const count = reportedCount(value);
      if (count !== undefined) this.#counts.set(name, Math.max(count, this.#counts.get(name) ?? 0));
    }
  }

  /** Nothing unless both sides of the call were counted. Here input excludes what a cache read or wrote. */
  #usage(): Usage | undefined {
    const count = (name: string): number => this.#counts.get(name) ?? 0;
    if (!this.#counts.has('input_tokens') || !this.#counts.has('output_tokens')) return undefined;
    return usage({
      inputTokens: count('input_tokens'),
      outputTokens: count('output_tokens'),
      cacheReadTokens: count('cache_read_input_tokens'),
      cacheWriteTokens: count('cache_creation_input_tokens'),
      cacheWrite1hTokens: count('hour'),
      reasoningTokens: count('thinking'),
    });
  }

  #reason(): StopReason {
    if (this.#stopReason === 'max_tokens' || this.#stopReason === 'model_context_window_exceeded') {
      return 'max-tokens';
    }
    if (this.#stopReason === 'refusal') return 'refusal';
    if (this.#stopReason === 'pause_turn') return 'pause';
    return this.#calls.length ? 'tool-calls' : 'end';
  }
}

function callDelta({ call, name }: OpenBlock, text: string): ProviderEvent {
  return { type: 'tool-call-delta', index: call, name, text };
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
