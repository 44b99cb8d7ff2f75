import type { Message, Thinking, ToolCall } from '../core/message.js';

type AnswerPart =
  | { readonly kind: 'thinking'; readonly thinking: Thinking }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly call: ToolCall };

/**
 * What an answer is made of, in the order in which the model said it: each block of thinking before the text or the call
 * that it led to. Thinking that led to nothing is left out, because providers refuse an answer that ends with it.
 */
export function* answerParts({ content, toolCalls = [], thinking = [] }: Message): Generator<AnswerPart> {
  const said: AnswerPart[] = toolCalls.map((call) => ({ kind: 'call', call }));
  if (content.trim() !== '') said.unshift({ kind: 'text', text: content });
  for (const [position, part] of said.entries()) {
    for (const one of thinking) {
      if ((one.after ?? 0) === position) yield { kind: 'thinking', thinking: one };
    }
    yield part;
  }
}
