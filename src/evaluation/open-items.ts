import { sentences } from '../compaction/facts.js';
import { type Message, type ToolCall, typedText } from '../core/message.js';

/** Something that was left open, and the message that says so last: of a command its result. */
export interface OpenItem {
  readonly text: string;
  readonly message: Message;
}

/** Words with which people and models say that something is not done. */
const undone =
  /\b(todo|fixme)\b|\b(is|are|remains?|stays?) (still |left )?(open|undone|unfinished)\b|\bstill (to do|to be|needs?|missing|fails?|failing)\b|\b(not|nothing) (\w+ )?(yet|done)\b|\bleft to do\b|\b(for|until|do (this|that|it)) later\b|\bcome back to\b|\bfollow[- ]up\b/i;

/**
 * What a conversation leaves open: boxes that nobody ticked, sentences that say so, and commands whose last run failed.
 * Found by their wording: whether it was done since, in other words, nobody knows.
 */
export function openItems(messages: readonly Message[]): readonly OpenItem[] {
  const open = new Map<string, OpenItem>();
  const commands = new Map<string, string>();
  for (const message of messages) {
    const { role, toolCalls = [], toolCallId, isError } = message;
    for (const call of toolCalls) {
      const command = commandOf(call);
      if (command !== undefined) commands.set(call.id, command);
    }
    const ran = toolCallId === undefined ? undefined : commands.get(toolCallId);
    if (ran !== undefined) {
      const text = `${ran} failed when it last ran`;
      open.delete(text);
      if (isError) open.set(text, { text, message });
    }
    if (role !== 'user' && role !== 'assistant') continue;
    if (message.summary || message.command) continue;
    for (const sentence of sentences(typedText(message))) {
      const [, tick, task] = /^\[([ xX])\]\s+(.+)$/.exec(sentence) ?? [];
      const text = task ?? sentence;
      if (tick?.trim()) open.delete(text);
      else if (tick !== undefined || undone.test(sentence)) open.set(text, { text, message });
    }
  }
  return [...open.values()];
}

const LONGEST_COMMAND = 80;

function commandOf({ input }: ToolCall): string | undefined {
  const { command } = input;
  if (typeof command !== 'string' || command.trim() === '') return undefined;
  const line = command.trim().split('\n', 1)[0]!;
  return line.length > LONGEST_COMMAND ? `${line.slice(0, LONGEST_COMMAND)}…` : line;
}
