import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AbortedError } from '../../src/core/errors.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

const list = (path: string) => ({ name: 'List', input: { path } });
const differentCalls = (count: number) => Array.from({ length: count }, (_, n) => list(`folder-${n}`));
const rolesOf = (messages: readonly { readonly role: string }[]) => messages.map(({ role }) => role);

describe('V16: limits of one turn', () => {
  it('endless different calls end at the limit of tool calls, which runs no call beyond it', async () => {
    let n = 0;
    const { orchestrator } = await scriptedOrchestrator(() => toolCall('List', { path: `folder-${n++}` }), {
      settings: { maxToolCalls: 7 },
    });
    const events = await collect(orchestrator.stream('go'));
    expect(ofType(events, 'tool-result')).toHaveLength(7);
    expect(ofType(events, 'turn-end')).toMatchObject([
      { reason: 'limit', limit: { name: 'maxToolCalls', value: 7 }, providerCalls: 8 },
    ]);
    const { messages } = orchestrator.coordinators.context.getContext();
    expect(messages.at(-1)).toMatchObject({
      role: 'tool',
      isError: true,
      content: expect.stringContaining('limit of 7 tool calls (maxToolCalls)') as string,
    });
  });

  it('the answer to the last call that is allowed is still given', async () => {
    const { orchestrator } = await scriptedOrchestrator(
      [{ toolCalls: differentCalls(2) }, { text: 'That is all.' }],
      { settings: { maxToolCalls: 2 } },
    );
    const response = await orchestrator.chat('go');
    expect(response).toMatchObject({ reason: 'end', content: 'That is all.' });
    expect(response).not.toHaveProperty('limit');
  });

  it('endless different calls end at 50 provider calls when nobody says anything', async () => {
    let n = 0;
    const { orchestrator } = await scriptedOrchestrator(() => toolCall('List', { path: `folder-${n++}` }));
    expect(await orchestrator.chat('go')).toMatchObject({
      reason: 'limit',
      limit: { name: 'maxTurns', value: 50 },
      providerCalls: 50,
    });
  });

  it('tokens of every tier count, and the limit is one of each turn', async () => {
    const usage = { inputTokens: 100, outputTokens: 100, cacheReadTokens: 100, cacheWriteTokens: 100 };
    let n = 0;
    const steps = () => ({ ...toolCall('List', { path: `folder-${n++}` }), usage });
    const { orchestrator } = await scriptedOrchestrator(steps, { settings: { maxTotalTokens: 801 } });
    const ended = { reason: 'limit', limit: { name: 'maxTotalTokens', value: 801 }, providerCalls: 3 };
    expect(await orchestrator.chat('go')).toMatchObject(ended);
    expect(await orchestrator.chat('continue')).toMatchObject(ended);
  });

  it('money is named as the limit when it is spent', async () => {
    const usage = { inputTokens: 1_000_000, outputTokens: 0 };
    const { orchestrator } = await scriptedOrchestrator(
      () => ({ ...toolCall('List', { path: '.' }), usage }),
      {
        model: 'script',
        settings: { maxBudgetUsd: 3, contextWindow: 9_000_000, prices: { script: { input: 2, output: 1 } } },
      },
    );
    expect(await orchestrator.chat('go')).toMatchObject({ limit: { name: 'maxBudgetUsd', value: 3 } });
  });

  it('time ends an answer in the middle of its stream, keeps what was said, and the session goes on', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(
      [{ text: 'one two three four five six', chunks: 6, delayMs: 600 }, { text: 'fine' }],
      { settings: { maxMinutes: 2 / 60 } },
    );
    const response = await orchestrator.chat('count');
    expect(response).toMatchObject({ reason: 'limit', limit: { name: 'maxMinutes', value: 2 / 60 } });
    const partial = orchestrator.coordinators.context.getContext().messages[1]!;
    expect(partial).toMatchObject({ role: 'assistant', partial: true });
    expect('one two three four five six'.startsWith(partial.content)).toBe(true);
    expect(await orchestrator.chat('continue')).toMatchObject({ reason: 'end', content: 'fine' });
    expect(rolesOf(requests[1]!.messages)).toEqual(['user', 'assistant', 'user']);
  });

  it('time ends a command and what would come after it; each has a result that does not blame the user', async () => {
    const { orchestrator, requests, cwd } = await scriptedOrchestrator(
      [
        {
          toolCalls: [
            { name: 'Bash', input: { command: 'sleep 30' } },
            { name: 'Bash', input: { command: 'touch late' } },
          ],
        },
        { text: 'fine' },
      ],
      { settings: { permissions: { mode: 'yolo' }, maxMinutes: 2 / 60 } },
    );
    expect(await orchestrator.chat('wait')).toMatchObject({
      reason: 'limit',
      limit: { name: 'maxMinutes' },
    });
    await orchestrator.chat('continue');
    const sent = requests[1]!.messages;
    expect(rolesOf(sent)).toEqual(['user', 'assistant', 'tool', 'tool', 'user']);
    expect(sent[2]).toMatchObject({
      isError: true,
      content: expect.stringMatching(/^Interrupted/) as string,
    });
    expect(sent[3]).toMatchObject({ content: expect.stringContaining('(maxMinutes)') as string });
    expect(JSON.stringify(sent)).not.toContain('by the user');
    expect(existsSync(join(cwd, 'late'))).toBe(false);
  });

  it('time ends a question that nobody answers', async () => {
    const { orchestrator } = await scriptedOrchestrator([toolCall('Bash', { command: 'touch made' })], {
      settings: { maxMinutes: 0.3 / 60 },
      onApproval: () => new Promise(() => {}),
    });
    expect(await orchestrator.chat('run it')).toMatchObject({ limit: { name: 'maxMinutes' } });
  });

  it('an abort during the last call that is allowed is an abort', async () => {
    const sleep = { name: 'Bash', input: { command: 'sleep 30' } };
    const { orchestrator } = await scriptedOrchestrator([{ toolCalls: [sleep, sleep] }], {
      settings: { permissions: { mode: 'yolo' }, maxToolCalls: 1 },
    });
    const aborted = orchestrator.chat('wait', { signal: AbortSignal.timeout(300) });
    await expect(aborted).rejects.toBeInstanceOf(AbortedError);
  });

  it('an abort before the time is up is an abort', async () => {
    const { orchestrator } = await scriptedOrchestrator([{ text: 'slow', delayMs: 5_000 }], {
      settings: { maxMinutes: 5 },
    });
    const aborted = orchestrator.chat('hi', { signal: AbortSignal.timeout(30) });
    await expect(aborted).rejects.toBeInstanceOf(AbortedError);
  });
});

