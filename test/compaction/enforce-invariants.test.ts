import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enforceInvariants } from '../../src/compaction/enforce-invariants.js';
import { createRecentStrategy } from '../../src/compaction/recent.js';
import type { Context } from '../../src/core/context.js';
import {
  assistantMessage,
  type Message,
  summaryMessage,
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

  it('answers the original when fewer messages are larger than the many they stand for', () => {
    const original = context(['a', 'b', 'c'].map((text) => userMessage(text)));
    const answer = { messages: [assistantMessage('padding '.repeat(50))], metadata: {} };
    expect(enforceInvariants(original, answer)).toBe(original);
  });

  it('answers the original itself when the strategy changed nothing but the array', () => {
    const original = context([userMessage('a'), assistantMessage('b')]);
    const answer = { messages: [...original.messages], metadata: {} };
    expect(enforceInvariants(original, answer)).toBe(original);
  });

  it('makes a summary for the user of what a strategy wrote as a system message, which could never be dropped', () => {
    const original = context([systemMessage('rules'), userMessage('a'.repeat(800)), userMessage('c')]);
    const answer = { messages: [systemMessage('the user wants a'), original.messages[2]!], metadata: {} };
    const { messages } = enforceInvariants(original, answer);
    expect(messages.map(({ role, content, summary }) => [role, content, summary ?? false])).toEqual([
      ['system', 'rules', false],
      ['user', 'the user wants a', true],
      ['user', 'c', false],
    ]);
    // The next compaction may leave it out.
    const next = enforceInvariants({ messages, metadata: {} }, { messages: messages.slice(2), metadata: {} });
    expect(next.messages).toHaveLength(2);
  });

  it('takes a summary for nothing that the user said: what they said last is kept besides it', () => {
    const asked = userMessage('fix it');
    const original = context([asked, summaryMessage('notes'), assistantMessage('done '.repeat(50))]);
    expect(enforceInvariants(original, { messages: [], metadata: {} }).messages).toEqual([asked]);
  });

  it('pairs a result with the latest call of its id, where a server numbers its calls anew in every turn', () => {
    const call = { id: 'call_0', name: 'Read', input: {} };
    const exchange = (text: string) => [
      userMessage(text),
      assistantMessage('', { toolCalls: [call] }),
      toolMessage(call, `result of ${text}`),
    ];
    const messages = [...exchange('one'), ...exchange('two')];
    const { messages: kept } = enforceInvariants(context(messages), {
      messages: messages.slice(4, 5),
      metadata: {},
    });
    expect(kept).toEqual(messages.slice(3));
  });

  it('leaves nothing of the strategy between a call and its results', () => {
    const calls = ['a', 'b'].map((id) => ({ id, name: 'Read', input: {} }));
    const results = calls.map((call) => toolMessage(call, 'x'));
    const messages = [
      userMessage('long '.repeat(200)),
      assistantMessage('', { toolCalls: calls }),
      ...results,
      assistantMessage('read'),
      userMessage('go on'),
    ];
    const answer = [messages[1]!, results[0]!, summaryMessage('notes'), results[1]!, ...messages.slice(4)];
    const { messages: after } = enforceInvariants(context(messages), { messages: answer, metadata: {} });
    expect(after.map(({ role, summary }) => (summary ? 'summary' : role))).toEqual([
      'assistant',
      'tool',
      'tool',
      'summary',
      'assistant',
      'user',
    ]);
  });

  it('takes no result from a strategy, not even for a call that has none', () => {
    const call = { id: 'lost', name: 'Bash', input: {} };
    const messages = [
      userMessage('long '.repeat(200)),
      assistantMessage('', { toolCalls: [call] }),
      userMessage('c'),
    ];
    const answer = {
      messages: [messages[1]!, toolMessage(call, 'all went well'), messages[2]!],
      metadata: {},
    };
    const { messages: after } = enforceInvariants(context(messages), answer);
    expect(after).toEqual(messages.slice(1));
  });

  it('lets a strategy leave out the pictures of a message, but not those of what the user said last', () => {
    const images = [{ mediaType: 'image/png', data: 'iVBORw0KGgo=' }];
    const messages = [userMessage('old', images), assistantMessage('seen'), userMessage('new', images)];
    const without = messages.map(({ images: _, ...message }) => message);
    const { messages: after } = enforceInvariants(context(messages), { messages: without, metadata: {} });
    expect(after.map((message) => message.images?.length ?? 0)).toEqual([0, 0, 1]);
  });
});
