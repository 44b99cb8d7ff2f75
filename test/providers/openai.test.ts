import { afterEach, describe, expect, it } from 'vitest';
import { AbortedError } from '../../src/core/errors.js';
import { assistantMessage, systemMessage, toolMessage, userMessage } from '../../src/core/message.js';
import { OpenAIProvider } from '../../src/providers/openai.js';
import { openAIRequest } from '../../src/providers/openai-request.js';
import { quirksOf } from '../../src/providers/quirks.js';
import { type ModelServer, type ServerScript, startModelServer } from '../helpers/model-server.js';
import { answerOf, callsOf, canaryKey, events, failure, readTool, request, textOf } from './drive.js';

let server: ModelServer;

async function serve(...steps: ServerScript[]): Promise<OpenAIProvider> {
  server = await startModelServer(steps);
  return new OpenAIProvider({ apiKey: canaryKey, baseURL: server.openAIUrl });
}

/** A stream exactly as these chunks say. */
function raw(...chunks: (object | string)[]): { body: string } {
  const lines = chunks.map(
    (chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`,
  );
  return { body: lines.join('') };
}

const delta = (content: object, finish: string | null = null) => ({
  choices: [{ index: 0, delta: content, finish_reason: finish }],
});

afterEach(() => server?.close());

describe('what keeps a connection and says nothing', () => {
  it.each([
    ['a comment', ': OPENROUTER PROCESSING\n\n'],
    ["another dialect's ping", 'event: ping\ndata: {"type": "ping"}\n\n'],
    ['an empty chunk', `data: ${JSON.stringify(delta({ role: 'assistant', content: '' }))}\n\n`],
    ['a chunk without a choice', 'data: {"object":"chat.completion.chunk","choices":[]}\n\n'],
    ['null', 'data: null\n\n'],
  ])('V05: %s for ever is a stall', async (_, ping) => {
    server = await startModelServer([{ pingEveryMs: 20, ping }]);
    const provider = new OpenAIProvider({ baseURL: server.openAIUrl, progressTimeoutMs: 300 });
    const { events: before, error } = await failure(provider);
    expect(before).toEqual([]);
    expect(error.kind).toBe('stalled');
    expect(await server.requests[0]?.closed).toEqual({ completed: false });
  });
});

describe('a request to an OpenAI-compatible server', () => {
  it('streams text and counts cached prompt tokens apart from the others', async () => {
    const provider = await serve({
      text: 'Hello, wörld 👋',
      chunks: 4,
      delayMs: 50,
      usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 3 },
    });
    const all = await events(provider);
    // What comes at once is one piece; what comes one after the other is not held back.
    expect(all.filter((event) => event.type === 'text-delta').length).toBeGreaterThan(1);
    expect(textOf(all)).toBe('Hello, wörld 👋');
    expect(all.at(-1)).toEqual({
      type: 'end',
      stopReason: 'end',
      usage: { inputTokens: 10, outputTokens: 5, cacheReadTokens: 3, cacheWriteTokens: 0, totalTokens: 18 },
    });
  });

  it('carries the key in its header only, asks for usage and does not retry', async () => {
    const provider = await serve({ status: 500, body: { error: { message: 'broken' } } }, { text: 'second' });
    await failure(provider);
    expect(server.requests).toHaveLength(1);
    const [sent] = server.requests;
    expect(sent?.headers.authorization).toBe(`Bearer ${canaryKey}`);
    expect(sent?.rawBody).not.toContain(canaryKey);
    expect(sent?.body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 1_000,
    });
  });

  it('sends no key and nothing about an organisation to a server that needs none', async () => {
    server = await startModelServer([{ text: 'ok' }]);
    process.env.OPENAI_ORG_ID = 'org-secret';
    try {
      await events(new OpenAIProvider({ baseURL: server.openAIUrl }));
    } finally {
      delete process.env.OPENAI_ORG_ID;
    }
    const { headers } = server.requests[0]!;
    expect(headers.authorization).toBeUndefined();
    expect(JSON.stringify(headers)).not.toContain('org-secret');
  });

  it('has one system message, first, and images where the dialect takes them', async () => {
    const provider = await serve({ text: 'ok' });
    const image = { mediaType: 'image/png', data: 'aGk=' };
    const calls = [
      { id: 'c1', name: 'Read', input: {} },
      { id: 'c2', name: 'Read', input: {} },
    ];
    await events(
      provider,
      request({
        messages: [
          systemMessage('A summary.'),
          userMessage('what is this?', [image]),
          assistantMessage('', { toolCalls: calls }),
          { ...toolMessage(calls[0]!, 'a picture'), images: [image] },
          toolMessage(calls[1]!, 'text'),
        ],
      }),
    );
    const { messages } = server.requests[0]!.body;
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,aGk=' } };
    expect(messages.map((message: { role: string }) => message.role)).toEqual([
      'system',
      'user',
      'assistant',
      'tool',
      'tool',
      'user',
    ]);
    expect(messages[0].content).toBe('You are Victor.\n\nA summary.');
    expect(messages[1].content[0]).toEqual(picture);
    expect(messages[5].content).toEqual([{ type: 'text', text: 'From Read:' }, picture]);
  });

  it('uses the newer names for OpenAI itself, and tells its reasoning models to take tools', () => {
    const asked = request({ model: 'gpt-5.4', tools: [readTool] });
    const own = openAIRequest(asked, quirksOf('https://api.openai.com/v1'));
    expect(own).toMatchObject({ max_completion_tokens: 1_000, reasoning_effort: 'none' });
    expect(own.max_tokens).toBeUndefined();
    expect(openAIRequest({ ...asked, tools: [] }, quirksOf('https://api.openai.com/v1'))).not.toHaveProperty(
      'reasoning_effort',
    );
    expect(openAIRequest(asked, quirksOf('https://openai.com.example.org/v1'))).toMatchObject({
      max_tokens: 1_000,
    });
  });

  it('is valid when an answer was cut before its first word or in the middle', async () => {
    const provider = await serve({ text: 'ok' }, { text: 'ok' });
    const empty = [userMessage('one'), assistantMessage('', { partial: true }), userMessage('two')];
    await events(provider, request({ messages: empty }));
    await events(
      provider,
      request({ messages: [userMessage('one'), assistantMessage('I was', { partial: true })] }),
    );
    const roles = server.requests.map(({ body }) =>
      body.messages.map((message: { role: string }) => message.role),
    );
    expect(roles).toEqual([
      ['system', 'user', 'user'],
      ['system', 'user', 'assistant', 'user'],
    ]);
  });
});

describe('a turn with tools', () => {
  it('sends both calls and both results back as they were', async () => {
    const provider = await serve(
      {
        text: 'Reading.',
        toolCalls: [
          { name: 'Read', input: { path: 'a.ts' }, id: 'call_1' },
          { name: 'Read', input: { path: 'b.ts' }, id: 'call_2' },
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

    const call = (id: string, path: string) => ({
      id,
      type: 'function',
      function: { name: 'Read', arguments: JSON.stringify({ path }) },
    });
    const expected = [
      {
        role: 'assistant',
        content: 'Reading.',
        tool_calls: [call('call_1', 'a.ts'), call('call_2', 'b.ts')],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'content of a' },
      { role: 'tool', tool_call_id: 'call_2', content: 'no such file' },
    ];
    expect(server.requests[1]?.rawBody).toContain(JSON.stringify(expected).slice(1));
  });

  it.each(['[1, 2]', '"text"', 'null', '{"path": '])(
    'V14: keeps arguments that are no object for the model to see: %s',
    async (inputText) => {
      const provider = await serve({ toolCalls: [{ name: 'Read', inputText, id: 'c1' }] });
      expect(callsOf(await events(provider))).toEqual([
        { id: 'c1', name: 'Read', input: {}, invalidInput: inputText },
      ]);
    },
  );

  it('V17: drops the call that the output limit cut', async () => {
    const provider = await serve({
      toolCalls: [{ name: 'Write', inputText: '{"content": "hal' }],
      stopReason: 'max-tokens',
    });
    const all = await events(provider);
    expect(callsOf(all)).toEqual([]);
    expect(all.at(-1)).toMatchObject({ stopReason: 'max-tokens' });
  });
});

describe('V23: what compatible servers do', () => {
  const piece = (part: object) => delta({ tool_calls: [part] });

  it('null content, reasoning in two spellings, parts instead of text', async () => {
    const provider = await serve(
      raw(
        delta({ role: 'assistant', content: null }),
        delta({ content: null, reasoning_content: 'let me ' }),
        delta({ content: null, reasoning: 'think' }),
        delta({ content: [{ type: 'text', text: 'answer' }] }, 'stop'),
        '[DONE]',
      ),
    );
    const all = await events(provider);
    expect(all.slice(0, 3)).toEqual([
      { type: 'thinking-delta', text: 'let me ' },
      { type: 'thinking-delta', text: 'think' },
      { type: 'text-delta', text: 'answer' },
    ]);
  });

  it('tool calls without index, with numeric ids and the name in every piece', async () => {
    const provider = await serve(
      raw(
        piece({ id: 7, function: { name: 'Read', arguments: '{"path"' } }),
        piece({ id: 7, function: { name: 'Read', arguments: ':"a"}' } }),
        piece({ id: 8, function: { name: 'List', arguments: '{}' } }),
        delta({}, 'stop'),
      ),
    );
    const all = await events(provider);
    expect(callsOf(all)).toEqual([
      { id: '7', name: 'Read', input: { path: 'a' } },
      { id: '8', name: 'List', input: {} },
    ]);
    expect(all.at(-1)).toMatchObject({ stopReason: 'tool-calls' });
  });

  it('every call at index 0, arguments as an object, an id only in the first piece or not at all', async () => {
    const provider = await serve(
      raw(
        piece({ index: 0, id: 'a', function: { name: 'Read', arguments: '{"path":' } }),
        piece({ index: 0, function: { arguments: '"x"}' } }),
        piece({ index: 0, id: 'b', function: { name: 'Read', arguments: { path: 'y' } } }),
        piece({ index: 3, function: { name: 'List', arguments: '{}' } }),
        delta({}, 'tool_calls'),
      ),
    );
    const calls = callsOf(await events(provider)) as { id: string; name: string; input: unknown }[];
    expect(calls.map(({ name, input }) => [name, input])).toEqual([
      ['Read', { path: 'x' }],
      ['Read', { path: 'y' }],
      ['List', {}],
    ]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
    expect(calls.every(({ id }) => id !== '')).toBe(true);
  });

  it('V18: a reason to finish but no [DONE], and no usage, which is unknown and not none', async () => {
    const provider = await serve(raw(delta({ content: 'hi' }), delta({}, 'stop')));
    const all = await events(provider);
    expect(textOf(all)).toBe('hi');
    expect(all.at(-1)).toMatchObject({ type: 'end', stopReason: 'end', usage: undefined });
  });

  it('[DONE] but no reason to finish, also when it comes in two pieces', async () => {
    const step = raw(delta({ content: 'hi' }), '[DONE]');
    const provider = await serve(step, { ...step, splitBytes: 3 });
    expect((await events(provider)).at(-1)).toMatchObject({ type: 'end', stopReason: 'end' });
    expect((await events(provider)).at(-1)).toMatchObject({ type: 'end', stopReason: 'end' });
  });

  it('neither: that is an error, also when the text itself says [DONE]', async () => {
    const provider = await serve(raw(delta({ content: 'data: [DONE]\ndata: [DONE]' })));
    const { events: before, error } = await failure(provider);
    expect(textOf(before)).toContain('[DONE]');
    expect(error.kind).toBe('network');
  });

  it.each([
    ['negative', { prompt_tokens: 5, completion_tokens: -1 }, undefined],
    ['no number', { prompt_tokens: 'many', completion_tokens: 1 }, undefined],
    ['half absent', { prompt_tokens: 5 }, undefined],
    ['a number as text', { prompt_tokens: '5', completion_tokens: '1' }, [5, 1, 0]],
    [
      'more cached than there was',
      { prompt_tokens: 5, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 9 } },
      [0, 1, 5],
    ],
  ])('V18: usage that is %s is unknown, or what can be known of it', async (_title, usage, expected) => {
    const provider = await serve(raw(delta({ content: 'hi' }, 'stop'), { choices: [], usage }, '[DONE]'));
    const end = (await events(provider)).at(-1);
    const counted = end?.type === 'end' ? end.usage : undefined;
    expect(counted && [counted.inputTokens, counted.outputTokens, counted.cacheReadTokens]).toEqual(expected);
  });

  it('chunks without choices, null choices and unknown fields', async () => {
    const provider = await serve(
      raw(
        { x_groq: {} },
        { choices: null },
        { choices: [null] },
        { choices: [{}] },
        delta({ content: 'hi' }, 'eos'),
      ),
    );
    expect(textOf(await events(provider))).toBe('hi');
  });

  it('a refusal is text and a reason to stop', async () => {
    const provider = await serve(raw(delta({ refusal: 'No.' }), delta({}, 'stop'), '[DONE]'));
    const all = await events(provider);
    expect(textOf(all)).toBe('No.');
    expect(all.at(-1)).toMatchObject({ stopReason: 'refusal' });
  });

  it('DeepSeek gets its reasoning back, Gemini its signature, others neither', () => {
    const call = { id: 'c1', name: 'Read', input: {} };
    const messages = [
      userMessage('hi'),
      assistantMessage('', { toolCalls: [call], thinking: [{ text: 'hm' }] }),
      toolMessage(call, 'x'),
    ];
    const assistantFor = (url: string) => {
      const body = openAIRequest(request({ messages }), quirksOf(url)) as {
        messages: Record<string, unknown>[];
      };
      return JSON.stringify(body.messages[2]);
    };
    expect(assistantFor('https://api.deepseek.com/v1')).toContain('"reasoning_content":"hm"');
    expect(assistantFor('https://generativelanguage.googleapis.com/v1beta/openai')).toContain(
      'thought_signature',
    );
    expect(assistantFor('http://127.0.0.1:11434/v1')).not.toMatch(/reasoning_content|thought_signature/);
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

  it('V19: an abort before the first byte closes the connection', async () => {
    const provider = await serve({ stallBeforeHeaders: true });
    const controller = new AbortController();
    const waiting = events(provider, request(), controller.signal);
    const arrived = await server.arrival(1);
    controller.abort();
    await expect(waiting).rejects.toBeInstanceOf(AbortedError);
    expect(await arrived.closed).toEqual({ completed: false });
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
  server = await startModelServer([], { models: ['llama-a', 'llama-b'] });
  const provider = new OpenAIProvider({ baseURL: server.openAIUrl });
  expect(await provider.listModels(new AbortController().signal)).toEqual(['llama-a', 'llama-b']);
});