describe('V15: 1,000 tool calls in one message', () => {
  it('100 run; each of the others gets an error result, and the next request is valid', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator([
      { toolCalls: differentCalls(1_000) },
      { text: 'done' },
    ]);
    const events = await collect(orchestrator.stream('go'));
    expect(ofType(events, 'tool-result')).toHaveLength(100);
    expect(ofType(events, 'turn-end')[0]).toMatchObject({ reason: 'end', content: 'done' });
    expect(ofType(events, 'notice').map(({ text }) => text)).toEqual([
      'At most 100 tool calls of one message are run; the model asked for 1000. The others were not run.',
    ]);
    const results = requests[1]!.messages.filter(({ role }) => role === 'tool');
    const asked = requests[1]!.messages[1]!.toolCalls!;
    expect(results.map(({ toolCallId }) => toolCallId)).toEqual(asked.map(({ id }) => id));
    const unrun = results.filter(({ content }) => content.startsWith('Not run: at most 100 tool calls'));
    expect(unrun).toEqual(results.slice(100));
    expect(unrun.every(({ isError }) => isError)).toBe(true);
  });

  it('an approval of one implies none of the others', async () => {
    const asked: string[] = [];
    const toolCalls = Array.from({ length: 1_000 }, (_, n) => ({
      name: 'Write',
      input: { path: `file-${n}`, content: 'x' },
    }));
    const { orchestrator, cwd } = await scriptedOrchestrator([{ toolCalls }, { text: 'done' }], {
      onApproval: async ({ title }) => {
        asked.push(title);
        return { allowed: asked.length === 1, scope: 'once' };
      },
    });
    const { denials } = await orchestrator.chat('go');
    expect(asked).toHaveLength(100);
    expect(new Set(asked).size).toBe(100);
    expect(denials).toHaveLength(99);
    expect(existsSync(join(cwd, 'file-0'))).toBe(true);
    expect(existsSync(join(cwd, 'file-1'))).toBe(false);
  });

  it('where the turn may make fewer, those run and the turn ends', async () => {
    const { orchestrator, requests } = await scriptedOrchestrator(
      [{ toolCalls: differentCalls(1_000) }, { text: 'fine' }],
      { settings: { maxToolCalls: 30 } },
    );
    const events = await collect(orchestrator.stream('go'));
    expect(ofType(events, 'tool-result')).toHaveLength(30);
    expect(ofType(events, 'turn-end')[0]).toMatchObject({ limit: { name: 'maxToolCalls', value: 30 } });
    await orchestrator.chat('continue');
    expect(requests[1]!.messages.filter(({ role }) => role === 'tool')).toHaveLength(1_000);
  });
});
