import type { Message, ToolCall } from '../core/message.js';

/** The shortest limit among the providers we speak to. */
const LONGEST_ID = 40;
const LONGEST_NAME = 64;

/**
 * Gives the tool calls of one conversation ids that every provider accepts. A conversation may have been led with
 * another provider, whose ids were numbers, empty, or the same in every turn; the large providers accept only
 * letters, digits, `_` and `-`, each id once. Equal conversations get equal ids, so that prompt caches hold.
 */
export function wireCallIds(messages: readonly Message[]): {
  readonly call: (call: ToolCall) => string;
  readonly result: (message: Message) => string;
} {
  const taken = new Set<string>();
  const byCall = new Map<ToolCall, string>();
  const byResult = new Map<Message, string>();
  const waiting = new Map<string, string[]>();
  for (const message of messages) {
    for (const call of message.toolCalls ?? []) {
      const id = unusedId(call.id, taken);
      taken.add(id);
      byCall.set(call, id);
      waiting.set(call.id, [...(waiting.get(call.id) ?? []), id]);
    }
    if (message.role !== 'tool') continue;
    const asked = message.toolCallId ?? '';
    byResult.set(message, waiting.get(asked)?.shift() ?? cleanId(asked));
  }
  return {
    call: (call) => byCall.get(call) ?? cleanId(call.id),
    result: (message) => byResult.get(message) ?? cleanId(message.toolCallId ?? ''),
  };
}

/** A tool's name as providers accept it, also when a model made it up. */
export function wireToolName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, LONGEST_NAME) || 'unnamed';
}

function cleanId(id: string): string {
  return id.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, LONGEST_ID) || 'call';
}

function unusedId(id: string, taken: ReadonlySet<string>): string {
  const clean = cleanId(id);
  for (let count = 2, candidate = clean; ; count += 1) {
    if (!taken.has(candidate)) return candidate;
    candidate = `${clean.slice(0, LONGEST_ID - 6)}-${count}`;
  }
}
