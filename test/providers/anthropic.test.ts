import { afterEach, describe, expect, it } from 'vitest';
import { AbortedError } from '../../src/core/errors.js';
import { assistantMessage, systemMessage, toolMessage, userMessage } from '../../src/core/message.js';
import { AnthropicProvider } from '../../src/providers/anthropic.js';
import { type ModelServer, type ServerScript, startModelServer } from '../helpers/model-server.js';
import { thinkingSignature } from '../helpers/model-server-anthropic.js';
import { answerOf, callsOf, canaryKey, events, failure, readTool, request, textOf } from './drive.js';

let server: ModelServer;

async function serve(...steps: ServerScript[]): Promise<AnthropicProvider> {
  server = await startModelServer(steps);
  return new AnthropicProvider({ apiKey: canaryKey, baseURL: server.url });
}

afterEach(() => server?.close());

describe('a request to Anthropic', () => {
  it('streams text and ends with the stop reason and all four tiers of usage', async () => {
    const provider = await serve({
      text: 'Hello, wörld 👋',
      chunks: 4,
      delayMs: 50,
      usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 3, cacheWriteTokens: 2 },
    });
    const all = await events(provider);
    // What comes at once is one piece; what comes one after the other is not held back.
    expect(all.filter((event) => event.type === 'text-delta').length).toBeGreaterThan(1);
    expect(textOf(all)).toBe('Hello, wörld 👋');
    expect(all.at(-1)).toEqual({
      type: 'end',
      stopReason: 'end',
      usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 3, cacheWriteTokens: 2, totalTokens: 20 },
    });
  });

  it('carries the key in its header only, asks for a stream and does not retry', async () => {
    const provider = await serve({ status: 500, body: { error: { message: 'broken' } } }, { text: 'second' });
    await failure(provider);
    expect(server.requests).toHaveLength(1);
    const [sent] = server.requests;
    expect(sent?.headers.authorization).toBe(`Bearer ${canaryKey}`);
    expect(sent?.rawBody).not.toContain(canaryKey);
    expect(sent?.body.stream).toBe(true);
  });

  it('has cache breakpoints on the last tool, the stable system prompt and the last user messages, four at most', async () => {
    const provider = await serve({ text: 'ok' });
    const call = { id: 'call_1', name: 'Read', input: { path: 'a' } };
    await events(
      provider,
      request({
        tools: [{ ...readTool, name: 'Glob' }, readTool],
        messages: [
          userMessage('first'),
          assistantMessage('', { toolCalls: [call] }),
          toolMessage(call, 'content'),
          assistantMessage('done'),
          userMessage('second'),
        ],
      }),
    );
    const { body, rawBody } = server.requests[0]!;
    const cached = { type: 'ephemeral' };
    expect(rawBody.match(/cache_control/g)).toHaveLength(4);
    expect(body.tools[0].cache_control).toBeUndefined();
    expect(body.tools[1].cache_control).toEqual(cached);
    expect(body.system).toEqual([{ type: 'text', text: 'You are Victor.', cache_control: cached }]);
    expect(body.messages.at(-1).content).toEqual([{ type: 'text', text: 'second', cache_control: cached }]);
    expect(body.messages.at(-3).content.at(-1).cache_control).toEqual(cached);
  });

  it('has a system message from inside the conversation after the cached part of the system prompt', async () => {
    const provider = await serve({ text: 'ok' });
    await events(provider, request({ messages: [systemMessage('A summary.'), userMessage('go on')] }));
    const { body } = server.requests[0]!;
    expect(body.system[0].cache_control).toBeDefined();
    expect(body.system[1]).toEqual({ type: 'text', text: 'A summary.' });
    expect(body.messages).toHaveLength(1);
  });

  it('carries images of the user and of tools', async () => {
    const provider = await serve({ text: 'a cat' });
    const image = { mediaType: 'image/png', data: 'aGk=' };
    const call = { id: 'call_1', name: 'Read', input: {} };
    await events(
      provider,
      request({
        messages: [
          userMessage('what is this?', [image]),
          assistantMessage('', { toolCalls: [call] }),
          { ...toolMessage(call, 'a picture'), images: [image] },
        ],
      }),
    );
    const block = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aGk=' } };
    const { messages } = server.requests[0]!.body;
    expect(messages[0].content[0]).toEqual(block);
    expect(messages[2].content[0].content).toEqual([{ type: 'text', text: 'a picture' }, block]);
  });

  it('is valid when an answer was cut before its first word or in the middle, and ends with a user message', async () => {
    const provider = await serve({ text: 'ok' }, { text: 'ok' });
    await events(
      provider,
      request({
        messages: [userMessage('one'), assistantMessage('', { partial: true }), userMessage('two')],
      }),
    );
    await events(
      provider,
      request({ messages: [userMessage('one'), assistantMessage('I was say', { partial: true })] }),
    );
    const [empty, cut] = server.requests;
    expect(empty?.body.messages).toHaveLength(1);
    expect(empty?.body.messages[0].content.map((block: { text: string }) => block.text)).toEqual([
      'one',
      'two',
    ]);
    expect(cut?.body.messages.map((message: { role: string }) => message.role)).toEqual([
      'user',
      'assistant',
      'user',
    ]);
    for (const sent of server.requests) expect(sent.rawBody).not.toMatch(/"text":"\s*"/);
  });

  it('tells models that preserve thinking to drop blocks whose conversation has changed', async () => {
    const provider = await serve({ text: 'ok' }, { text: 'ok' });
    await events(provider, request({ model: 'claude-sonnet-5-5' }));
    await events(provider, request({ model: 'claude-sonnet-4-5' }));
    const [preserving, older] = server.requests;
    expect(preserving?.body.thinking.block_binding).toEqual({ prefix_mismatch_behavior: 'drop_block' });
    expect(preserving?.headers['anthropic-beta']).toContain('thinking-binding-controls');
    expect(older?.body.thinking).toBeUndefined();
    expect(older?.headers['anthropic-beta']).toBeUndefined();
  });
});

