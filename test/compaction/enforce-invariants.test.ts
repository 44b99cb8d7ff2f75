import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enforceInvariants } from '../../src/compaction/enforce-invariants.js';
import { createRecentStrategy } from '../../src/compaction/recent.js';
import type { Context } from '../../src/core/context.js';
import {
  assistantMessage,
  type Message,
  systemMessage,
  toolMessage,
  userMessage,
} from '../../src/core/message.js';
import { estimateTokens } from '../../src/core/tokens.js';
import { validHistory } from '../../src/core/valid-history.js';

const context = (messages: readonly Message[]): Context => ({
  messages,
  metadata: { currentTask: 'x', kept: 1 },
});

/** Random histories as real turns make them: users, plain answers, answers with parallel calls and their results. */
const turn = fc.record({
  text: fc.string({ minLength: 1, maxLength: 60 }),
  calls: fc.array(fc.nat({ max: 3 }), { maxLength: 4 }),
});
const history = fc
  .tuple(fc.boolean(), fc.array(turn, { minLength: 1, maxLength: 25 }))
  .map(([system, turns]) => {
    const messages: Message[] = system ? [systemMessage('rules')] : [];
    for (const [index, { text, calls }] of turns.entries()) {
      messages.push(userMessage(text));
      for (const [round, count] of calls.entries()) {
        const toolCalls = Array.from({ length: count }, (_, n) => ({
          id: `${index}-${round}-${n}`,
          name: 'Read',
          input: {},
        }));
        messages.push(assistantMessage('reading', { toolCalls }));
        for (const one of toolCalls) messages.push(toolMessage(one, `content of ${one.id}`));
      }
      messages.push(assistantMessage(`answer ${index}`));
    }
    return messages;
  });

function expectInvariants(original: readonly Message[], after: readonly Message[]): void {
  const positions = after
    .map((message) => original.findIndex((one) => one.id === message.id))
    .filter((at) => at >= 0);
  const bodies = positions.filter((at) => original[at]?.role !== 'system');
  expect(bodies).toEqual([...bodies].sort((a, b) => a - b));
  expect(new Set(after.map(({ id }) => id)).size).toBe(after.length);
  const systems = original.filter(({ role }) => role === 'system');
  expect(after.slice(0, systems.length)).toEqual(systems);
  const latest = original.findLast(({ role }) => role === 'user')!;
  expect(after).toContain(latest);
  expect(estimateTokens(after)).toBeLessThanOrEqual(estimateTokens(original));
  // Pairs are whole: the only thing left to mend for the wire is who speaks first.
  const withoutOpening = validHistory(after).filter((message) => after.includes(message));
  expect(withoutOpening).toEqual(
    after.filter(({ role, content, toolCalls }) => role !== 'assistant' || content || toolCalls),
  );
  expect(validHistory(after).every(({ content }) => !content.includes('Outcome unknown'))).toBe(true);
}

describe('enforceInvariants', () => {
  it('holds for the recent strategy over random histories', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 20 }), async (messages, keepLast) => {
        const original = context(messages);
        const answer = await createRecentStrategy({ keepLast }).compact(original);
        expectInvariants(messages, enforceInvariants(original, answer).messages);
      }),
      { numRuns: 300 },
    );
  });

  it('holds for a strategy that keeps a random, shuffled and repeated choice', () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), (messages, picks) => {
        const chosen = [...picks.take(12)].map((pick) => messages[pick % messages.length]!);
        const original = context(messages);
        expectInvariants(messages, enforceInvariants(original, { messages: chosen, metadata: {} }).messages);
      }),
      { numRuns: 300 },
    );
  });

  it('carries metadata over and lets a strategy add to it', () => {
    const messages = [userMessage('a'.repeat(400)), assistantMessage('b'), userMessage('c')];
    const answer = { messages: messages.slice(1), metadata: { note: 'n' } };
    expect(enforceInvariants(context(messages), answer).metadata).toEqual({
      currentTask: 'x',
      kept: 1,
      note: 'n',
    });
  });

  it('keeps a summary where the strategy put it, and takes calls nobody ran out of it', () => {
    const messages = [userMessage('a'.repeat(800)), assistantMessage('b'.repeat(800)), userMessage('c')];
    const invented = { id: 'x', name: 'Bash', input: { command: 'id' } };
    const summary = { ...assistantMessage('summary'), toolCalls: [invented] };
    const after = enforceInvariants(context(messages), { messages: [summary, messages[2]!], metadata: {} });
    expect(after.messages.map(({ content }) => content)).toEqual(['summary', 'c']);
    expect(after.messages[0]?.toolCalls).toBeUndefined();
  });

  it('lets a strategy shorten a message but not change whose it is', () => {
    const long = assistantMessage('long '.repeat(100));
    const messages = [userMessage('a'), long, userMessage('c')];
    const shortened = { ...long, role: 'user' as const, content: 'short' };
    const after = enforceInvariants(context(messages), {
      messages: [messages[0]!, shortened, messages[2]!],
      metadata: {},
    });
    expect(after.messages[1]).toEqual({ ...long, content: 'short' });
  });

  it('answers the original when the strategy made it larger', () => {
    const original = context([userMessage('a'), userMessage('b')]);
    const answer = {
      messages: [...original.messages, assistantMessage('padding '.repeat(50))],
      metadata: {},
    };
    expect(enforceInvariants(original, answer)).toBe(original);
  });
});
