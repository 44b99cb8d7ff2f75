import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Message, ToolCall } from '../../src/core/message.js';

export interface Conversation {
  readonly messages: readonly Message[];
  /** The ids of the messages that answer each question. */
  readonly questions: readonly { readonly question: string; readonly evidence: readonly string[] }[];
}

interface RecordedMessage {
  readonly id: string;
  readonly speaker: string;
  readonly text: string;
  /** Of an agent, where the conversation has them. */
  readonly calls?: readonly ToolCall[];
  /** The id of the call that this is the result of. */
  readonly resultOf?: string;
}

interface Recorded {
  readonly messages: readonly RecordedMessage[];
  readonly questions: readonly { readonly question: string; readonly evidence: readonly string[] }[];
}

export function holdsConversations(folder: string): boolean {
  return readdirSync(folder).some((name) => name.endsWith('.json') && isConversation(join(folder, name)));
}

/** Every conversation of a folder. Who speaks first is the user; evidence that names no message is left out. */
export function readConversations(folder: string): Conversation[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name): Recorded => JSON.parse(readFileSync(join(folder, name), 'utf8')))
    .filter((recorded) => Array.isArray(recorded.messages))
    .map(({ messages, questions }) => {
      const ids = new Set(messages.map(({ id }) => id));
      return {
        messages: messages.map((message) => toMessage(message, messages[0]!.speaker)),
        questions: questions
          .map(({ question, evidence }) => ({ question, evidence: evidence.filter((id) => ids.has(id)) }))
          .filter(({ evidence }) => evidence.length > 0),
      };
    });
}

/** Where tools are called, what is said stands by itself; people are told apart by their names. */
function toMessage({ id, speaker, text, calls, resultOf }: RecordedMessage, user: string): Message {
  if (resultOf !== undefined)
    return { id, role: 'tool', content: text, toolCallId: resultOf, toolName: speaker };
  if (calls) return { id, role: 'assistant', content: text, toolCalls: calls };
  return { id, role: speaker === user ? 'user' : 'assistant', content: `${speaker}: ${text}` };
}

function isConversation(file: string): boolean {
  return Array.isArray(JSON.parse(readFileSync(file, 'utf8')).messages);
}
