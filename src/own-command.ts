import type { Attachment } from './core/attachment.js';
import { dataBlock } from './core/data-block.js';
import { newId } from './core/id.js';
import { type Message, type ToolCall, userMessage } from './core/message.js';
import type { ToolResult } from './core/tool.js';

/** The longest that a command of the user's own may take, in milliseconds. */
const timeoutMs = 600_000;

/** The call that runs a command of the user's own. */
export function ownCommandCall(command: string): ToolCall {
  return { id: newId(), name: 'Bash', input: { command, timeoutMs } };
}

/** A command that the user ran and what came of it, as the model reads it with the next message. */
export function ownCommandMessage(command: string, { content, summary = '' }: ToolResult): Message {
  const output: Attachment = { name: 'output', summary, text: dataBlock('output', content) };
  return { ...userMessage(`!${command}`, undefined, [output]), command: true };
}
