import type { SessionUpdate, ToolCallContent, ToolCallUpdate } from '@agentclientprotocol/sdk';
import type { Decision } from '../core/decision.js';
import type { EventOf, VictorEvent } from '../core/event.js';
import type { ToolCall } from '../core/message.js';
import type { FileChange, Tool } from '../core/tool.js';
import { limitSentence } from '../core/turn-limit.js';
import { contextTokens } from '../core/usage.js';
import type { Cleaner } from './host.js';
import { planOf } from './plan-entries.js';
import {
  diffsOf,
  fenced,
  locationsOf,
  markdown,
  rawInputOf,
  titleOf,
  toolKind,
  wholeOf,
} from './tool-calls.js';

export interface TurnUpdatesOptions {
  readonly cwd: string;
  readonly cleaner: () => Cleaner;
  readonly findTool: (name: string) => Tool | undefined;
  /** US dollars that the session has cost here. */
  readonly costUsd: () => number;
}

/** What a session's events are for the editor, one after the other. */
export class TurnUpdates {
  readonly #with: TurnUpdatesOptions;
  readonly #changes = new Map<string, FileChange>();
  readonly #told = new Set<string>();
  /** Calls that are asked about and do not come in the turn's stream: of subagents, and of files that a message mentions. */
  readonly #aside = new Set<string>();
  #text: Cleaner;
  #thought: Cleaner;

  constructor(options: TurnUpdatesOptions) {
    this.#with = options;
    this.#text = options.cleaner();
    this.#thought = options.cleaner();
  }

  readonly clean = (text: string): string => this.#with.cleaner().push(text);

