import type { Message, ToolCall } from '../core/message.js';

/** The shortest limit among the providers we speak to. */
const LONGEST_ID = 40;
const LONGEST_NAME = 64;

/**
 * Gives the tool calls of one conversation ids that every provider accepts. A conversation may have been led with
 * another provider, whose ids were numbers, empty, or the same in every turn; the large providers accept only
 * letters, digits, `_` and `-`, each id once. Equal conversations get equal ids, so that prompt caches hold.
 */
export class WireCallIds {
  readonly #taken = new Set<string>();
  readonly #byCall = new Map<ToolCall, string>();
  readonly #byResult = new Map<Message, string>();
  /** By the id that the conversation has: calls whose results did not come yet. */
  readonly #waiting = new Map<string, string[]>();

  /** The next message of the conversation. */
  add(message: Message): void {
    for (const call of message.toolCalls ?? []) {
      const id = unusedId(call.id, this.#taken);
      this.#taken.add(id);
      this.#byCall.set(call, id);
      this.#waiting.set(call.id, [...(this.#waiting.get(call.id) ?? []), id]);
    }
    if (message.role !== 'tool') return;
    const asked = message.toolCallId ?? '';
    this.#byResult.set(message, this.#waiting.get(asked)?.shift() ?? cleanId(asked));
  }

  call(call: ToolCall): string {
    return this.#byCall.get(call) ?? cleanId(call.id);
  }

  result(message: Message): string {
    return this.#byResult.get(message) ?? cleanId(message.toolCallId ?? '');
  }
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
