import { afterEach, describe, expect, it } from 'vitest';
import { AbortedError } from '../../src/core/errors.js';
import {
  assistantMessage,
  type Message,
  systemMessage,
  toolMessage,
  userMessage,
} from '../../src/core/message.js';
import { OpenAIProvider } from '../../src/providers/openai.js';
import { type ModelServer, type ServerScript, startModelServer } from '../helpers/model-server.js';
import { encryptedReasoning, reasoningId } from '../helpers/model-server-responses.js';
import { answerOf, callsOf, canaryKey, events, failure, readTool, request, textOf } from './drive.js';

let server: ModelServer;
afterEach(() => server?.close());

async function serve(...steps: ServerScript[]): Promise<OpenAIProvider> {
  server = await startModelServer(steps);
  return new OpenAIProvider({ apiKey: canaryKey, baseURL: server.openAIUrl, api: 'responses' });
}

type Event = { readonly type: string; readonly [key: string]: unknown };

/** A stream exactly as these events say. */
function raw(...all: Event[]): { body: string } {
  return {
    body: all.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''),
  };
}

const completed = (output: object[] = [], more: object = {}): Event => ({
  type: 'response.completed',
  response: { status: 'completed', output, usage: { input_tokens: 1, output_tokens: 1 }, ...more },
});
const functionCall = (name: string, text: string, more: object = {}) => ({
  type: 'function_call',
  id: 'fc_1',
  call_id: 'call_1',
  name,
  arguments: text,
  ...more,
});
const item = (kind: 'added' | 'done', output_index: number, content: object): Event => ({
  type: `response.output_item.${kind}`,
  output_index,
  item: content,
});

describe('a request to the Responses API', () => {
  it('carries the whole conversation, stores nothing and asks for the reasoning in encrypted form', async () => {
    const provider = await serve({ text: 'Hello, wörld 👋', chunks: 4, delayMs: 20 });
    const image = { mediaType: 'image/png', data: 'aGk=' };
    const asked = request({
      model: 'gpt-5.4',
      tools: [readTool],
      messages: [systemMessage('A summary.'), userMessage('what is this?', [image])],
    });
    const all = await events(provider, asked);
    expect(textOf(all)).toBe('Hello, wörld 👋');
    expect(all.filter(({ type }) => type === 'text-delta')).toHaveLength(4);
    const [sent] = server.requests;
    expect(sent?.path).toBe('/v1/responses');
    expect(sent?.headers.authorization).toBe(`Bearer ${canaryKey}`);
    expect(sent?.body).toEqual({
      model: 'gpt-5.4',
      instructions: 'You are Victor.\n\nA summary.',
      input: [
        {
          role: 'user',
          content: [
            { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,aGk=' },
            { type: 'input_text', text: 'what is this?' },
          ],
        },
      ],
      tools: [
        {
          type: 'function',
          name: 'Read',
          description: 'Reads a file.',
          parameters: readTool.inputSchema,
          strict: false,
        },
      ],
      max_output_tokens: 1_000,
      store: false,
      reasoning: { summary: 'auto' },
      include: ['reasoning.encrypted_content'],
      stream: true,
    });
  });

  it('asks no model for reasoning that has none', async () => {
    const provider = await serve({ text: 'ok' });
    await events(provider, request({ model: 'gpt-4o' }));
    const { body } = server.requests[0]!;
    expect(body).not.toHaveProperty('reasoning');
    expect(body).not.toHaveProperty('include');
  });

  it('is valid when an answer was cut before its first word or in the middle', async () => {
    const provider = await serve({ text: 'ok' }, { text: 'ok' });
    const empty = [userMessage('one'), assistantMessage('', { partial: true }), userMessage('two')];
    const cut = [userMessage('one'), assistantMessage('I was', { partial: true })];
    for (const messages of [empty, cut]) await events(provider, request({ messages }));
    const roles = server.requests.map(({ body }) => body.input.map((one: { role: string }) => one.role));
    expect(roles).toEqual([
      ['user', 'user'],
      ['user', 'assistant', 'user'],
    ]);
  });

  it('is the default for OpenAI itself and for nobody else; the entry of the provider may say otherwise', async () => {
    server = await startModelServer([{ text: 'a' }, { text: 'b' }, { text: 'c' }]);
    // Sends what goes to any host to this server.
    const redirect = ((url: string, init: RequestInit) =>
      fetch(server.url + new URL(url).pathname, init)) as typeof fetch;
    const common = { apiKey: canaryKey, fetch: redirect };
    await events(new OpenAIProvider(common));
    await events(new OpenAIProvider({ ...common, api: 'chat' }));
    await events(new OpenAIProvider({ ...common, baseURL: 'https://openrouter.ai/api/v1' }));
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/v1/responses',
      '/v1/chat/completions',
      '/api/v1/chat/completions',
    ]);
  });
});