describe('a turn with tools', () => {
  it('sends thinking back with its signature, redacted thinking as it came, and both results in one message', async () => {
    const provider = await serve(
      {
        thinking: 'I should read both.',
        redactedThinking: 'b3BhcXVl',
        text: 'Reading.',
        toolCalls: [
          { name: 'Read', input: { path: 'a.ts' }, id: 'toolu_1' },
          { name: 'Read', input: { path: 'b.ts' }, id: 'toolu_2' },
        ],
        chunks: 3,
      },
      { text: 'Both read.' },
    );
    const question = userMessage('Read a.ts and b.ts');
    const first = await events(provider, request({ messages: [question], tools: [readTool] }));
    const answer = answerOf(first);
    expect(first.at(-1)).toMatchObject({ type: 'end', stopReason: 'tool-calls' });
    const [a, b] = answer.toolCalls!;
    const results = [toolMessage(a!, 'content of a'), toolMessage(b!, 'no such file', true)];
    await events(provider, request({ messages: [question, answer, ...results], tools: [readTool] }));

    const assistant = JSON.stringify({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'I should read both.', signature: thinkingSignature(0) },
        { type: 'redacted_thinking', data: 'b3BhcXVl' },
        { type: 'text', text: 'Reading.' },
        { type: 'tool_use', id: 'toolu_1', name: 'Read', input: { path: 'a.ts' } },
        { type: 'tool_use', id: 'toolu_2', name: 'Read', input: { path: 'b.ts' } },
      ],
    });
    const user = JSON.stringify({
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'toolu_1', content: 'content of a' },
        {
          type: 'tool_result',
          tool_use_id: 'toolu_2',
          content: 'no such file',
          is_error: true,
          cache_control: { type: 'ephemeral' },
        },
      ],
    });
    expect(server.requests[1]?.rawBody).toContain(`${assistant},${user}]`);
  });

  it('sends each block of thinking back before the call that it led to', async () => {
    const think = (signature: string) => [
      { content_block: { type: 'thinking', thinking: 'hm', signature: '' } },
      { delta: { type: 'signature_delta', signature } },
    ];
    const use = (id: string) => [
      { content_block: { type: 'tool_use', id, name: 'Read', input: {} } },
      { delta: { type: 'input_json_delta', partial_json: '{}' } },
    ];
    const blocks = [think('one'), use('t1'), think('two'), use('t2')].flatMap(([start, change], index) => [
      { type: 'content_block_start', index, ...start },
      { type: 'content_block_delta', index, ...change },
      { type: 'content_block_stop', index },
    ]);
    const lines = [
      ...blocks,
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      { type: 'message_stop' },
    ];
    const body = lines.map((line) => `event: ${line.type}\ndata: ${JSON.stringify(line)}\n\n`).join('');
    const provider = await serve({ body }, { text: 'ok' });
    const question = userMessage('Read both');
    const answer = answerOf(await events(provider, request({ messages: [question] })));
    const results = answer.toolCalls!.map((call) => toolMessage(call, 'x'));
    await events(provider, request({ messages: [question, answer, ...results] }));
    const sent = server.requests[1]!.body.messages[1].content;
    expect(sent.map((block: Record<string, string>) => block.signature ?? block.id)).toEqual([
      ...['one', 't1', 'two', 't2'],
    ]);
  });

  it('puts results before what the user adds to them, and a note where a tool said nothing', async () => {
    const provider = await serve({ text: 'ok' });
    const call = { id: 'c1', name: 'Bash', input: {} };
    const messages = [
      userMessage('run'),
      assistantMessage('', { toolCalls: [call] }),
      toolMessage(call, ''),
      userMessage('and hurry'),
    ];
    await events(provider, request({ messages }));
    const { content } = server.requests[0]!.body.messages[2];
    expect(content.map((block: { type: string }) => block.type)).toEqual(['tool_result', 'text']);
    expect(content[0].content).toBe('(no output)');
  });

  it('V24: makes ids and names of another provider acceptable and keeps each result with its call', async () => {
    const provider = await serve({ text: 'ok' });
    const call = { id: 'functions.Read:0', name: 'my tool', input: {} };
    const again = { ...call };
    const unsigned = { text: 'from elsewhere' };
    const messages = [
      userMessage('one'),
      assistantMessage('', { toolCalls: [call], thinking: [unsigned] }),
      toolMessage(call, 'first'),
      assistantMessage('', { toolCalls: [again] }),
      toolMessage(again, 'second'),
    ];
    await events(provider, request({ messages }));
    const [, first, firstResult, second, secondResult] = server.requests[0]!.body.messages;
    const [one, two] = [first.content[0], second.content[0]];
    expect(one).toMatchObject({ type: 'tool_use', id: 'functions_Read_0', name: 'my_tool' });
    expect(two.id).not.toBe(one.id);
    expect(two.id).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(firstResult.content[0]).toMatchObject({ tool_use_id: one.id, content: 'first' });
    expect(secondResult.content[0]).toMatchObject({ tool_use_id: two.id, content: 'second' });
  });

  it.each(['[1, 2]', '"text"', 'null', '{"path": ', 'not json'])(
    'V14: keeps arguments that are no object for the model to see: %s',
    async (inputText) => {
      const provider = await serve({ toolCalls: [{ name: 'Read', inputText, id: 't1' }] });
      expect(callsOf(await events(provider))).toEqual([
        { id: 't1', name: 'Read', input: {}, invalidInput: inputText },
      ]);
    },
  );

  it('takes no text at all for a call without arguments', async () => {
    const provider = await serve({ toolCalls: [{ name: 'List', inputText: '', id: 't1' }] });
    expect(callsOf(await events(provider))).toEqual([{ id: 't1', name: 'List', input: {} }]);
  });

  it('V17: drops the call that the output limit cut and keeps the one before it', async () => {
    const provider = await serve({
      toolCalls: [
        { name: 'Read', input: { path: 'a' }, id: 't1' },
        { name: 'Write', inputText: '{"path": "b", "content": "hal', id: 't2' },
      ],
      stopReason: 'max-tokens',
    });
    const all = await events(provider);
    expect(callsOf(all)).toEqual([{ id: 't1', name: 'Read', input: { path: 'a' } }]);
    expect(all.at(-1)).toMatchObject({ stopReason: 'max-tokens' });
  });

  it('V17: runs nothing that a refused message asked for', async () => {
    const provider = await serve({ toolCalls: [{ name: 'Read', input: {} }], stopReason: 'refusal' });
    const all = await events(provider);
    expect(callsOf(all)).toEqual([]);
    expect(all.at(-1)).toMatchObject({ stopReason: 'refusal' });
  });
});

