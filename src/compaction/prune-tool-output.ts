import type { Context } from '../core/context.js';
import type { CompactionStrategy } from '../core/extension.js';
import type { Message } from '../core/message.js';
import { startAndEnd } from './cut-text.js';

export interface PruneToolOutputOptions {
  /** Messages at the end that are left as they are; 10 when absent. */
  readonly keepLast?: number;
  /** Results of failed calls are left as they are among this many last messages; 30 when absent. */
  readonly keepErrors?: number;
  /** Characters an old result may have; of a longer one its beginning and its end stay. 1,000 when absent, at least 300. */
  readonly maxCharacters?: number;
}

/** Shortens what tools said long ago, and leaves out the pictures they answered; nothing else changes. */
export function createPruneToolOutputStrategy(options: PruneToolOutputOptions = {}): CompactionStrategy {
  const { keepLast = 10, keepErrors = 30, maxCharacters = 1_000 } = options;
  return {
    name: 'prune-tool-output',
    compact({ messages, metadata }: Context): Context {
      const pruned = messages.map((message, index) => {
        if (message.role !== 'tool') return message;
        const fromEnd = messages.length - index;
        if (fromEnd <= (message.isError ? Math.max(keepLast, keepErrors) : keepLast)) return message;
        return prune(message, maxCharacters);
      });
      return { messages: pruned, metadata };
    },
  };
}

function prune(message: Message, maxCharacters: number): Message {
  const { images = [], ...rest } = message;
  const { length } = message.content;
  if (images.length === 0 && length <= maxCharacters) return message;
  const parts = [
    ...(length > maxCharacters ? [`the middle of ${length} characters`] : []),
    ...(images.length > 0 ? [`${images.length} image(s)`] : []),
  ];
  const again = `Call ${message.toolName?.slice(0, 64) ?? 'the tool'} again if you need it.`;
  const note = `[Left out to save room: ${parts.join(' and ')}. ${again}]`;
  if (length > maxCharacters) return { ...rest, content: startAndEnd(message.content, maxCharacters, note) };
  return { ...rest, content: `${message.content}\n${note}` };
}
