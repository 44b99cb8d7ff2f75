import { CUT, collectFacts, splitFacts } from '../compaction/facts.js';
import { summaryText } from '../compaction/summary.js';
import { pathOf } from '../compaction/touched-path.js';
import type { FactKind, FactScore } from '../core/evaluation.js';
import type { Message } from '../core/message.js';
import { callsThatRan } from './calls-that-ran.js';
import { openItems } from './open-items.js';

/** What must not be lost, and whether it stands in what would be sent. */
export interface PinnedFact {
  readonly kind: FactKind;
  readonly text: string;
  /** The message that shows it, and has to be there whole; absent where only the words count. */
  readonly shownBy?: Message | undefined;
  readonly isIn: (sent: Sent) => boolean;
}

/** What would be sent, ready to be looked through. */
interface Sent {
  readonly messages: ReadonlyMap<string, Message>;
  /** Everything that is said and called, in one line and in lower case. */
  readonly text: string;
  /** Files whose state a summary has. */
  readonly summarised: ReadonlySet<string>;
}

/**
 * Finds what a conversation must not lose, and answers what of it stands in the messages that would be sent. `own` are
 * texts of the caller's.
 */
export function pinnedFacts(
  messages: readonly Message[],
  own: readonly string[] = [],
): (sent: readonly Message[]) => readonly FactScore[] {
  const facts = factsOf(messages, own);
  return (sent) => {
    const looked = look(sent);
    return facts.map(({ kind, text, isIn }) => ({ kind, text, kept: isIn(looked) }));
  };
}

/**
 * What the user said must or must not be, each file with its last call, what was left open, and texts of the caller's own.
 */
export function factsOf(messages: readonly Message[], own: readonly string[] = []): readonly PinnedFact[] {
  const ran = callsThatRan(messages);
  const { constraints, files } = collectFacts(ran, { constraints: [], files: new Map() });
  const calls = lastCalls(ran);
  return [
    ...constraints.map((text) => said('constraint', text)),
    ...[...files].map(([path, state]): PinnedFact => {
      const { messageId = '', result } = calls.get(path) ?? {};
      return {
        kind: 'file',
        text: `${path} (${state})`,
        shownBy: result,
        isIn: (sent) =>
          sent.summarised.has(path) || (sent.messages.has(messageId) && (!result || isWhole(result, sent))),
      };
    }),
    ...openItems(ran).map(({ text, message }): PinnedFact => {
      const words = said('open-item', text);
      return { ...words, shownBy: message, isIn: (sent) => isWhole(message, sent) || words.isIn(sent) };
    }),
    ...own.map((text) => said('own', text)),
  ];
}

/** Whether a message is there with all that it says and shows. */
function isWhole(message: Message, { messages }: Sent): boolean {
  const found = messages.get(message.id);
  return found?.content === message.content && found.images?.length === message.images?.length;
}

/** A text that must stand there as it was said; white space and case do not count. */
function said(kind: FactKind, text: string): PinnedFact {
  const parts = text.split(CUT).map(inOneLine);
  return { kind, text, isIn: (sent) => parts.every((part) => sent.text.includes(part)) };
}

function look(messages: readonly Message[]): Sent {
  const texts = messages.flatMap(({ content, toolCalls = [] }) => [
    content,
    ...toolCalls.flatMap(({ input }) => Object.values(input).filter((value) => typeof value === 'string')),
  ]);
  const summaries = messages.flatMap((message) => summaryText(message) ?? []);
  return {
    messages: new Map(messages.map((message) => [message.id, message])),
    text: inOneLine(texts.join('\n')),
    summarised: new Set(summaries.flatMap((text) => [...splitFacts(text).facts.files.keys()])),
  };
}

function inOneLine(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** The message with the last call on a file, and the result of the call. */
interface LastCall {
  readonly path: string;
  readonly messageId: string;
  readonly result?: Message;
}

/** By path, what shows the last state of a file. */
function lastCalls(messages: readonly Message[]): ReadonlyMap<string, LastCall> {
  const last = new Map<string, LastCall>();
  const asked = new Map<string, LastCall>();
  for (const message of messages) {
    const { id, toolCalls = [], toolCallId } = message;
    for (const call of toolCalls) {
      const path = pathOf(call);
      if (path === undefined) {
        asked.delete(call.id);
        continue;
      }
      last.set(path, { path, messageId: id });
      asked.set(call.id, { path, messageId: id });
    }
    // A server may number its calls anew in every turn: a result belongs to the latest call with its id.
    const call = toolCallId === undefined ? undefined : asked.get(toolCallId);
    if (call && last.get(call.path)?.messageId === call.messageId)
      last.set(call.path, { ...call, result: message });
  }
  return last;
}
