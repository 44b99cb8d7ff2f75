import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Provider, ProviderEvent } from '../../src/core/provider.js';
import type { Tool } from '../../src/core/tool.js';
import { AgentOrchestrator } from '../../src/orchestrator.js';
import { AnthropicProvider } from '../../src/providers/anthropic.js';
import { OpenAIProvider } from '../../src/providers/openai.js';
import { initialState, reduce } from '../../src/state.js';
import { type ModelServer, type ServerScript, startModelServer } from '../helpers/model-server.js';
import { collect, ofType } from '../helpers/scripted-orchestrator.js';
import { callsOf, canaryKey, events, failure } from './drive.js';

let server: ModelServer;
afterEach(() => server?.close());

const dialects: Record<string, (server: ModelServer) => Provider> = {
  anthropic: ({ url }) => new AnthropicProvider({ apiKey: canaryKey, baseURL: url }),
  chat: ({ openAIUrl }) => new OpenAIProvider({ apiKey: canaryKey, baseURL: openAIUrl, api: 'chat' }),
  responses: ({ openAIUrl }) =>
    new OpenAIProvider({ apiKey: canaryKey, baseURL: openAIUrl, api: 'responses' }),
};

const long = { path: 'a.txt', content: 'A long file. '.repeat(40) };
const calls = [
  { name: 'Write', input: long, id: 'c1' },
  { name: 'List', input: { path: '.' }, id: 'c2' },
];

/** The pieces of arguments put together, by call. */
function composed(all: readonly ProviderEvent[]): { name: string; text: string }[] {
  const found: { name: string; text: string }[] = [];
  for (const event of all) {
    if (event.type !== 'tool-call-delta') continue;
    const before = found[event.index]?.text ?? '';
    found[event.index] = { name: event.name, text: before + event.text };
  }
  return found;
}

/** Keeps what it was called with. */
function writeTool(ran: unknown[]): Tool {
  return {
    name: 'Write',
    description: 'Writes.',
    kind: 'read',
    schema: z.unknown(),
    describe: () => 'a.txt',
    execute: async (input) => {
      ran.push(input);
      return { content: 'written' };
    },
  };
}

