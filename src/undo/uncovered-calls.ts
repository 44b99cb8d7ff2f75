import type { ToolCall } from '../core/message.js';
import type { LogEntry } from '../core/store.js';
import type { Tool } from '../core/tool.js';
import { shellCommandOf } from '../core/tool-paths.js';
import { toolTitle } from '../core/tool-title.js';
import { classifyCommand } from '../shell/classify.js';

/** Calls after entry `since` that may have changed what no checkpoint covers, by name and title, in order. */
export function uncoveredCalls(
  log: readonly LogEntry[],
  since: number,
  tools: readonly Tool[],
): readonly string[] {
  const messages = log.flatMap(({ entry, sequence }) =>
    entry.type === 'message' && sequence > since ? [entry.message] : [],
  );
  const refused = new Set(messages.flatMap((one) => (one.refused ? (one.toolCallId ?? []) : [])));
  const calls = messages.flatMap(({ toolCalls = [] }) => toolCalls);
  return calls.flatMap((call) => {
    const tool = tools.find(({ name }) => name === call.name);
    if (!tool || refused.has(call.id) || !mayWriteUnseen(tool, call)) return [];
    return [`${call.name} ${toolTitle(tool, call)}`.trim()];
  });
}

function mayWriteUnseen(tool: Tool, call: ToolCall): boolean {
  if (tool.kind === 'edit') return tool.paths === undefined;
  if (tool.kind !== 'execute') return false;
  const command = shellCommandOf(tool, call);
  return command === undefined || classifyCommand(command).verdict !== 'allow';
}
