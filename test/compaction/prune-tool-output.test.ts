import { describe, expect, it } from 'vitest';
import { enforceInvariants } from '../../src/compaction/enforce-invariants.js';
import { createPruneToolOutputStrategy } from '../../src/compaction/prune-tool-output.js';
import type { Context } from '../../src/core/context.js';
import { assistantMessage, type Message, toolMessage, userMessage } from '../../src/core/message.js';

const log = `first line\n${'noise '.repeat(2_000)}\nlast line`;

function calls(...results: readonly Partial<Message>[]): readonly Message[] {
  return results.flatMap((result, index) => {
    const call = { id: `c${index}`, name: 'Bash', input: { command: 'make' } };
    return [
      userMessage(`run ${index}`),
      assistantMessage('', { toolCalls: [call] }),
      { ...toolMessage(call, log), ...result },
    ];
  });
}

const prune = async (messages: readonly Message[], options = {}) => {
  const context: Context = { messages, metadata: {} };
  return enforceInvariants(context, await createPruneToolOutputStrategy(options).compact(context)).messages;
};

describe('the prune-tool-output strategy', () => {
  it('leaves the beginning and the end of an old result, says what is gone and how to get it again', async () => {
    const messages = calls({}, {}, {}, {});
    const after = await prune(messages, { keepLast: 3 });
    expect(after).toHaveLength(messages.length);
    expect(after[2]!.content).toMatch(/^first line\nnoise/);
    expect(after[2]!.content).toMatch(/noise \nlast line$/);
    expect(after[2]!.content).toContain(
      `the middle of ${log.length} characters. Call Bash again if you need it.`,
    );
    expect(after[2]!.content.length).toBeLessThanOrEqual(1_000);
  });

  it('touches neither the last messages nor what anybody but a tool said', async () => {
    const messages = [userMessage(log), assistantMessage(log), ...calls({}, {})];
    const after = await prune(messages, { keepLast: 3 });
    expect(after.filter((message, index) => message !== messages[index])).toHaveLength(1);
    expect(after.slice(-3)).toEqual(messages.slice(-3));
  });

  it('keeps errors longer than successes', async () => {
    const messages = calls({ isError: true }, {}, { isError: true }, {}, {});
    const after = await prune(messages, { keepLast: 3, keepErrors: 9 });
    const whole = after.filter(({ role }) => role === 'tool').map(({ content }) => content === log);
    expect(whole).toEqual([false, false, true, false, true]);
  });

  it('leaves out old pictures and says so', async () => {
    const images = [{ mediaType: 'image/png', data: 'iVBORw0KGgo=' }];
    const after = await prune(calls({ content: 'a screenshot', images }, {}, {}, {}, {}), { keepLast: 6 });
    expect(after[2]!.images).toBeUndefined();
    expect(after[2]!.content).toMatch(/^a screenshot\n\[Left out to save room: 1 image\(s\)\./);
  });

  it('halves no character and changes nothing the second time', async () => {
    for (const start of ['', 'x']) {
      const once = await prune(calls({ content: start + '🙂'.repeat(3_000) }, {}, {}), {
        keepLast: 6,
        maxCharacters: 301,
      });
      expect(JSON.stringify(once[2]!.content)).not.toMatch(/\\ud/);
      expect(await prune(once, { keepLast: 6, maxCharacters: 301 })).toBe(once);
    }
  });
});
