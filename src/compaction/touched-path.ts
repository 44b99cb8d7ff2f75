import type { Message, ToolCall } from '../core/message.js';

/** Inputs that name a file, in the tools that come along and in those that others write. */
const keys = ['path', 'file_path', 'filePath', 'file'];

/** The file that a call is about; `undefined` for one that names none. */
export function pathOf({ input }: ToolCall): string | undefined {
  const found = keys.map((key) => input[key]).find((value) => typeof value === 'string');
  return typeof found === 'string' && found !== '' && !found.includes('\n') ? found : undefined;
}

/** Whether a file holds instructions for agents: the prompt has them anew with each turn. */
export function isInstructionFile(path: string): boolean {
  return /(^|[\\/])(AGENTS|CLAUDE)\.md$/.test(path);
}

/** The messages, with a note in place of what instruction files said: nobody is to go on from a summary of them. */
export function withoutInstructions(messages: readonly Message[]): readonly Message[] {
  const reads = new Set(
    messages.flatMap(({ toolCalls = [] }) =>
      toolCalls.filter((call) => isInstructionFile(pathOf(call) ?? '')).map(({ id }) => id),
    ),
  );
  if (reads.size === 0) return messages;
  return messages.map((message) =>
    message.toolCallId !== undefined && reads.has(message.toolCallId)
      ? { ...message, content: '[Instructions for agents. They are not summarised: they are read again.]' }
      : message,
  );
}
