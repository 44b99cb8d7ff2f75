import type { Message, ToolCall } from '../../core/message.js';

/** A call of this turn together with what came of it. */
export interface Outcome {
  readonly call: ToolCall;
  /** What came back; of a call that was refused, why. */
  readonly content: string;
  /** The call failed or was refused. */
  readonly failed: boolean;
  /** It never ran. */
  readonly refused: boolean;
}

/** What the offline provider knows of a turn: all of it is read from the request, nothing is remembered. */
export interface Conversation {
  /** The latest user message without its piped block. */
  readonly request: string;
  /** What was piped into the command line, when something was. */
  readonly piped: string | undefined;
  /** The user message before it, for requests such as "and where is it used?". */
  readonly previous: string | undefined;
  /** The calls of this turn, a list for each round, in order. */
  readonly rounds: readonly (readonly Outcome[])[];
}

/** Longer requests are read only this far, in UTF-16 units; nobody asks a question of this length. */
const MAX_REQUEST_LENGTH = 8_000;

/** What a model reads of a call that was refused: the reason, and words to a model that mean nothing to people. */
const REFUSED = /^Not run: (.+?) Do not try to reach the same by another way/s;

export function readConversation(messages: readonly Message[]): Conversation {
  const start = lastIndex(messages, (message) => message.role === 'user');
  const latest = messages[start];
  const before = messages[lastIndex(messages.slice(0, Math.max(0, start)), (one) => one.role === 'user')];
  const content = latest?.content ?? '';
  return {
    request: withoutPiped(content),
    piped: splitPiped(content).piped,
    previous: before === undefined ? undefined : withoutPiped(before.content),
    rounds: readRounds(messages.slice(start + 1)),
  };
}

function withoutPiped(content: string): string {
  return splitPiped(content).text.trim().slice(0, MAX_REQUEST_LENGTH);
}

/** The block comes last, on lines of its own; what the command line notes after it belongs to neither part. */
function splitPiped(content: string): { text: string; piped: string | undefined } {
  const open = /^<stdin[^>\n]*>\r?\n/m.exec(content);
  if (open === null) return { text: content, piped: undefined };
  const start = open.index + open[0].length;
  const close = content.lastIndexOf('</stdin>');
  const end = close < start ? content.length : close;
  return { text: content.slice(0, open.index), piped: content.slice(start, end) };
}

function readRounds(messages: readonly Message[]): Outcome[][] {
  const results = new Map<string, Message>();
  for (const message of messages) {
    if (message.role === 'tool' && message.toolCallId !== undefined) results.set(message.toolCallId, message);
  }
  const rounds: Outcome[][] = [];
  for (const message of messages) {
    if (message.role !== 'assistant' || !message.toolCalls?.length) continue;
    rounds.push(
      message.toolCalls.map((call) => {
        const result = results.get(call.id);
        const failed = result === undefined || result.isError === true;
        const reason = failed ? REFUSED.exec(result?.content ?? '')?.[1] : undefined;
        return {
          call,
          content: reason ?? result?.content ?? '',
          failed,
          refused: reason !== undefined,
        };
      }),
    );
  }
  return rounds;
}

function lastIndex<T>(list: readonly T[], matches: (one: T) => boolean): number {
  for (let index = list.length - 1; index >= 0; index--) {
    if (matches(list[index] as T)) return index;
  }
  return -1;
}