  /** What an event of a turn tells the editor. */
  *of(event: VictorEvent): Generator<SessionUpdate, void> {
    switch (event.type) {
      case 'request-start':
        this.#text = this.#with.cleaner();
        this.#thought = this.#with.cleaner();
        // What was mentioned has been read by now.
        for (const id of this.#aside) yield this.#ended(id, true);
        return;
      case 'text-delta':
        return yield* chunk('agent_message_chunk', this.#text.push(event.text));
      case 'thinking-delta':
        return yield* chunk('agent_thought_chunk', this.#thought.push(event.text));
      case 'tool-call':
        return yield this.call(event.call, event.title);
      case 'tool-decision':
        if (event.decision.verdict === 'allow') yield progress(event.call.id);
        return;
      case 'tool-result':
        yield this.#result(event);
        if (!event.result.isError) yield* planOf(event.call, this.clean);
        return;
      case 'request-end':
        return yield* this.#usage(event);
      case 'turn-error':
        return yield* this.#leftOver();
      case 'turn-end':
        yield* this.#leftOver();
        if (event.limit) yield* chunk('agent_message_chunk', `\n\n${this.clean(limitSentence(event.limit))}`);
        return;
    }
  }

  /** What a running call has put out so far. */
  output({ callId, tail, lines }: EventOf<'tool-output'>): SessionUpdate | undefined {
    if (!this.#told.has(callId)) return undefined;
    const shown = tail.split('\n').length;
    const more = lines > shown ? `[${lines - shown} lines before]\n` : '';
    const content = [fenced(this.clean(more + tail))];
    return { sessionUpdate: 'tool_call_update', toolCallId: callId, status: 'in_progress', content };
  }

  call(call: ToolCall, title: string): SessionUpdate {
    this.#told.add(call.id);
    return { sessionUpdate: 'tool_call', ...this.#shown(call, title), status: 'pending' };
  }

  /** What subscribers are told of it, which is before anybody is asked, and of calls of subagents, too. */
  heard(event: VictorEvent): SessionUpdate | undefined {
    if (event.type === 'approval-request' && event.change) this.#changes.set(event.call.id, event.change);
    if (event.type !== 'subagent-call-end' || !this.#aside.has(event.callId)) return undefined;
    return this.#ended(event.callId, !event.failed);
  }

  /** A call that the editor has not heard of, because it is none of the turn's stream. */
  aside(call: ToolCall, title: string): SessionUpdate | undefined {
    if (this.#told.has(call.id)) return undefined;
    this.#aside.add(call.id);
    return this.call(call, title);
  }

  /** The user has answered; a call of the turn that is refused has its result in the stream. */
  answered({ id }: ToolCall, allowed: boolean): SessionUpdate | undefined {
    if (allowed) return progress(id);
    return this.#aside.has(id) ? this.#ended(id, false) : undefined;
  }

  /** A call that the user is asked about: why, and the plan or the change that it is about. */
  asked(call: ToolCall, title: string, { reason, plan, question }: Decision): ToolCallUpdate {
    const { cwd } = this.#with;
    const change = this.#changes.get(call.id);
    const said = plan ?? question?.text;
    // A title is drawn as Markdown and on one line: what is said yes to stands here as it is.
    const whole = change ? diffsOf(change, cwd, this.clean) : [fenced(this.clean(wholeOf(call, title)))];
    const content: ToolCallContent[] =
      said === undefined ? [markdown(this.clean(reason)), ...whole] : [markdown(this.clean(said))];
    return { ...this.#shown(call, title), status: 'pending', content };
  }

  #ended(toolCallId: string, isDone: boolean): SessionUpdate {
    this.#aside.delete(toolCallId);
    this.#told.delete(toolCallId);
    this.#changes.delete(toolCallId);
    return { sessionUpdate: 'tool_call_update', toolCallId, status: isDone ? 'completed' : 'failed' };
  }

  #shown(call: ToolCall, title: string) {
    const { cwd, findTool } = this.#with;
    const tool = findTool(call.name);
    return {
      toolCallId: call.id,
      name: call.name,
      title: titleOf(call, this.clean(title)),
      kind: toolKind(call.name, tool),
      locations: locationsOf(call, tool, cwd),
      rawInput: rawInputOf(call, this.clean),
    };
  }

  #result({ call, result, denied }: EventOf<'tool-result'>): SessionUpdate {
    this.#told.delete(call.id);
    this.#changes.delete(call.id);
    const { content, isError, change, images = [] } = result;
    const text = this.clean(content);
    const shown: ToolCallContent[] = change
      ? diffsOf(change, this.#with.cwd, this.clean)
      : text.trim() === ''
        ? []
        : [denied ? markdown(text) : fenced(text)];
    const pictures = images.map(({ mediaType, data }): ToolCallContent => {
      return { type: 'content', content: { type: 'image', mimeType: mediaType, data } };
    });
    return {
      ...{ sessionUpdate: 'tool_call_update', toolCallId: call.id, content: [...shown, ...pictures] },
      status: isError ? 'failed' : 'completed',
    };
  }

  /** What never came to its end: the turn did. */
  *#leftOver(): Generator<SessionUpdate, void> {
    this.#changes.clear();
    this.#aside.clear();
    for (const toolCallId of this.#told)
      yield { sessionUpdate: 'tool_call_update', toolCallId, status: 'failed' };
    this.#told.clear();
  }

  *#usage({ purpose, usage, contextWindow }: EventOf<'request-end'>): Generator<SessionUpdate, void> {
    if (purpose !== undefined) return;
    const cost = { amount: this.#with.costUsd(), currency: 'USD' };
    const used = contextTokens(usage) + usage.outputTokens;
    yield { sessionUpdate: 'usage_update', used, size: contextWindow, cost };
  }
}

function* chunk(
  sessionUpdate: 'agent_message_chunk' | 'agent_thought_chunk',
  text: string,
): Generator<SessionUpdate, void> {
  if (text !== '') yield { sessionUpdate, content: { type: 'text', text } };
}

function progress(toolCallId: string): SessionUpdate {
  return { sessionUpdate: 'tool_call_update', toolCallId, status: 'in_progress' };
}
