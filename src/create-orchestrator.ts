import { builtInCompactionStrategies } from './compaction/index.js';
import { baseDirectoryOf, type LoadedConfig, loadConfig, withSessionConfig } from './config/load.js';
import { providerAccess } from './config/provider-access.js';
import type { PartialSettings, Settings } from './config/schema.js';
import { builtInContributors } from './contributors/index.js';
import { createSettingsPromptContributor } from './contributors/settings-prompt.js';
import type { ApprovalRequest } from './coordinators/permission.js';
import type { Coordinators } from './core/coordinator.js';
import type { Approval } from './core/decision.js';
import type { ExtensionKind } from './core/extension.js';
import type { Provider } from './core/provider.js';
import type { Store } from './core/store.js';
import type { Tool } from './core/tool.js';
import { builtInExporters } from './exporters/index.js';
import { AgentOrchestrator } from './orchestrator.js';
import { type Entry, type ExtensionOrigin, loadExtension, resolveEntry } from './registry.js';
import { builtInSelectionStrategies } from './selection/index.js';
import { createMemoryStore } from './storage/memory-store.js';
import { openStore } from './storage/open-store.js';
import { createGitDiffTool, createGitStatusTool } from './tools/git.js';
import { coreTools } from './tools/index.js';
import { tidyOutputDirectory } from './tools/tidy-output-directory.js';
import type { LoadedExtensions } from './wiring.js';

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
  const load = extensionLoader(config);
  const [store, extensions, tools, coordinators, provider] = await Promise.all([
    options.persist === false ? createMemoryStore() : openStore({ file: paths.databaseFile }),
    loadExtensions(settings, load, config, cwd),
    Promise.all(settings.tools.map((entry, index) => load<Tool>('tool', entry, {}, `tools.${index}`))),
    loadCoordinators(settings, load),
    loadProvider(settings, load),
  ]);
  // A process that lives long enough to wait for a model has a quiet moment; one that does not leaves it to the next.
  setTimeout(() => void tidyOutputDirectory(paths.outputDirectory), TIDY_AFTER_MS).unref();
  return new AgentOrchestrator({
    settings,
    ...(provider ? { provider } : {}),
    providerAccess: await providerAccess(config),
    coordinators,
    extensions,
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

type BuiltIns<T> = Readonly<Record<string, (options: never, origin: ExtensionOrigin) => T>>;

type Load = <T>(kind: ExtensionKind, entry: Entry, builtIns: BuiltIns<T>, key: string) => Promise<T>;

function extensionLoader(config: LoadedConfig): Load {
  return (kind, entry, builtIns, key) =>
    loadExtension({ kind, entry, builtIns, baseDirectory: baseDirectoryOf(config, key) });
}

async function loadExtensions(
  settings: Settings,
  load: Load,
  config: LoadedConfig,
  cwd: string,
): Promise<LoadedExtensions> {
  const { workspaceRoot, trusted, paths } = config;
  const contributors = builtInContributors({
    cwd,
    workspaceRoot,
    trusted,
    globalDirectory: paths.configDirectory,
  });
  const each = <T>(kind: ExtensionKind, key: string, entries: readonly Entry[], builtIns: BuiltIns<T>) =>
    Promise.all(entries.map((entry, index) => load<T>(kind, entry, builtIns, `${key}.${index}`)));
  return {
    configProviders: await each('config-provider', 'configProviders', settings.configProviders, {}),
    contributors: [
      ...(await each('contributor', 'contributors', settings.contributors, contributors)),
      createSettingsPromptContributor(settings.prompt),
    ],
    compactionStrategy: await load(
      'compaction',
      settings.compaction.strategy,
      builtInCompactionStrategies,
      'compaction.strategy',
    ),
    toolSelectionStrategy: await load(
      'tool-selection',
      settings.toolSelection.strategy,
      builtInSelectionStrategies,
      'toolSelection.strategy',
    ),
    exporters: await each('exporter', 'exporters', settings.exporters, builtInExporters),
  };
}

async function loadCoordinators(settings: Settings, load: Load): Promise<Partial<Coordinators>> {
  const entries = Object.entries(settings.coordinators) as [keyof Coordinators, Entry][];
  const loaded = entries.map(async ([name, entry]) => [
    name,
    await load<unknown>('coordinator', entry, {}, `coordinators.${name}`),
  ]);
  return Object.fromEntries(await Promise.all(loaded));
}

/** A provider given by path; built-in ones are made by name where they are wired. */
async function loadProvider(settings: Settings, load: Load): Promise<Provider | undefined> {
  if (settings.provider === undefined || !/^[./]/.test(resolveEntry(settings.provider).name))
    return undefined;
  return load<Provider>('provider', settings.provider, {}, 'provider');
}

/** Commands do not get the key, whatever its variable is called; names that say so are left out anyway. */
function withoutKey(environment: NodeJS.ProcessEnv, { provider }: Settings): NodeJS.ProcessEnv {
  const variable = typeof provider === 'object' ? provider[1].apiKeyVariable : undefined;
  if (typeof variable !== 'string') return environment;
  const { [variable]: key, ...rest } = environment;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== key));
}
