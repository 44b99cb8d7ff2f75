import { newId } from '../core/id.js';
import type { StopReason } from '../core/provider.js';
import type { Usage } from '../core/usage.js';
import { asFields, type Fields } from './fields.js';
import { asText, failure, messageText, reasoning, usageOf } from './openai-responses-items.js';
import type { Say } from './read-stream.js';
import { ReportedError } from './reported-error.js';
import { toolInput } from './tool-input.js';
import { isWanted } from './wanted-call.js';

interface OpenItem {
  readonly type: string;
  readonly name: string;
  readonly callId: string;
  /** Which call of the response it is, counted from 0. */
  readonly call: number;
  /** How many texts and calls came before it. */
  readonly after: number;
  /** Text of an answer so far, or arguments of a call. */
  text: string;
  isDone: boolean;
}

/** Turns the events of one streamed response into ours. Calls are held back until it has properly ended. */
export class ResponsesMessage {
  readonly #from: string;
  #items = new Map<number, OpenItem>();
  #calls: { readonly item: OpenItem; readonly json: string; readonly isWhole: boolean }[] = [];
  /** The server's ids of the items that have come as a whole. */
  #whole = new Set<string>();
  #callsBegun = 0;
  /** Text has come in pieces. */
  #streamsText = false;
  #hasText = false;
  #refused = false;
  #thought = false;
  #end: { readonly reason: string; readonly usage: Usage | undefined } | undefined;

  /** `from` marks the reasoning: the host and the model, with a blank between them. */
  constructor(options: { readonly from: string }) {
    this.#from = options.from;
  }

  get ended(): boolean {
    return this.#end !== undefined;
  }

  take(wire: unknown, say: Say): boolean {
    const event = asFields(wire);
    // The end repeats everything: what comes behind it would say it again.
    if (this.#end) return false;
    if (event.error) throw new ReportedError(event.error);
    const index = typeof event.output_index === 'number' ? event.output_index : 0;
    switch (event.type) {
      case 'response.output_item.added':
        this.#open(index, asFields(event.item), say);
        return true;
      case 'response.output_text.delta':
        this.#say(index, asText(event.delta), say);
        return true;
      case 'response.refusal.delta':
        this.#refused = true;
        this.#say(index, asText(event.delta), say);
        return true;
      case 'response.reasoning_summary_part.added':
        // Each part is a paragraph.
        if (this.#thought) say({ type: 'thinking-delta', text: '\n\n' });
        return true;
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        this.#think(asText(event.delta), say);
        return true;
      case 'response.function_call_arguments.delta':
        this.#extend(index, asText(event.delta), say);
        return true;
      case 'response.output_item.done':
        this.#close(index, asFields(event.item), say);
        return true;
      case 'response.completed':
      case 'response.incomplete':
        this.#finished(asFields(event.response), say);
        return true;
      case 'response.failed':
        throw failure(asFields(asFields(event.response).error), 'The response failed.');
      case 'error':
        throw failure(event, 'The stream ended with an error.');
      default:
        // Parts of what other events bring as a whole, pings, and new kinds, which may come with any release of the API.
        return typeof event.type === 'string' && event.type.startsWith('response.');
    }
  }

  /** The calls, then the end. Only to be asked for once the response has ended. */
  finish(say: Say): void {
    const stopReason = this.#reason();
    for (const { item, json, isWhole } of this.#calls) {
      const call = { id: item.callId || newId(), name: item.name, ...toolInput(json) };
      if (isWanted(stopReason, isWhole && call.invalidInput === undefined)) say({ type: 'tool-call', call });
    }
    say({ type: 'end', stopReason, usage: this.#end?.usage });
  }

  #open(index: number, content: Fields, say: Say): void {
    const item = this.#items.get(index) ?? this.#begin(index, content);
    if (item.type === 'function_call') {
      say({ type: 'tool-call-delta', index: item.call, name: item.name, text: '' });
    }
  }

  #begin(index: number, content: Fields): OpenItem {
    const type = asText(content.type);
    const item: OpenItem = {
      type,
      name: asText(content.name),
      callId: asText(content.call_id),
      call: type === 'function_call' ? this.#callsBegun++ : 0,
      after: (this.#hasText ? 1 : 0) + this.#callsBegun - (type === 'function_call' ? 1 : 0),
      text: '',
      isDone: false,
    };
    this.#items.set(index, item);
    return item;
  }

  #say(index: number, text: string, say: Say, isWhole = false): void {
    if (text === '') return;
    const item = this.#items.get(index) ?? this.#begin(index, { type: 'message' });
    if (item.type !== 'message' || item.isDone) return;
    item.text += text;
    this.#streamsText ||= !isWhole;
    this.#hasText ||= text.trim() !== '';
    say({ type: 'text-delta', text });
  }

  #think(text: string, say: Say): void {
    if (text === '') return;
    this.#thought = true;
    say({ type: 'thinking-delta', text });
  }

  #extend(index: number, text: string, say: Say): void {
    const item = this.#items.get(index);
    if (item?.type !== 'function_call' || item.isDone || text === '') return;
    item.text += text;
    say({ type: 'tool-call-delta', index: item.call, name: item.name, text });
  }

  /** The item as a whole: what a server did not stream of it is taken from here. */
  #close(index: number, content: Fields, say: Say): void {
    const item = this.#items.get(index) ?? this.#begin(index, content);
    if (item.isDone || item.type !== content.type) return;
    // Who has heard pieces of a text has heard all of it, wherever the server says that it stands.
    if (item.type === 'message' && !this.#streamsText) this.#say(index, messageText(content), say, true);
    item.isDone = true;
    this.#whole.add(asText(content.id));
    if (item.type === 'reasoning') {
      const thinking = reasoning(content, item.after, this.#from);
      if (!this.#thought) this.#think(thinking.text, say);
      if (thinking.item) say({ type: 'thinking', thinking });
    } else if (item.type === 'function_call') {
      const json = asText(content.arguments) || item.text;
      const called = {
        ...item,
        name: asText(content.name) || item.name,
        callId: asText(content.call_id) || item.callId,
      };
      this.#calls.push({ item: called, json, isWhole: content.status !== 'incomplete' });
    }
  }

  #finished(response: Fields, say: Say): void {
    // An item whose end was not streamed is in the response, which is whole.
    const output = Array.isArray(response.output) ? response.output : [];
    for (const [index, item] of output.entries()) {
      const content = asFields(item);
      const id = asText(content.id);
      // An index of the stream need not be the place in the response.
      if (id === '' || !this.#whole.has(id)) this.#close(index, content, say);
    }
    const reason = asText(asFields(response.incomplete_details).reason);
    const isIncomplete = response.status === 'incomplete' || reason !== '';
    this.#end = { reason: isIncomplete ? reason || 'max_output_tokens' : '', usage: usageOf(response.usage) };
  }

  #reason(): StopReason {
    const reason = this.#end?.reason ?? '';
    if (reason === 'content_filter' || this.#refused) return 'refusal';
    if (reason !== '') return 'max-tokens';
    return this.#calls.length ? 'tool-calls' : 'end';
  }
}
