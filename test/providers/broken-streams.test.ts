import { afterEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/core/errors.js';
import type { Provider, ProviderEvent } from '../../src/core/provider.js';
import { AnthropicProvider } from '../../src/providers/anthropic.js';
import { OpenAIProvider } from '../../src/providers/openai.js';
import { long } from '../helpers/campaign.js';
import { type ModelServer, type ServerStep, startModelServer } from '../helpers/model-server.js';
import { callsOf, canaryKey, events, failure, request, textOf } from './drive.js';

/** Bytes between the cuts of a stream. */
const stride = long ? 3 : 11;

let server: ModelServer;
afterEach(() => server?.close());

const dialects: Record<string, (server: ModelServer) => Provider> = {
  anthropic: ({ url }) => new AnthropicProvider({ apiKey: canaryKey, baseURL: url }),
  openai: ({ openAIUrl }) => new OpenAIProvider({ apiKey: canaryKey, baseURL: openAIUrl }),
  responses: ({ openAIUrl }) =>
    new OpenAIProvider({ apiKey: canaryKey, baseURL: openAIUrl, name: 'responses', api: 'responses' }),
};

const paths: Record<string, string> = {
  anthropic: '/v1/messages',
  openai: '/v1/chat/completions',
  responses: '/v1/responses',
};

const answer: ServerStep = {
  text: 'I read it: ä👋',
  toolCalls: [{ name: 'Write', input: { path: 'a', content: 'é' }, id: 'c1' }],
  chunks: 2,
};

/** The same stream once and again, as bytes. */
async function recorded(path: string): Promise<number> {
  const response = await fetch(server.url + path, { method: 'POST', body: '{}' });
  return Buffer.byteLength(await response.text());
}

describe.each(Object.entries(dialects))('%s', (name, connect) => {
  const path = paths[name]!;

  it('V06: a cut stream yields no call, no end, only whole characters and a retryable error', async () => {
    // The model's name says where to cut, so that many requests can be on their way at once.
    server = await startModelServer((body) => {
      const cutAfterBytes = Number(body.model ?? Number.POSITIVE_INFINITY);
      return { ...answer, cutAfterBytes, cut: cutAfterBytes % 2 ? 'reset' : 'end' };
    });
    const provider = connect(server);
    const whole = await recorded(path);
    // A message is complete a little before its last byte: `message_stop`, or the reason to finish.
    const complete = await firstCompleteAt(provider, whole);
    expect(complete).toBeGreaterThan(whole / 2);
    // From the end backwards, so that the last bytes of an incomplete message are among them; every second is a reset.
    const cuts = Array.from({ length: Math.ceil(complete / stride) }, (_, at) => complete - 1 - at * stride);
    for (let start = 0; start < cuts.length; start += 50) {
      const batch = cuts.slice(start, start + 50).map(async (cut) => {
        const { events: before, error } = await failure(provider, request({ model: String(cut) }));
        const types = before.map((event) => event.type);
        const hasRun = types.includes('tool-call') || types.includes('end');
        const isCharactersOnly = answer.text?.startsWith(textOf(before));
        return { cut, hasRun, isCharactersOnly, kind: error.kind, retryable: error.retryable };
      });
      for (const outcome of await Promise.all(batch)) {
        const { cut } = outcome;
        expect(outcome).toEqual({
          cut,
          hasRun: false,
          isCharactersOnly: true,
          kind: 'network',
          retryable: true,
        });
      }
    }
  });

  it.each([1, 2, 7, 64])('V08: pieces of %i bytes give the same answer', async (splitBytes) => {
    server = await startModelServer([{ ...answer, splitBytes }]);
    const all = await events(connect(server));
    expect(textOf(all)).toBe(answer.text);
    expect(callsOf(all)).toEqual([{ id: 'c1', name: 'Write', input: { path: 'a', content: 'é' } }]);
  });

  it('V08: a compressed answer, CRLF line ends, comments and a byte order mark change nothing', async () => {
    server = await startModelServer([answer]);
    const response = await fetch(server.url + path, { method: 'POST', body: '{}' });
    const plain = await response.text();
    await server.close();
    server = await startModelServer([
      { ...answer, gzip: true },
      { body: `: hello\n\n${plain.replaceAll('\n', '\r\n')}: bye\r\n\r\n` },
      { body: `\uFEFF${plain}` },
    ]);
    const provider = connect(server);
    for (let turn = 0; turn < 3; turn += 1) {
      const all = await events(provider);
      expect(textOf(all)).toBe(answer.text);
      expect(callsOf(all)).toHaveLength(1);
    }
  });

  it('V07: an overload inside a 200 answer is an overload, after the words that came before it', async () => {
    server = await startModelServer([
      { text: 'So far', error: { kind: 'overloaded', message: 'Overloaded' } },
    ]);
    const { events: before, error } = await failure(connect(server));
    expect(textOf(before)).toBe('So far');
    expect(error).toMatchObject({ kind: 'overloaded', retryable: true, provider: name });
  });

  it('V10: an event that is no JSON is a protocol error', async () => {
    server = await startModelServer([{ text: 'So far', error: { kind: 'protocol', message: 'x' } }]);
    const { error } = await failure(connect(server));
    expect(error).toMatchObject({ kind: 'protocol', retryable: false });
    expect(error.advice).toBeDefined();
  });

  it('V11: a web page, an empty answer and bytes that are no gzip are typed errors', async () => {
    server = await startModelServer([
      { body: '<html>Log in</html>', headers: { 'content-type': 'text/html; charset=utf-8' } },
      { body: '' },
      { body: 'this is not compressed', headers: { 'content-encoding': 'gzip' } },
      { status: 204 },
    ]);
    const provider = connect(server);
    const kinds: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) kinds.push((await failure(provider)).error.kind);
    expect(kinds.slice(0, 3)).toEqual(['protocol', 'network', 'protocol']);
    expect(['protocol', 'network']).toContain(kinds[3]);
  });
});