describe('interruption', () => {
  it('V19: an abort in the middle of the stream ends it with an AbortedError and closes the connection', async () => {
    const provider = await serve({ text: 'a long answer', chunks: 10, delayMs: 50 });
    const controller = new AbortController();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const event of provider.stream(request(), controller.signal)) {
        seen.push(event.type);
        controller.abort();
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(AbortedError);
    expect(seen).toEqual(['text-delta']);
    expect(await server.requests[0]?.closed).toEqual({ completed: false });
  });

  it('V19: an abort before the first byte closes the connection, and one before the request sends nothing', async () => {
    const provider = await serve({ stallBeforeHeaders: true });
    const controller = new AbortController();
    const waiting = events(provider, request(), controller.signal);
    const arrived = await server.arrival(1);
    controller.abort();
    await expect(waiting).rejects.toBeInstanceOf(AbortedError);
    expect(await arrived.closed).toEqual({ completed: false });
    await expect(events(provider, request(), controller.signal)).rejects.toBeInstanceOf(AbortedError);
    expect(server.requests).toHaveLength(1);
  });

  it('a reader that stops reading closes the connection too', async () => {
    const provider = await serve({ text: 'a long answer', chunks: 10, delayMs: 50 });
    for await (const _event of provider.stream(request(), new AbortController().signal)) break;
    expect(await server.requests[0]?.closed).toEqual({ completed: false });
  });

  it('keeps the connection for the next request when an answer has ended', async () => {
    const provider = await serve({ text: 'one' }, { text: 'two' });
    await events(provider);
    expect(await server.requests[0]?.closed).toEqual({ completed: true });
    await events(provider);
    expect(server.connections).toBe(1);
  });
});

it('lists the models of the server', async () => {
  server = await startModelServer([], { models: ['claude-a', 'claude-b'] });
  const provider = new AnthropicProvider({ apiKey: canaryKey, baseURL: server.url });
  expect(await provider.listModels(new AbortController().signal)).toEqual(['claude-a', 'claude-b']);
});
