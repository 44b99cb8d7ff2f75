import type { SessionUpdate } from '@agentclientprotocol/sdk';
import { currentLine } from '../core/log-line.js';
import { type Message, type ToolCall, typedText } from '../core/message.js';
import type { LogEntry } from '../core/store.js';
import { latestTodos } from '../core/todos.js';
import type { Tool } from '../core/tool.js';
import { toolTitle } from '../core/tool-title.js';
import { planUpdate } from './plan-entries.js';
import { fenced, locationsOf, rawInputOf, titleOf, toolKind } from './tool-calls.js';

export interface HistoryOptions {
  readonly cwd: string;
  readonly tools: readonly Tool[];
  readonly clean: (text: string) => string;
}

/** A stored conversation as the editor would have seen it: what still counts of it, whatever was compacted. */
export function* historyUpdates(
  log: readonly LogEntry[],
  options: HistoryOptions,
): Generator<SessionUpdate, void> {
  const messages = saidIn(log);
  const results = new Map(
    messages.flatMap((message) => (message.toolCallId === undefined ? [] : [[message.toolCallId, message]])),
  );
  for (const message of messages) {
    if (message.role === 'user') yield* userUpdates(message, options);
    else if (message.role === 'assistant') yield* assistantUpdates(message, results, options);
  }
  const { todos } = latestTodos(messages) ?? {};
  if (todos) yield planUpdate(todos, options.clean);
}

function saidIn(log: readonly LogEntry[]): readonly Message[] {
  const entries = currentLine(log).map(({ entry }) => entry);
  const failed = new Set(
    entries.flatMap((entry) => (entry.type === 'failed-turn' ? [...entry.messageIds] : [])),
  );
  const begins = entries.findLastIndex(({ type }) => type === 'reset') + 1;
  return entries
    .slice(begins)
    .flatMap((entry) => (entry.type === 'message' && !failed.has(entry.message.id) ? [entry.message] : []));
}

function* userUpdates(message: Message, { clean }: HistoryOptions): Generator<SessionUpdate, void> {
  const text = clean(message.command ? `!${typedText(message)}` : typedText(message));
  if (text.trim() !== '') yield { sessionUpdate: 'user_message_chunk', content: { type: 'text', text } };
  for (const { mediaType, data } of message.images ?? [])
    yield { sessionUpdate: 'user_message_chunk', content: { type: 'image', mimeType: mediaType, data } };
}

function* assistantUpdates(
  { content, thinking = [], toolCalls = [] }: Message,
  results: ReadonlyMap<string, Message>,
  options: HistoryOptions,
): Generator<SessionUpdate, void> {
  const { clean } = options;
  for (const { text, redacted } of thinking) {
    if (redacted || text.trim() === '') continue;
    yield { sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: clean(text) } };
  }
  if (content !== '')
    yield { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: clean(content) } };
  for (const call of toolCalls) yield callUpdate(call, results.get(call.id), options);
}

function callUpdate(
  call: ToolCall,
  result: Message | undefined,
  { cwd, tools, clean }: HistoryOptions,
): SessionUpdate {
  const tool = tools.find(({ name }) => name === call.name);
  return {
    sessionUpdate: 'tool_call',
    toolCallId: call.id,
    name: call.name,
    title: titleOf(call, clean(toolTitle(tool, call))),
    kind: toolKind(call.name, tool),
    // What never ended has no result.
    status: result && !result.isError ? 'completed' : 'failed',
    locations: locationsOf(call, tool, cwd),
    rawInput: rawInputOf(call, clean),
    ...(result ? { content: [fenced(clean(result.content))] } : {}),
  };
}
