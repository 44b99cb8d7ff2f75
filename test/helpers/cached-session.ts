import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type CacheHistory, emptyCacheHistory, reduceCacheHistory } from '../../src/cache-history.js';
import type { CacheBreak } from '../../src/core/cache-break.js';
import type { EventOf, VictorEvent } from '../../src/core/event.js';
import { type CreateOrchestratorOptions, createOrchestrator } from '../../src/create-orchestrator.js';
import type { AgentOrchestrator } from '../../src/orchestrator.js';
import { initialState } from '../../src/state.js';
import { why } from '../../src/ui/commands/why.js';
import { type ModelServer, startModelServer } from './model-server.js';
import { PromptCache } from './model-server-cache.js';
import { ofType } from './scripted-orchestrator.js';
import { wirePrefix } from './wire-prefix.js';
import { makeWorkspace } from './workspace.js';

export const dialects = ['anthropic', 'openai'] as const;
export type Dialect = (typeof dialects)[number];

export interface CachedSession {
  readonly orchestrator: AgentOrchestrator;
  readonly server: ModelServer;
  readonly cache: PromptCache;
  readonly cwd: string;
  readonly events: readonly VictorEvent[];
  breaks(): readonly CacheBreak[];
  /** The cached tokens that each request read and wrote, as the provider counted them. */
  counted(): readonly EventOf<'request-end'>['usage'][];
  /** For each request after the first: whether its bytes begin with all that the one before it sent. */
  onlyAdds(): readonly boolean[];
}

export interface CachedSessionOptions extends Partial<CreateOrchestratorOptions> {
  readonly files?: Readonly<Record<string, string>>;
  /** What `.victorrc` says, as JSON. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Absolute path of the folder for the database, for sessions that are resumed. */
  readonly home?: string;
  /** `false`: a provider that never tells of a cache. */
  readonly caches?: boolean;
}

/** An orchestrator as the command line makes it, over a loopback server of this dialect that has a prompt cache, or over this server. */
export async function cachedSession(
  dialect: Dialect,
  script: Parameters<typeof startModelServer>[0] | ModelServer,
  { files = {}, settings = {}, caches = true, ...options }: CachedSessionOptions = {},
): Promise<CachedSession> {
  const cache = new PromptCache();
  const server = 'requests' in script ? script : await startModelServer(script, caches ? { cache } : {});
  if (server !== script) onTestFinished(() => server.close());
  const cwd = options.cwd ?? (await makeWorkspace({ ...files, '.victorrc': JSON.stringify(settings) }));
  const environment = {
    VICTOR_HOME: options.home ?? join(await makeWorkspace(), 'victor'),
    PATH: process.env.PATH,
    ...(dialect === 'anthropic'
      ? { ANTHROPIC_API_KEY: 'test-key', ANTHROPIC_BASE_URL: server.url }
      : { OPENAI_API_KEY: 'test-key', OPENAI_BASE_URL: server.openAIUrl }),
  };
  const orchestrator = await createOrchestrator({
    cwd,
    environment,
    trust: true,
    persist: false,
    ...options,
    flags: { model: 'first-model', sandbox: 'off', ...options.flags },
  });
  onTestFinished(() => orchestrator.close());
  const events: VictorEvent[] = [];
  orchestrator.subscribe((event) => events.push(event));
  return {
    orchestrator,
    server,
    cache,
    cwd,
    events,
    breaks: () => ofType(events, 'cache-break').map(({ cacheBreak }) => cacheBreak),
    counted: () => ofType(events, 'request-end').map(({ usage }) => usage),
    onlyAdds() {
      const sent = server.requests.map(wirePrefix);
      return sent.slice(1).map((one, index) => one.startsWith(sent[index]!));
    },
  };
}

/** What `/why cache` answers at the end of this session, on a screen that saw these events. */
export async function whyCache(
  { orchestrator, events }: Pick<CachedSession, 'orchestrator' | 'events'>,
  cache: CacheHistory = events.reduce(reduceCacheHistory, emptyCacheHistory),
): Promise<string> {
  const { sessionId } = orchestrator;
  const state = { ...initialState(), cache };
  const rest = {
    commands: [],
    columns: 80,
    cwd: '/nowhere',
    hint: () => {},
    send: () => {},
    copy: async () => [],
    switchSession: async () => [],
    changeMode: () => true,
    show() {},
    choose: async () => undefined,
    setInput() {},
    quit() {},
  };
  const blocks = await why.run({ port: orchestrator, state, sessionId, ...rest }, 'cache');
  return blocks.map((block) => ('text' in block ? block.text : '')).join('\n');
}
