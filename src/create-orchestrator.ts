import { type LoadedConfig, loadConfig, withSessionConfig } from './config/load.js';
import { providerAccess } from './config/provider-access.js';
import type { PartialSettings, Settings } from './config/schema.js';
import type { ApprovalRequest } from './coordinators/permission.js';
import type { Approval } from './core/decision.js';
import type { Store } from './core/store.js';
import { loadExtensions } from './load-extensions.js';
import { AgentOrchestrator } from './orchestrator.js';
import { createMemoryStore } from './storage/memory-store.js';
import { openStore } from './storage/open-store.js';
import { createGitDiffTool, createGitStatusTool } from './tools/git.js';
import { coreTools } from './tools/index.js';
import { tidyOutputDirectory } from './tools/tidy-output-directory.js';

export interface CreateOrchestratorOptions {
  /** Absolute path to work in; its configuration is read. */
  readonly cwd: string;
  readonly environment?: NodeJS.ProcessEnv;
  /** Settings from the command line; they win over every file. */
  readonly flags?: PartialSettings;
  /** Load what the folder's configuration names, for this process only. */
  readonly trust?: boolean;
  /** A configuration that was loaded already. */
  readonly config?: LoadedConfig;
  readonly onApproval?: (request: ApprovalRequest) => Promise<Approval>;
  readonly sessionId?: string;
  /** `false` keeps sessions in memory only. */
  readonly persist?: boolean;
  /** Tools that run without asking, and tools that never run; they add to the configured rules. */
  readonly allowedTools?: readonly string[];
  readonly disallowedTools?: readonly string[];
}

const TIDY_AFTER_MS = 500;

/** An orchestrator as the command line uses it: reads `.victorrc`, opens the database, offers every core tool. */
export async function createOrchestrator(options: CreateOrchestratorOptions): Promise<AgentOrchestrator> {
  const { cwd, environment = process.env } = options;
  const config = options.config ?? (await loadConfig({ cwd, environment, ...pick(options) }));
  const settings = withRules(config.settings, options);
  const { paths } = config;
  const [store, { extensions, tools, coordinators, provider, named }] = await Promise.all([
    options.persist === false ? createMemoryStore() : openStore({ file: paths.databaseFile }),
    loadExtensions(config, settings, cwd),
  ]);
  // A process that lives long enough to wait for a model has a quiet moment; one that does not leaves it to the next.
  setTimeout(() => void tidyOutputDirectory(paths.outputDirectory), TIDY_AFTER_MS).unref();
  return new AgentOrchestrator({
    settings,
    ...(provider ? { provider } : {}),
    providerAccess: await providerAccess(config),
    coordinators,
    extensions,
    namedExtensions: named,
    store: store as Store,
    tools: [
      ...coreTools({ environment: withoutKey(environment, settings) }),
      createGitStatusTool(),
      createGitDiffTool(),
      ...tools,
    ],
    cwd,
    environment,
    outputDirectory: paths.outputDirectory,
    notices: config.notices,
    sessionSettings: (answer) => withRules(withSessionConfig(config, answer), options),
    ...(options.onApproval ? { onApproval: options.onApproval } : {}),
    ...(options.sessionId ? { sessionId: options.sessionId } : {}),
  });
}

function pick({ flags, trust }: CreateOrchestratorOptions) {
  return { ...(flags ? { flags } : {}), ...(trust === undefined ? {} : { trust }) };
}

function withRules(settings: Settings, options: CreateOrchestratorOptions): Settings {
  const { allowedTools = [], disallowedTools = [] } = options;
  if (allowedTools.length + disallowedTools.length === 0) return settings;
  const { allow, deny, ...rest } = settings.permissions;
  const permissions = { ...rest, allow: [...allow, ...allowedTools], deny: [...deny, ...disallowedTools] };
  return { ...settings, permissions };
}

/** Commands do not get the key, whatever its variable is called; names that say so are left out anyway. */
function withoutKey(environment: NodeJS.ProcessEnv, { provider }: Settings): NodeJS.ProcessEnv {
  const variable = typeof provider === 'object' ? provider[1].apiKeyVariable : undefined;
  if (typeof variable !== 'string') return environment;
  const { [variable]: key, ...rest } = environment;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== key));
}
