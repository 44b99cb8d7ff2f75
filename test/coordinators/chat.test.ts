import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AbortedError, ProviderError } from '../../src/core/errors.js';
import type { VictorEvent } from '../../src/core/event.js';
import { noUsage } from '../../src/core/usage.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

describe('the turn loop', () => {
  it('answers, and sums usage over every provider call of the turn', async () => {
    const usage = { inputTokens: 100, outputTokens: 10 };
    const { orchestrator } = await scriptedOrchestrator(
      [
        { ...toolCall('Read', { path: 'a.txt' }), usage },
        { text: 'It says hello.', usage },
      ],
      { files: { 'a.txt': 'hello\n' } },
    );
    const response = await orchestrator.chat('What does a.txt say?');
    expect(response.content).toBe('It says hello.');
    expect(response.usage.totalTokens).toBe(220);
    expect(response).toMatchObject({
      providerCalls: 2,
      reason: 'end',
      sessionId: orchestrator.sessionId,
      denials: [],
    });
  });

  it('gives tool results back to the model and keeps the whole exchange in the context', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(
      [toolCall('Read', { path: 'a.txt' }), { text: 'done' }],
      { files: { 'a.txt': 'hello\n' } },
    );
    await orchestrator.chat('read it');
    const roles = requests[1]?.messages.map((message) => message.role);
    expect(roles).toEqual(['user', 'assistant', 'tool']);
    expect(requests[1]?.messages[2]?.content).toContain('hello');
    expect(orchestrator.coordinators.context.getContext().messages).toHaveLength(4);
  });

  it('tells every step as an event, in order', async () => {
    const { orchestrator } = await scriptedOrchestrator(
      [toolCall('Read', { path: 'a.txt' }), { text: 'done', chunks: 2 }],
      { files: { 'a.txt': 'hello\n' } },
    );
    const events = await collect(orchestrator.stream('read it'));
    expect(events.map(({ type }) => type)).toEqual([
      'session-open',
      'turn-start',
      'message',
      ...['tool-selection', 'prompt-build', 'request-start'],
      ...['tool-call-delta', 'request-end', 'message'],
      ...['tool-call', 'tool-decision', 'tool-result', 'message'],
      ...[
        'tool-selection',
        'prompt-build',
        'request-start',
        'text-delta',
        'text-delta',
        'request-end',
        'message',
      ],
      'turn-end',
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  it('runs neighbouring reads together and answers them in order', async () => {
    const calls = ['a', 'b', 'c'].map((name) => ({ name: 'Read', input: { path: `${name}.txt` } }));
    const files = { 'a.txt': 'A', 'b.txt': 'B', 'c.txt': 'C' };
    const { orchestrator, requests } = await scriptedOrchestrator([{ toolCalls: calls }, { text: 'done' }], {
      files,
    });
    await orchestrator.chat('read all');
    const results = requests[1]!.messages.filter(({ role }) => role === 'tool');
    expect(results.map(({ content }) => content.match(/[ABC]$/m)?.[0])).toEqual(['A', 'B', 'C']);
  });

  it('V13, V14: answers unknown tools and wrong arguments to the model, naming the field', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([
      {
        toolCalls: [
          { name: 'Teleport', input: {} },
          { name: 'Read', input: { path: 7 } },
        ],
      },
      { text: 'done' },
    ]);
    const response = await orchestrator.chat('go');
    const results = requests[1]!.messages.filter(({ role }) => role === 'tool');
    expect(results.map(({ isError }) => isError)).toEqual([true, true]);
    expect(results[0]?.content).toContain('There is no tool "Teleport"');
    expect(results[1]?.content).toContain('path');
    expect(response.content).toBe('done');
  });

  it('a failed turn rejects with a typed error, and the message leaves the live context', async () => {
    const { orchestrator } = await scriptedOrchestrator([
      { error: { kind: 'authentication', message: 'bad key' } },
      { text: 'fine now' },
    ]);
    await expect(orchestrator.chat('hello')).rejects.toBeInstanceOf(ProviderError);
    expect(orchestrator.coordinators.context.getContext().messages).toEqual([]);
    expect((await orchestrator.chat('hello')).content).toBe('fine now');
    expect(orchestrator.coordinators.context.getContext().messages).toHaveLength(2);
    const log = await orchestrator.store.sessions.readLog(orchestrator.sessionId);
    expect(log.map(({ entry }) => entry.type)).toEqual(['message', 'failed-turn', 'message', 'message']);
  });

  it('a failed turn stays in the context when tools already ran', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(
      [
        toolCall('Read', { path: 'a.txt' }),
        { error: { kind: 'authentication', message: 'bad key' } },
        { text: 'ok' },
      ],
      { files: { 'a.txt': 'hello\n' } },
    );
    await expect(orchestrator.chat('read')).rejects.toThrow('bad key');
    await orchestrator.chat('and now?');
    expect(requests[2]!.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'user']);
  });

  it('an abort keeps the partial answer, marks it, and leaves a history that can go on', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([
      { text: 'one two three four five six', chunks: 6, delayMs: 20 },
      { text: 'go on' },
    ]);
    const controller = new AbortController();
    const events: VictorEvent[] = [];
    for await (const event of orchestrator.stream('count', { signal: controller.signal })) {
      events.push(event);
      if (event.type === 'text-delta') controller.abort();
    }
    expect(ofType(events, 'turn-end')[0]).toMatchObject({ reason: 'interrupted' });
    const partial = orchestrator.coordinators.context.getContext().messages[1]!;
    expect(partial).toMatchObject({ role: 'assistant', partial: true });
    expect('one two three four five six'.startsWith(partial.content)).toBe(true);
    await orchestrator.chat('continue');
    expect(requests[1]!.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });

  it('an aborted chat() rejects with AbortedError', async () => {
    const { orchestrator } = await scriptedOrchestrator([{ text: 'slow', delayMs: 5_000 }]);
    const signal = AbortSignal.timeout(30);
    await expect(orchestrator.chat('hi', { signal })).rejects.toBeInstanceOf(AbortedError);
  });

  it('an abort while a command runs closes every call with a result', async () => {
    const { orchestrator } = await scriptedOrchestrator(
      [
        {
          toolCalls: [
            { name: 'Bash', input: { command: 'sleep 30' } },
            { name: 'Bash', input: { command: 'true' } },
          ],
        },
      ],
      { settings: { permissions: { mode: 'yolo' } } },
    );
    const controller = new AbortController();
    for await (const event of orchestrator.stream('wait', { signal: controller.signal })) {
      if (event.type === 'tool-decision') setTimeout(() => controller.abort(), 100);
    }
    const { messages } = orchestrator.coordinators.context.getContext();
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'tool']);
    expect(messages.slice(2).every(({ isError }) => isError)).toBe(true);
  });

  it('V19: an abort ends a turn at once although the provider or the approval takes no notice', async () => {
    const said = new AbortController();
    const deaf = {
      name: 'deaf',
      async *stream() {
        yield { type: 'text-delta', text: 'half' } as const;
        setImmediate(() => said.abort());
        await new Promise(() => {});
      },
    };
    const provider = await scriptedOrchestrator([], { provider: deaf });
    const { signal } = said;
    await expect(provider.orchestrator.chat('hi', { signal })).rejects.toBeInstanceOf(AbortedError);
    expect(provider.orchestrator.coordinators.context.getContext().messages[1]).toMatchObject({
      partial: true,
    });

    const opened = new AbortController();
    const approval = await scriptedOrchestrator([toolCall('Bash', { command: 'touch made' })], {
      onApproval: () => {
        // By then it waits for the answer.
        setImmediate(() => opened.abort());
        return new Promise(() => {});
      },
    });
    const asked = approval.orchestrator.chat('run it', { signal: opened.signal });
    await expect(asked).rejects.toBeInstanceOf(AbortedError);
    const { messages } = approval.orchestrator.coordinators.context.getContext();
    expect(messages.at(-1)).toMatchObject({
      role: 'tool',
      isError: true,
      content: 'Interrupted before it ran or ended.',
    });
  });

  it('V13: gives ids that come again over turns ids of their own, so that no result is lost', async () => {
    const again = (path: string) => ({ toolCalls: [{ name: 'Read', input: { path }, id: 'call_0' }] });
    const { orchestrator, requests } = await scriptedOrchestrator(
      [again('a.txt'), { text: 'one' }, again('b.txt'), { text: 'two' }],
      { files: { 'a.txt': 'AAA', 'b.txt': 'BBB' } },
    );
    await orchestrator.chat('first');
    await orchestrator.chat('second');
    const results = requests[3]!.messages.filter(({ role }) => role === 'tool');
    expect(results.map(({ content }) => content.match(/AAA|BBB|Outcome unknown/)?.[0])).toEqual([
      'AAA',
      'BBB',
    ]);
    expect(new Set(results.map(({ toolCallId }) => toolCallId)).size).toBe(2);
  });

  it('an interrupted provider call is counted, at an unknown price', async () => {
    const { orchestrator } = await scriptedOrchestrator([{ text: 'a b c d e f', chunks: 6, delayMs: 20 }]);
    const controller = new AbortController();
    for await (const event of orchestrator.stream('go', { signal: controller.signal })) {
      if (event.type === 'text-delta') controller.abort();
    }
    expect(orchestrator.coordinators.metrics.snapshot()).toMatchObject({
      providerCalls: 1,
      unpricedCalls: 1,
    });
  });

  it('V19: an abort ends the wait for an earlier turn, and nothing of the later one is kept', async () => {
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let firstEnded = false;
    const waiting = {
      name: 'waiting',
      async *stream() {
        await asked;
        yield { type: 'text-delta', text: 'late' } as const;
        yield { type: 'end', stopReason: 'end', usage: noUsage } as const;
      },
    };
    const { orchestrator } = await scriptedOrchestrator([], { provider: waiting });
    const first = orchestrator.chat('first').finally(() => {
      firstEnded = true;
    });
    const second = orchestrator.chat('second', { signal: AbortSignal.timeout(30) });
    await expect(second).rejects.toBeInstanceOf(AbortedError);
    expect(firstEnded).toBe(false);
    answer();
    await first;
    expect(orchestrator.coordinators.context.getContext().messages).toHaveLength(2);
    expect((await orchestrator.chat('third')).reason).toBe('end');
  });

  it('V19: an abort ends a turn whose prompt contributor never answers', async () => {
    const prompt = { buildSystemPrompt: () => new Promise<string>(() => {}) };
    const { orchestrator } = await scriptedOrchestrator([], { coordinators: { prompt } });
    const aborted = orchestrator.chat('hi', { signal: AbortSignal.timeout(30) });
    await expect(aborted).rejects.toBeInstanceOf(AbortedError);
  });

  it('stops at the limit of provider calls and says so', async () => {
    const { orchestrator } = await scriptedOrchestrator(() => toolCall('List', { path: '.' }), {
      settings: { maxTurns: 3 },
    });
    expect(await orchestrator.chat('loop')).toMatchObject({ reason: 'limit', providerCalls: 3 });
  });

  it('stops before the call that could cross the budget, and refuses a budget without a price', async () => {
    const usage = { inputTokens: 1_000_000, outputTokens: 0 };
    const steps = () => ({ ...toolCall('List', { path: '.' }), usage });
    const priced = await scriptedOrchestrator(steps, {
      model: 'script',
      settings: { maxBudgetUsd: 5, contextWindow: 9_000_000, prices: { script: { input: 2, output: 10 } } },
    });
    // The third call would read a million tokens again, which could cost more than the dollar that is left.
    const spent = { reason: 'limit', providerCalls: 2, costUsd: 4 };
    expect(await priced.orchestrator.chat('spend')).toMatchObject(spent);
    expect(await priced.orchestrator.chat('the budget is for one turn')).toMatchObject(spent);
    const unpriced = await scriptedOrchestrator(steps, { settings: { maxBudgetUsd: 5 } });
    await expect(unpriced.orchestrator.chat('spend')).rejects.toMatchObject({
      code: 'config',
      key: 'maxBudgetUsd',
    });
  });

  it('a caller who stops listening stops the turn', async () => {
    const { orchestrator, cwd } = await scriptedOrchestrator(
      [{ toolCalls: [{ name: 'Write', input: { path: 'late.txt', content: 'x' } }] }],
      { settings: { permissions: { mode: 'yolo' } } },
    );
    for await (const event of orchestrator.stream('write')) if (event.type === 'request-end') break;
    await expect(readFile(join(cwd, 'late.txt'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await orchestrator.chat('hello')).reason).toBe('end');
  });
});