it('V12: Anthropic events out of order, unknown or twice never make wrong text or a second call', async () => {
  const lines = [
    { type: 'content_block_delta', index: 9, delta: { type: 'text_delta', text: 'lost' } },
    { type: 'message_start', message: { usage: { input_tokens: 'many', output_tokens: -3 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'hologram' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'not text' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'party_started' },
    {
      type: 'content_block_start',
      index: 4,
      content_block: { type: 'tool_use', id: 't', name: 'Read', input: {} },
    },
    { type: 'content_block_delta', index: 4, delta: { type: 'input_json_delta', partial_json: '{}' } },
    { type: 'content_block_stop', index: 4 },
    { type: 'content_block_stop', index: 4 },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
    { type: 'message_stop' },
    { type: 'message_stop' },
  ];
  const body = lines.map((line) => `event: ${line.type}\ndata: ${JSON.stringify(line)}\n\n`).join('');
  server = await startModelServer([{ body }]);
  const all = await events(dialects.anthropic!(server));
  expect(withoutDeltas(all)).toEqual(['tool-call', 'end']);
  // Counts that are no numbers are no counts.
  expect(all.at(-1)).toMatchObject({ usage: undefined });
});

it('V12: an Anthropic block that was never closed yields no call', async () => {
  const lines = [
    {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'tool_use', id: 't', name: 'Read', input: {} },
    },
    { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{}' } },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
    { type: 'message_stop' },
  ];
  const body = lines.map((line) => `event: ${line.type}\ndata: ${JSON.stringify(line)}\n\n`).join('');
  server = await startModelServer([{ body }]);
  const all = await events(dialects.anthropic!(server));
  expect(withoutDeltas(all)).toEqual(['end']);
});

/** Pieces of arguments are only to be shown. */
function withoutDeltas(all: readonly ProviderEvent[]): string[] {
  return all.map(({ type }) => type).filter((type) => type !== 'tool-call-delta');
}

/** The smallest number of bytes after which the answer counts as complete, by halving. */
async function firstCompleteAt(provider: Provider, whole: number): Promise<number> {
  let low = 0;
  let high = whole;
  while (low < high) {
    const middle = (low + high) >> 1;
    const complete = await events(provider, request({ model: String(middle) })).then(
      () => true,
      (error) => {
        if (error instanceof ProviderError) return false;
        throw error;
      },
    );
    if (complete) high = middle;
    else low = middle + 1;
  }
  return low;
}
