import type { Context } from '../core/context.js';
import type {
  AnalyticsExporter,
  Awaitable,
  Checkable,
  CompactionStrategy,
  ConfigProvider,
  ExtensionKind,
  PromptContributor,
  ToolSelectionStrategy,
} from '../core/extension.js';
import type { Message } from '../core/message.js';
import type { Provider } from '../core/provider.js';
import type { Tool } from '../core/tool.js';
import type { NamedExtension } from './extension-loader.js';

/** Asks a loaded extension for something harmless of its kind; answers what was seen, throws what is wrong. */
export async function checkExtension(
  { kind, extension, failure }: NamedExtension,
  sessionId: string,
): Promise<string> {
  if (failure) throw new Error(`${failure.message} Instead: ${failure.fallback}`);
  return probes[kind](extension as never, sessionId);
}

const probes: Readonly<Record<ExtensionKind, (extension: never, sessionId: string) => Awaitable<string>>> = {
  'config-provider': async (provider: ConfigProvider, sessionId) => {
    has(provider, 'getConfig');
    if (provider.check) return provider.check();
    const answer: unknown = await provider.getConfig(sessionId);
    return `${Object.keys(object(answer, 'getConfig()')).length} settings for this session`;
  },
  contributor: async (contributor: PromptContributor, sessionId) => {
    has(contributor, 'getContribution');
    const answer: unknown = await contributor.getContribution({ sessionId, task: '' });
    if (typeof answer === 'string') return `${answer.length} characters`;
    const { text } = object(answer, 'getContribution()');
    if (typeof text !== 'string') throw new TypeError('getContribution() returned no text');
    return `${text.length} characters`;
  },
  compaction: async (strategy: CompactionStrategy) => {
    has(strategy, 'compact');
    const context: Context = { messages: twoMessages(), metadata: {} };
    const { messages } = object(await strategy.compact(context), 'compact()');
    if (!Array.isArray(messages)) throw new TypeError('compact() returned no messages');
    return 'answers';
  },
  'tool-selection': async (strategy: ToolSelectionStrategy) => {
    has(strategy, 'score');
    const tool = { name: 'Read', description: 'Reads a file.', keywords: [], parameters: [] };
    const scores: unknown = await strategy.score('read a file', [tool]);
    if (!Array.isArray(scores) || scores.length !== 1)
      throw new TypeError('score() did not return one score for one tool');
    return 'answers';
  },
  exporter: (exporter: AnalyticsExporter) => {
    has(exporter, 'export');
    return ask(exporter);
  },
  tool: (tool: Tool) => {
    has(tool, 'execute');
    has(tool, 'describe');
    if (typeof tool.name !== 'string' || tool.name === '') throw new TypeError('has no name');
    if (!['read', 'edit', 'execute'].includes(tool.kind)) throw new TypeError('has no kind');
    has(object(tool.schema, 'schema'), 'safeParse');
    return `offered as ${tool.name}`;
  },
  provider: (provider: Provider) => {
    has(provider, 'stream');
    return ask(provider);
  },
  // What it decides is asked of every coordinator, whoever made it.
  coordinator: () => 'loaded',
};

async function ask(extension: Checkable): Promise<string> {
  return extension.check ? String(await extension.check()) : 'loaded; it has no check of its own';
}

function has(extension: object, method: string): void {
  if (typeof (extension as Record<string, unknown>)[method] === 'function') return;
  throw new TypeError(`has no method ${method}()`);
}

function object(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new TypeError(`${what} returned ${value === null ? 'null' : typeof value}`);
}

function twoMessages(): Message[] {
  return [
    { id: 'check-1', role: 'user', content: 'Hello.' },
    { id: 'check-2', role: 'assistant', content: 'Hello.' },
  ];
}
