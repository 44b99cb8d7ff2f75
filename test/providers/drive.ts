import { inspect } from 'node:util';
import { ProviderError } from '../../src/core/errors.js';
import { type Message, type ToolCall, userMessage } from '../../src/core/message.js';
import type { Provider, ProviderEvent, ProviderRequest } from '../../src/core/provider.js';

/** A key that no test may find anywhere but in the header that carries it. */
export const canaryKey = 'sk-ant-canary-0123456789abcdef';

export function request(changes: Partial<ProviderRequest> = {}): ProviderRequest {
  return {
    model: 'test-model',
    system: 'You are Victor.',
    messages: [userMessage('Hello')],
    tools: [],
    maxTokens: 1_000,
    ...changes,
  };
}

export const readTool = {
  name: 'Read',
  description: 'Reads a file.',
  inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
};

export async function events(
  provider: Provider,
  asked: ProviderRequest = request(),
  signal: AbortSignal = new AbortController().signal,
): Promise<ProviderEvent[]> {
  const all: ProviderEvent[] = [];
  for await (const event of provider.stream(asked, signal)) all.push(event);
  return all;
}

/** What came before the failure, and the failure. */
export async function failure(
  provider: Provider,
  asked: ProviderRequest = request(),
): Promise<{ events: ProviderEvent[]; error: ProviderError }> {
  const all: ProviderEvent[] = [];
  try {
    for await (const event of provider.stream(asked, new AbortController().signal)) all.push(event);
  } catch (error) {
    if (error instanceof ProviderError) return { events: all, error };
    throw error;
  }
  throw new Error(`The stream ended without a failure: ${JSON.stringify(all)}`);
}

/** The assistant message that a loop would keep of these events. */
export function answerOf(all: readonly ProviderEvent[]): Message {
  const thinking = all.flatMap((event) => (event.type === 'thinking' ? [event.thinking] : []));
  const toolCalls = all.flatMap((event) => (event.type === 'tool-call' ? [event.call] : []));
  return { id: 'answer', role: 'assistant', content: textOf(all), thinking, toolCalls };
}

export function textOf(all: readonly ProviderEvent[]): string {
  return all.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
}

export function callsOf(all: readonly ProviderEvent[]): ToolCall[] {
  return all.flatMap((event) => (event.type === 'tool-call' ? [event.call] : []));
}

/** Everything that could be printed or stored of a value, its causes and hidden members included. */
export function everythingIn(value: unknown): string {
  const shown = [inspect(value, { depth: 10, showHidden: true, getters: true }), String(value)];
  for (let one = value; one instanceof Error; one = one.cause) {
    const members = Object.getOwnPropertyNames(one).map(
      (name) => (one as unknown as Record<string, unknown>)[name],
    );
    shown.push(JSON.stringify(one), JSON.stringify(members), one.stack ?? '');
  }
  return shown.join('\n');
}
