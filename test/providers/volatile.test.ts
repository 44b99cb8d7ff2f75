import { afterEach, describe, expect, it } from 'vitest';
import { PromptCoordinator } from '../../src/coordinators/prompt.js';
import type { PromptContributor } from '../../src/core/extension.js';
import { assistantMessage, toolMessage, userMessage } from '../../src/core/message.js';
import type { Provider, RequestMessage } from '../../src/core/provider.js';
import { AnthropicProvider } from '../../src/providers/anthropic.js';
import { OpenAIProvider } from '../../src/providers/openai.js';
import { type ModelServer, type ServerScript, startModelServer } from '../helpers/model-server.js';
import { scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';
import { canaryKey, events, readTool, request } from './drive.js';

let server: ModelServer;
afterEach(() => server?.close());

const call = { id: 'call_1', name: 'Read', input: { path: 'a' } };
const image = { mediaType: 'image/png', data: 'aGk=' };
const afterTool = (volatile: string): RequestMessage[] => [
  userMessage('first'),
  assistantMessage('', { toolCalls: [call] }),
  { ...toolMessage(call, 'content'), volatile },
];

async function serve(create: (server: ModelServer) => Provider, ...steps: ServerScript[]): Promise<Provider> {
  server = await startModelServer(steps);
  return create(server);
}
const anthropic = ({ url }: ModelServer) => new AnthropicProvider({ apiKey: canaryKey, baseURL: url });
const openai = ({ openAIUrl }: ModelServer) => new OpenAIProvider({ apiKey: canaryKey, baseURL: openAIUrl });

/** What the server would cache of a request: everything up to its last breakpoint. */
const cachedPart = (body: string) => body.slice(0, body.lastIndexOf('"cache_control"'));

describe('volatile text on the way to Anthropic', () => {
  it('leaves two requests that differ only in it byte-identical up to the last cache breakpoint', async () => {
    const provider = await serve(anthropic, { text: 'ok' }, { text: 'ok' }, { text: 'ok' });
    const messages = afterTool('');
    for (const volatile of ['on main', 'on another branch']) {
      const [last] = messages.slice(-1);
      await events(
        provider,
        request({ tools: [readTool], messages: [...messages.slice(0, -1), { ...last!, volatile }] }),
      );
    }
    const [one, other] = server.requests.map(({ rawBody }) => rawBody);
    expect(one).not.toBe(other);
    expect(cachedPart(one!)).toBe(cachedPart(other!));
    expect(cachedPart(one!)).toContain('"content":"content"');
    expect(one!.slice(cachedPart(one!).length)).toContain('on main');
    expect(one!.match(/cache_control/g)).toHaveLength(4);
  });

  it('is a block of its own behind the tool results, which the API wants first in a message', async () => {
    const provider = await serve(anthropic, { text: 'ok' });
    const next = [...afterTool('note'), { ...userMessage('and now?', [image]), volatile: 'newer' }];
    await events(provider, request({ messages: next }));
    const blocks = server.requests[0]!.body.messages.at(-1).content;
    expect(blocks.map((block: { type: string }) => block.type)).toEqual([
      ...['tool_result', 'text', 'image', 'text', 'text'],
    ]);
    expect(blocks[1]).toEqual({ type: 'text', text: 'note' });
    expect(blocks[3].cache_control).toBeDefined();
    expect(blocks[4]).toEqual({ type: 'text', text: 'newer' });
  });
});

describe('volatile text on the way to an OpenAI-compatible server', () => {
  it('ends the last message, whoever it is from, because some servers refuse another one there', async () => {
    const provider = await serve(openai, { text: 'ok' }, { text: 'ok' }, { text: 'ok' });
    await events(provider, request({ messages: [{ ...userMessage('first'), volatile: 'note' }] }));
    await events(provider, request({ messages: afterTool('note') }));
    await events(provider, request({ messages: [{ ...userMessage('look', [image]), volatile: 'note' }] }));
    const [text, tool, picture] = server.requests.map(({ body }) => body.messages.at(-1));
    expect(text).toEqual({ role: 'user', content: 'first\n\nnote' });
    expect(tool).toMatchObject({ role: 'tool', content: 'content\n\nnote' });
    expect(picture.content.map((part: { type: string }) => part.type)).toEqual(['image_url', 'text']);
    expect(picture.content[1].text).toBe('look\n\nnote');
  });

  it('leaves the system message alone, so that two requests begin the same', async () => {
    const provider = await serve(openai, { text: 'ok' }, { text: 'ok' });
    for (const volatile of ['A', 'B'])
      await events(provider, request({ messages: [{ ...userMessage('hi'), volatile }] }));
    const [one, other] = server.requests.map(({ rawBody }) => rawBody);
    expect(one!.slice(0, one!.indexOf('hi\\n\\nA'))).toBe(other!.slice(0, other!.indexOf('hi\\n\\nB')));
    expect(one).toContain('You are Victor.');
  });
});

describe.each([
  ['Anthropic', anthropic],
  ['OpenAI', openai],
])('a conversation with volatile text over %s', (_, create) => {
  it('only ever appends: nothing that was sent once changes, so caches and bound thinking hold', async () => {
    const read = { toolCalls: [{ name: 'Read', input: { path: 'a.txt' } }] };
    const provider = await serve(create, read, { text: 'one' }, read, { text: 'two' }, { text: 'three' });
    let state = 0;
    const counter: PromptContributor = {
      name: 'counter',
      getContribution: () => ({ text: `State ${Math.floor(state++ / 2)}.`, volatile: true }),
    };
    const { orchestrator } = await scriptedOrchestrator([], {
      provider,
      model: 'some-model',
      files: { 'a.txt': 'content' },
      coordinators: { prompt: new PromptCoordinator({ contributors: [counter] }) },
    });
    for (const text of ['read it', 'again', 'enough']) await orchestrator.chat(text);

    expect(server.requests).toHaveLength(5);
    const sent = server.requests.map(({ body }) => {
      const { messages, system = '' } = JSON.parse(JSON.stringify(body, withoutMarks));
      return { messages: JSON.stringify(messages).slice(0, -1), system: JSON.stringify(system) };
    });
    sent.slice(1).forEach(({ messages, system }, index) => {
      expect(messages.startsWith(sent[index]!.messages)).toBe(true);
      expect(system).toBe(sent[index]!.system);
    });
    // Said when it is new, not with every call.
    expect(sent.map(({ messages }) => messages.match(/State \d/g))).toEqual([
      ['State 0'],
      ['State 0'],
      ['State 0', 'State 1'],
      ['State 0', 'State 1'],
      ['State 0', 'State 1', 'State 2'],
    ]);
  });
});

function withoutMarks(key: string, value: unknown): unknown {
  return key === 'cache_control' ? undefined : value;
}
