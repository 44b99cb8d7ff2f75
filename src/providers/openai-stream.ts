import { newId } from '../core/id.js';
import type { StopReason } from '../core/provider.js';
import type { Usage } from '../core/usage.js';
import { asFields, type Fields } from './fields.js';
import { includedUsage } from './included-usage.js';
import { ToolCallParts } from './openai-tool-calls.js';
import type { Say } from './read-stream.js';
import { reportedCount } from './reported-count.js';
import { ReportedError } from './reported-error.js';
import { isWanted } from './wanted-call.js';

/** A chunk as it comes off the wire; compatible servers leave out or add whatever they like. */
interface OpenAIWireChunk {
  readonly choices?: readonly (Fields | null)[] | null;
  readonly usage?: Fields | null;
  readonly error?: unknown;
}

/** Turns the chunks of one streamed completion into our events. Calls are held back until it has properly ended. */
export class OpenAIMessage {
  readonly #keepsReasoning: boolean;
  #calls = new ToolCallParts();
  #finish = '';
  #reasoning = '';
  #refused = false;
  #isDone = false;
  #usage: Usage | undefined;

  constructor(options: { readonly keepsReasoning?: boolean | undefined } = {}) {
    this.#keepsReasoning = options.keepsReasoning ?? false;
  }

  get ended(): boolean {
    return this.#finish !== '' || this.#isDone;
  }

  /** Some servers never give a reason for finishing. */
  done(): void {
    this.#isDone = true;
  }

  take(wire: unknown, say: Say): boolean {
    const chunk = asFields(wire) as OpenAIWireChunk;
    if (chunk.error) throw new ReportedError(chunk.error);
    if (chunk.usage) this.#count(chunk.usage);
    const choice = chunk.choices?.[0];
    if (!choice) return Boolean(chunk.usage);
    // `message` is what servers send that answer a stream in one piece.
    const delta = asFields(choice.delta ?? choice.message);
    const reasoning = asText(delta.reasoning_content) || asText(delta.reasoning);
    if (reasoning) {
      this.#reasoning += reasoning;
      say({ type: 'thinking-delta', text: reasoning });
    }
    const text = asText(delta.content);
    if (text) say({ type: 'text-delta', text });
    const refusal = asText(delta.refusal);
    if (refusal) {
      this.#refused = true;
      say({ type: 'text-delta', text: refusal });
    }
    const calls = Array.isArray(delta.tool_calls) ? delta.tool_calls : [];
    for (const part of calls) say(this.#calls.add(asFields(part)));
    const finish = asText(choice.finish_reason);
    this.#finish = finish || this.#finish;
    // Some servers send chunks with nothing in them to keep the connection.
    return [reasoning, text, refusal, finish].some((said) => said !== '') || calls.length > 0;
  }

  /** The reasoning as a whole, the calls, then the end. Only to be asked for once the message has ended. */
  finish(say: Say): void {
    if (this.#keepsReasoning && this.#reasoning) {
      say({ type: 'thinking', thinking: { text: this.#reasoning } });
    }
    const stopReason = this.#reason();
    for (const { call, isWhole } of this.#calls.whole(newId)) {
      if (isWanted(stopReason, isWhole)) say({ type: 'tool-call', call });
    }
    say({ type: 'end', stopReason, usage: this.#usage });
  }

  #reason(): StopReason {
    if (this.#finish === 'length' || this.#finish === 'max_tokens') return 'max-tokens';
    if (this.#finish === 'content_filter' || this.#refused) return 'refusal';
    // Many servers say `stop` after calls.
    return this.#calls.count ? 'tool-calls' : 'end';
  }

  /** Cached tokens are part of `prompt_tokens` on the wire; here each tier stands alone. */
  #count(counts: Fields): void {
    const input = reportedCount(counts.prompt_tokens);
    const output = reportedCount(counts.completion_tokens);
    if (input === undefined || output === undefined) return;
    const details = asFields(counts.prompt_tokens_details);
    const answer = asFields(counts.completion_tokens_details);
    const read = reportedCount(details.cached_tokens) || reportedCount(counts.prompt_cache_hit_tokens) || 0;
    this.#usage = includedUsage({
      input,
      output,
      read,
      written: reportedCount(details.cache_write_tokens) ?? 0,
      reasoning: reportedCount(answer.reasoning_tokens) ?? 0,
    });
  }
}

/** Text, or the text parts of a list of parts. */
function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return value.map((part) => (asFields(part).type === 'text' ? asText(asFields(part).text) : '')).join('');
}