describe('a turn with tools and reasoning', () => {
  const question = userMessage('Read a.ts and b.ts');

  it('sends reasoning, calls and results back as they came', async () => {
    const provider = await serve(
      {
        thinking: 'I should read both.',
        text: 'Reading.',
        toolCalls: [
          { name: 'Read', input: { path: 'a.ts' }, id: 'call_1' },
          { name: 'Read', input: { path: 'b.ts' }, id: 'call_2' },
        ],
        chunks: 3,
      },
      { text: 'Both read.' },
    );
    const asked = { model: 'gpt-5.4', tools: [readTool] };
    const first = await events(provider, request({ ...asked, messages: [question] }));
    const thought = first.flatMap((event) => (event.type === 'thinking-delta' ? [event.text] : [])).join('');
    expect(thought).toBe('I should read both.');
    expect(first.at(-1)).toMatchObject({ type: 'end', stopReason: 'tool-calls' });
    const answer = answerOf(first);
    const [a, b] = answer.toolCalls!;
    const picture = { mediaType: 'image/png', data: 'aGk=' };
    const results = [
      { ...toolMessage(a!, 'content of a'), images: [picture] },
      toolMessage(b!, 'no such file', true),
    ];
    await events(provider, request({ ...asked, messages: [question, answer, ...results] }));
    expect(server.requests[1]?.body.input.slice(1)).toEqual([
      {
        type: 'reasoning',
        id: reasoningId(0),
        summary: [{ type: 'summary_text', text: 'I should read both.' }],
        encrypted_content: encryptedReasoning(0),
      },
      { role: 'assistant', content: 'Reading.' },
      { type: 'function_call', call_id: 'call_1', name: 'Read', arguments: '{"path":"a.ts"}' },
      { type: 'function_call', call_id: 'call_2', name: 'Read', arguments: '{"path":"b.ts"}' },
      {
        type: 'function_call_output',
        call_id: 'call_1',
        output: [
          { type: 'input_text', text: 'content of a' },
          { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,aGk=' },
        ],
      },
      { type: 'function_call_output', call_id: 'call_2', output: 'no such file' },
    ]);
  });

  it('each piece of reasoning stays before the call that it led to', async () => {
    const think = (id: string) => ({ type: 'reasoning', id, encrypted_content: `secret ${id}`, summary: [] });
    const call = (id: string) => functionCall('Read', '{}', { id: `fc_${id}`, call_id: id });
    const output = [think('rs_1'), call('c1'), think('rs_2'), call('c2')];
    const stream = output.flatMap((one, index) => [item('added', index, one), item('done', index, one)]);
    const provider = await serve(raw(...stream, completed(output)), { text: 'ok' });
    const asked = { model: 'gpt-5.4' };
    const answer = answerOf(await events(provider, request({ ...asked, messages: [question] })));
    const results = answer.toolCalls!.map((one) => toolMessage(one, 'x'));
    await events(provider, request({ ...asked, messages: [question, answer, ...results] }));
    const sent = server.requests[1]!.body.input.slice(1, 5);
    expect(sent.map((one: Record<string, string>) => one.encrypted_content ?? one.call_id)).toEqual([
      ...['secret rs_1', 'c1', 'secret rs_2', 'c2'],
    ]);
  });

  it('reasoning goes to no other model, no other host and no other dialect', async () => {
    const provider = await serve({ thinking: 'hm', text: 'one' }, { text: 'two' }, { text: 'three' });
    const answer = answerOf(await events(provider, request({ model: 'gpt-5.4', messages: [question] })));
    expect(answer.thinking?.[0]?.item?.encrypted).toBe(encryptedReasoning(0));
    const messages = [question, answer, userMessage('and?')];
    await events(provider, request({ model: 'gpt-5.5', messages }));
    const elsewhere: Message = {
      ...answer,
      thinking: [
        {
          text: 'hm',
          item: { ...answer.thinking![0]!.item!, from: 'api.example.com gpt-5.4' },
        },
      ],
    };
    await events(provider, request({ model: 'gpt-5.4', messages: [question, elsewhere, userMessage('?')] }));
    for (const { rawBody } of server.requests.slice(1)) expect(rawBody).not.toContain('encrypted_content":"');
  });

  it('counts cached and written prompt tokens apart from the others, and the reasoning in the output', async () => {
    const provider = await serve({
      text: 'ok',
      usage: {
        inputTokens: 10,
        outputTokens: 7,
        cacheReadTokens: 30,
        cacheWriteTokens: 5,
        reasoningTokens: 4,
      },
    });
    expect((await events(provider)).at(-1)).toEqual({
      type: 'end',
      stopReason: 'end',
      usage: {
        inputTokens: 10,
        outputTokens: 7,
        cacheReadTokens: 30,
        cacheWriteTokens: 5,
        reasoningTokens: 4,
        totalTokens: 52,
      },
    });
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
});

describe('how a response ends', () => {
  it('V17: the output limit drops the call that it cut', async () => {
    const provider = await serve({
      toolCalls: [{ name: 'Write', inputText: '{"content": "hal' }],
      stopReason: 'max-tokens',
    });
    const all = await events(provider);
    expect(callsOf(all)).toEqual([]);
    expect(all.at(-1)).toMatchObject({ type: 'end', stopReason: 'max-tokens' });
  });

  it('V17: a call that the server marks as incomplete does not run, even when its arguments parse', async () => {
    const cut = functionCall('Read', '{}', { status: 'incomplete' });
    const incomplete = {
      type: 'response.incomplete',
      response: { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [cut] },
    };
    const provider = await serve(raw(item('added', 0, cut), item('done', 0, cut), incomplete));
    const all = await events(provider);
    expect(callsOf(all)).toEqual([]);
    expect(all.at(-1)).toMatchObject({ stopReason: 'max-tokens', usage: undefined });
  });

  it('V17: a refusal is text and a reason to stop, and what was asked for does not run', async () => {
    const call = functionCall('Read', '{}');
    const provider = await serve(
      raw(
        item('added', 0, { type: 'message', id: 'msg_1' }),
        { type: 'response.refusal.delta', output_index: 0, delta: 'I will not.' },
        item('done', 1, call),
        completed(),
      ),
      { text: 'No', stopReason: 'refusal' },
    );
    const all = await events(provider);
    expect(textOf(all)).toBe('I will not.');
    expect(callsOf(all)).toEqual([]);
    expect(all.at(-1)).toMatchObject({ stopReason: 'refusal' });
    expect((await events(provider)).at(-1)).toMatchObject({ stopReason: 'refusal' });
  });

  it.each<[string, object, object]>([
    ['server_error', { code: 'server_error', message: 'Oh no' }, { kind: 'overloaded', retryable: true }],
    [
      'rate_limit_exceeded',
      { code: 'rate_limit_exceeded', message: 'Slow down' },
      { kind: 'rate-limit', retryable: true },
    ],
    [
      'invalid_prompt',
      { code: 'invalid_prompt', message: 'Not this' },
      { kind: 'invalid-request', retryable: false },
    ],
    [
      'insufficient_quota',
      { code: 'insufficient_quota', message: 'You exceeded your current quota' },
      { kind: 'authentication', retryable: false },
    ],
    [
      'context_length_exceeded',
      { code: 'context_length_exceeded', message: 'Your input exceeds the context window of this model.' },
      { kind: 'context-length', retryable: false },
    ],
  ])(
    'V07: %s inside a 200 answer, as a failed response and as an error event',
    async (code, error, expected) => {
      const said = [
        item('added', 0, { type: 'message', id: 'msg_1' }),
        { type: 'response.output_text.delta', output_index: 0, delta: 'So far' },
      ];
      const provider = await serve(
        raw(...said, { type: 'response.failed', response: { status: 'failed', error } }),
        raw(...said, { type: 'error', ...error, sequence_number: 9 }),
        raw(...said, { type: 'error', error }),
      );
      for (let turn = 0; turn < 3; turn += 1) {
        const { events: before, error: failed } = await failure(provider);
        expect(textOf(before)).toBe('So far');
        expect(failed, code).toMatchObject({ ...expected, provider: 'openai' });
        expect(failed.advice).toMatch(/^[A-Z].*\.$/);
      }
    },
  );

  it('V19: an abort in the middle of the stream ends it with an AbortedError and closes the connection', async () => {
    const provider = await serve({ text: 'a long answer', chunks: 10, delayMs: 50 });
    const controller = new AbortController();
    const reading = (async () => {
      for await (const _event of provider.stream(request(), controller.signal)) controller.abort();
    })();
    await expect(reading).rejects.toBeInstanceOf(AbortedError);
    expect(await server.requests[0]?.closed).toEqual({ completed: false });
  });

  it('keeps the connection for the next request when an answer has ended', async () => {
    const provider = await serve({ text: 'one' }, { text: 'two' });
    await events(provider);
    await events(provider);
    expect(server.connections).toBe(1);
  });
});

describe('V12, V23: what servers leave out or send twice', () => {
  it('items that were never streamed are taken from the response', async () => {
    const message = { type: 'message', content: [{ type: 'output_text', text: 'whole' }] };
    const provider = await serve(raw(completed([message, functionCall('Read', '{"path":"a"}')])));
    const all = await events(provider);
    expect(textOf(all)).toBe('whole');
    expect(callsOf(all)).toEqual([{ id: 'call_1', name: 'Read', input: { path: 'a' } }]);
  });

  it('an item that ends twice, and that the response repeats, is one call and one text', async () => {
    const call = functionCall('Read', '{}');
    const message = { type: 'message', content: [{ type: 'output_text', text: 'once' }] };
    const provider = await serve(
      raw(
        item('added', 0, message),
        { type: 'response.output_text.delta', output_index: 0, delta: 'once' },
        item('done', 0, message),
        item('done', 0, message),
        item('added', 1, call),
        item('done', 1, call),
        item('done', 1, call),
        { type: 'response.function_call_arguments.delta', output_index: 1, delta: '{"late":1}' },
        { type: 'response.party_started' },
        completed([message, call]),
      ),
    );
    const all = await events(provider);
    expect(textOf(all)).toBe('once');
    expect(callsOf(all)).toEqual([{ id: 'call_1', name: 'Read', input: {} }]);
  });

  it('an index that is not the place in the response gives one thought, one text and one call', async () => {
    const call = functionCall('Read', '{"path":"a"}');
    const thought = { type: 'reasoning', id: 'rs_1', encrypted_content: 'Z0FB', summary: [] };
    const message = { type: 'message', id: 'msg_1', content: [{ type: 'output_text', text: 'once' }] };
    const provider = await serve(
      raw(
        item('done', 4, thought),
        item('added', 5, message),
        { type: 'response.output_text.delta', output_index: 5, delta: 'once' },
        item('done', 6, message),
        item('added', 7, call),
        item('done', 7, call),
        completed([thought, message, call]),
      ),
    );
    const all = await events(provider);
    expect(textOf(all)).toBe('once');
    expect(all.filter(({ type }) => type === 'thinking')).toHaveLength(1);
    expect(callsOf(all)).toEqual([{ id: 'call_1', name: 'Read', input: { path: 'a' } }]);
  });

  it('a text as a whole that comes before its pieces is said once, and so is one that the end has told', async () => {
    const message = { type: 'message', id: 'msg_1', content: [{ type: 'output_text', text: 'once' }] };
    const piece = { type: 'response.output_text.delta', output_index: 0, delta: 'once' };
    const elsewhere = { ...piece, output_index: 3 };
    const provider = await serve(
      raw(item('done', 0, message), piece, completed([message])),
      raw(completed([message]), piece, elsewhere, item('done', 3, functionCall('Read', '{}'))),
    );
    for (let turn = 0; turn < 2; turn += 1) {
      const all = await events(provider);
      expect(textOf(all)).toBe('once');
      expect(callsOf(all)).toEqual([]);
    }
  });

  it('several texts that nobody streamed are all said', async () => {
    const message = (id: string, text: string) => ({
      type: 'message',
      id,
      content: [{ type: 'output_text', text }],
    });
    const provider = await serve(
      raw(
        item('done', 0, message('msg_1', 'one ')),
        completed([message('msg_1', 'one '), message('msg_2', 'two')]),
      ),
    );
    expect(textOf(await events(provider))).toBe('one two');
  });

  it('a call without an id gets one, and reasoning without its encrypted form is only shown', async () => {
    const call = { type: 'function_call', name: 'List', arguments: '' };
    const thought = { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'hm' }] };
    const provider = await serve(raw(item('done', 0, thought), item('done', 1, call), completed()));
    const all = await events(provider);
    const [made] = callsOf(all) as { id: string }[];
    expect(made?.id).not.toBe('');
    expect(all.map(({ type }) => type)).toEqual(['thinking-delta', 'tool-call', 'end']);
  });

  it('a stream that ends without its last event yields no call and no end', async () => {
    const provider = await serve(raw(item('done', 0, functionCall('Read', '{}'))));
    const { events: before, error } = await failure(provider);
    expect(before.filter(({ type }) => type === 'tool-call' || type === 'end')).toEqual([]);
    expect(error).toMatchObject({ kind: 'network', retryable: true });
  });
});
