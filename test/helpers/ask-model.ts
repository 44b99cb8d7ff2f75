import { afterFile } from './after-file.js';
import { type ModelServer, type ServerStep, startModelServer } from './model-server.js';
import { runVictor, type VictorOptions, type VictorResult } from './run-victor.js';

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly content?: unknown;
  readonly is_error?: boolean;
}

export interface RequestBody {
  readonly model: string;
  readonly system: unknown;
  readonly messages: readonly { readonly content: string | readonly Block[] }[];
}

export interface ScriptedModel {
  readonly server: ModelServer;
  /** Makes `victor` ask this model. */
  readonly env: Readonly<Record<string, string>>;
  ask(args: readonly string[], options?: VictorOptions): Promise<VictorResult>;
  /** What the last request said; fails the test when there was none. */
  lastBody(): RequestBody;
  /** What the last request was asked: see `promptIn`. */
  lastPrompt(): string;
  /** Every tool result of the last request, as JSON. */
  toolResults(): string[];
}

/** The last message of a request, as text, without the note that Victor puts behind it. */
export function promptIn({ messages }: RequestBody): string {
  const { content = '' } = messages.at(-1) ?? {};
  if (typeof content === 'string') return content;
  const texts = content.map((block) => block.text ?? '');
  return texts.filter((text) => !text.startsWith('[Note by Victor')).join('');
}

/** A model on loopback that says these steps, the last one again and again; each test has its own, so that tests can overlap. */
export async function scriptedModel(...steps: ServerStep[]): Promise<ScriptedModel> {
  let next = 0;
  const server = await startModelServer(
    () => steps[Math.min(next++, steps.length - 1)] ?? { text: 'The answer.' },
  );
  afterFile(() => server.close());
  const env = { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key' };

  const lastBody = (): RequestBody => {
    const request = server.requests.at(-1);
    if (!request) throw new Error('the model was not asked');
    return request.body;
  };
  return {
    server,
    env,
    lastBody,
    ask: (args, options = {}) => runVictor(['ask', ...args], { ...options, env: { ...env, ...options.env } }),
    lastPrompt: () => promptIn(lastBody()),
    toolResults() {
      const blocks = lastBody().messages.flatMap(({ content }) =>
        typeof content === 'string' ? [] : content,
      );
      return blocks.filter((block) => block.type === 'tool_result').map((block) => JSON.stringify(block));
    },
  };
}

/** A model's call of a tool. */
export function calls(name: string, input: Readonly<Record<string, unknown>> = {}): ServerStep {
  return { toolCalls: [{ name, input }] };
}
