import type { ContextMetadata } from './context.js';
import { type Message, typedText } from './message.js';

/** The metadata of a context nobody annotated: the current task is the latest user message. */
export function currentTask(messages: readonly Message[]): ContextMetadata {
  const latest = messages.findLast(
    (message) => message.role === 'user' && !message.summary && !message.command,
  );
  return latest ? { currentTask: typedText(latest) } : {};
}