describe.each(Object.entries(dialects))('the one stream of every provider: %s', (_name, connect) => {
  const ran: unknown[] = [];
  async function orchestrate(...steps: ServerScript[]): Promise<AgentOrchestrator> {
    ran.length = 0;
    server = await startModelServer(steps);
    return new AgentOrchestrator({ provider: connect(server), tools: [writeTool(ran)], environment: {} });
  }

  it('thinking, text, then the pieces of each call, then the calls whole, then one end', async () => {
    server = await startModelServer([{ thinking: 'Hm.', text: 'Writing.', toolCalls: calls, chunks: 5 }]);
    const all = await events(connect(server));
    const order = ['thinking-delta', 'thinking', 'text-delta', 'tool-call-delta', 'tool-call', 'end'];
    const kinds = all.map(({ type }) => order.indexOf(type));
    expect(kinds).toEqual([...kinds].sort((a, b) => a - b));
    expect(kinds.filter((kind) => kind === 5)).toHaveLength(1);
    expect(composed(all)).toEqual(calls.map(({ name, input }) => ({ name, text: JSON.stringify(input) })));
    expect(callsOf(all)).toEqual(calls.map(({ id, name, input }) => ({ id, name, input })));
  });

  it('a stream that is cut in a call has shown pieces of it, and no call', async () => {
    server = await startModelServer([{ toolCalls: calls, chunks: 20, cutAfterBytes: 2_000 }]);
    const { events: before, error } = await failure(connect(server));
    expect(error.kind).toBe('network');
    expect(composed(before)[0]?.name).toBe('Write');
    expect(JSON.stringify(long).startsWith(composed(before)[0]?.text ?? '-')).toBe(true);
    expect(callsOf(before)).toEqual([]);
  });

  it('V06: a call that was cut is asked for again, and its tool runs once', async () => {
    const orchestrator = await orchestrate(
      { toolCalls: calls.slice(0, 1), chunks: 20, cutAfterBytes: 2_000 },
      { toolCalls: calls.slice(0, 1), chunks: 20 },
      { text: 'Done.' },
    );
    const all = await collect(orchestrator.stream('write it'));
    await orchestrator.close();
    expect(ofType(all, 'tool-call-delta').length).toBeGreaterThan(20);
    expect(ofType(all, 'request-retry')).toHaveLength(1);
    expect(ran).toEqual([long]);
    expect(all.at(-1)).toMatchObject({ type: 'turn-end', content: 'Done.', reason: 'end' });
  });

  it('a call that is being written is on the screen with its name and size, until it runs', async () => {
    const orchestrator = await orchestrate({ toolCalls: calls.slice(0, 1), chunks: 9 }, { text: 'Done.' });
    let state = initialState();
    const seen = new Map<string, number>();
    for await (const event of orchestrator.stream('write it')) {
      state = reduce(state, event);
      const { activity, composing } = state.turn;
      if (activity === 'composing') seen.set(composing.name, composing.characters);
      if (event.type === 'tool-call') expect(activity).not.toBe('waiting');
    }
    await orchestrator.close();
    expect([...seen]).toEqual([['Write', JSON.stringify(long).length]]);
    expect(state.turn.activity).not.toBe('composing');
  });

  it('V18: a call whose usage the server keeps to itself has an unknown cost, though the price is known', async () => {
    server = await startModelServer([{ text: 'Hello' }]);
    const recorded = await events(connect(server));
    expect(recorded.at(-1)).toMatchObject({ usage: { inputTokens: expect.any(Number) } });
    await server.close();
    // The same stream without a word about usage.
    server = await startModelServer([{ text: 'Hello' }]);
    const path = { anthropic: '/v1/messages', chat: '/v1/chat/completions', responses: '/v1/responses' }[
      _name
    ]!;
    const response = await fetch(server.url + path, { method: 'POST', body: '{}' });
    const body = (await response.text()).replaceAll('"usage":', '"silence":');
    await server.close();
    server = await startModelServer([{ body }]);
    const orchestrator = new AgentOrchestrator({
      provider: connect(server),
      model: 'my-model',
      settings: { prices: { 'my-model': { input: 1, output: 1 } } },
      environment: {},
    });
    const answer = await orchestrator.chat('hi');
    await orchestrator.close();
    expect(answer).toMatchObject({ content: 'Hello', costUsd: null });
    expect(answer.usage.totalTokens).toBe(0);
    expect(orchestrator.coordinators.metrics.snapshot()).toMatchObject({ unpricedCalls: 1, costUsd: 0 });
  });
});

describe.each(Object.entries(dialects))('every failure has a kind and an advice: %s', (name, connect) => {
  it.each<[string, ServerScript]>([
    ['authentication', { error: { kind: 'authentication', message: 'bad key' } }],
    ['rate-limit', { error: { kind: 'rate-limit', message: 'slow down' } }],
    ['overloaded', { error: { kind: 'overloaded', message: 'busy' } }],
    ['context-length', { error: { kind: 'context-length', message: 'prompt is too long' } }],
    ['invalid-request', { error: { kind: 'invalid-request', message: 'nonsense' } }],
    ['network', { text: 'So far', cutAfterBytes: 300 }],
    ['stalled', { text: 'So far', stallAfterBytes: 300 }],
    ['protocol', { text: 'So far', error: { kind: 'protocol', message: 'x' } }],
    ['aborted', { stallBeforeHeaders: true }],
  ])('%s', async (kind, step) => {
    server = await startModelServer([step]);
    const controller = new AbortController();
    // What comes late is no stall where something else is meant.
    const options = { apiKey: canaryKey, idleTimeoutMs: kind === 'stalled' ? 200 : 60_000 };
    const provider =
      name === 'anthropic'
        ? new AnthropicProvider({ ...options, baseURL: server.url })
        : new OpenAIProvider({ ...options, baseURL: server.openAIUrl, api: name as 'chat' | 'responses' });
    expect(provider.name).toBe(connect(server).name);
    const reading = events(provider, undefined, controller.signal).catch((error) => error);
    await server.arrival(1);
    if (kind === 'aborted') controller.abort();
    const error = await reading;
    expect(error).toMatchObject({ code: kind === 'aborted' ? 'aborted' : `provider-${kind}` });
    expect(error.advice).toMatch(/^[A-Z].*\.$/);
  });
});

describe('Anthropic: what only it has', () => {
  const anthropic = () => dialects.anthropic!(server);

  it('V17: a paused turn is asked to go on, and what it asked for does not run', async () => {
    server = await startModelServer([
      { text: 'Searching.', toolCalls: calls.slice(0, 1), stopReason: 'pause' },
      { text: 'Found.' },
    ]);
    const ran: unknown[] = [];
    const provider = anthropic();
    const orchestrator = new AgentOrchestrator({ provider, tools: [writeTool(ran)], environment: {} });
    const answer = await orchestrator.chat('search');
    await orchestrator.close();
    expect(answer).toMatchObject({ content: 'Found.', reason: 'end', providerCalls: 2 });
    expect(ran).toEqual([]);
    const { messages } = server.requests[1]!.body;
    expect(messages.map((message: { role: string }) => message.role)).toEqual(['user', 'assistant', 'user']);
    expect(messages[1].content).toEqual([{ type: 'text', text: 'Searching.' }]);
  });

  it('a turn that only ever pauses ends at the limit of calls', async () => {
    server = await startModelServer(() => ({ text: 'Wait.', stopReason: 'pause' }));
    const orchestrator = new AgentOrchestrator({
      provider: anthropic(),
      settings: { maxTurns: 3 },
      environment: {},
    });
    expect(await orchestrator.chat('search')).toMatchObject({ reason: 'limit', providerCalls: 3 });
    await orchestrator.close();
  });

  it('counts what was written to the cache for an hour apart from what was written for five minutes', async () => {
    const usage = { inputTokens: 10, outputTokens: 9, cacheWriteTokens: 500, cacheWrite1hTokens: 200 };
    server = await startModelServer([{ text: 'ok', usage: { ...usage, reasoningTokens: 4 } }]);
    expect((await events(anthropic())).at(-1)).toEqual({
      type: 'end',
      stopReason: 'end',
      usage: { ...usage, cacheReadTokens: 0, reasoningTokens: 4, totalTokens: 519 },
    });
  });

  it.each([
    ['absent', [undefined, undefined], undefined],
    ['only at the start', [{ input_tokens: 7 }, undefined], undefined],
    ['text and negative', [{ input_tokens: 'many' }, { output_tokens: -3 }], undefined],
    ['null', [null, null], undefined],
    ['cumulative', [{ input_tokens: 7, output_tokens: 1 }, { output_tokens: 20 }], [7, 20]],
    [
      'falling',
      [
        { input_tokens: 7, output_tokens: 9 },
        { input_tokens: 2, output_tokens: 3 },
      ],
      [7, 9],
    ],
  ])('V18: usage that is %s', async (_title, [first, last], expected) => {
    const lines = [
      { type: 'message_start', message: { usage: first } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: last },
      { type: 'message_stop' },
    ];
    const body = lines.map((line) => `event: ${line.type}\ndata: ${JSON.stringify(line)}\n\n`).join('');
    server = await startModelServer([{ body }]);
    const end = (await events(anthropic())).at(-1);
    const counted = end?.type === 'end' ? end.usage : undefined;
    expect(counted && [counted.inputTokens, counted.outputTokens]).toEqual(expected);
  });
});
