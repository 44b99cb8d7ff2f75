import { type LoadedConfig, loadConfig, withSessionConfig } from './config/load.js';
import { providerAccess } from './config/provider-access.js';
import type { PartialSettings, Settings } from './config/schema.js';
import { withoutSecrets } from './config/secret-variables.js';
import { isTrusted, trustFolder } from './config/trust.js';
import { realDirectory } from './config/workspace-root.js';
import type { ApprovalRequest } from './coordinators/permission.js';
import type { Approval } from './core/decision.js';
import type { Store } from './core/store.js';
import type { Tool } from './core/tool.js';
import { ExtensionInstances } from './extensions/extension-instances.js';
import { loadExtensions, type NamedExtension, namesOfBuiltIns } from './extensions/load-extensions.js';
import { LiveSettings } from './live-settings/live-settings.js';
import { AgentOrchestrator } from './orchestrator.js';
import { CommandSandbox } from './sandbox/command-sandbox.js';
import { createMemoryStore } from './storage/memory-store.js';
import { openStore } from './storage/open-store.js';
import { createGitDiffTool, createGitStatusTool } from './tools/git.js';
import { coreTools } from './tools/index.js';
import { tidyOutputDirectory } from './tools/tidy-output-directory.js';
import { providerOptions } from './wiring.js';

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
  /** Applies what is saved in the settings files while the process runs, from the next turn on. */
  readonly watch?: boolean;
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
  const instances = new ExtensionInstances();
  const generation = instances.nextGeneration();
  const [store, { extensions, tools, coordinators, provider, named }] = await Promise.all([
    options.persist === false ? createMemoryStore() : openStore({ file: paths.databaseFile }),
    loadExtensions(config, settings, cwd, generation.obtain),
  ]);
  generation.accept();
  const liveSettings = liveSettingsOf(config, named, instances, options);
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
    tools: allTools(tools, environment, settings, config, cwd),
    cwd,
    environment,
    outputDirectory: paths.outputDirectory,
    notices: config.notices,
    sessionSettings: (answer) => withRules(withSessionConfig(liveSettings.config, answer), options),
    liveSettings,
    ...(options.watch === undefined ? {} : { watch: options.watch }),
    ...(options.onApproval ? { onApproval: options.onApproval } : {}),
    ...(options.sessionId ? { sessionId: options.sessionId } : {}),
  });
}

function liveSettingsOf(
  config: LoadedConfig,
  named: readonly NamedExtension[],
  instances: ExtensionInstances,
  options: CreateOrchestratorOptions,
): LiveSettings {
  const { cwd, environment = process.env } = options;
  return new LiveSettings({
    config,
    named,
    instances,
    builtIn: namesOfBuiltIns(config, cwd),
    cwd: realDirectory(cwd),
    // What is new is held back by the live settings, which know what holds now.
    load: () => loadConfig({ cwd, environment, ...pick(options), unconfirmedToo: true }),
    confirm: async ({ unconfirmed, trusted, workspaceRoot, paths }) => {
      if (!trusted || options.trust !== undefined || unconfirmed.length === 0) return;
      await trustFolder(workspaceRoot, paths, unconfirmed, { force: true });
    },
    isTrusted: async () => options.trust ?? isTrusted(config.workspaceRoot, config.paths),
    prepare: async (loaded, obtain) => {
      const settings = withRules(loaded.settings, options);
      // Coordinators change with a restart only, so that none is loaded to no purpose.
      const ready = await loadExtensions(loaded, { ...settings, coordinators: {} }, cwd, obtain);
      const access = await providerAccess(loaded);
      const own = ready.provider ? { provider: ready.provider } : {};
      return {
        settings,
        extensions: ready.extensions,
        tools: allTools(ready.tools, environment, settings, loaded, cwd),
        provider: providerOptions({ settings, environment, access }, own),
        named: [...ready.named, ...named.filter(({ kind }) => kind === 'coordinator')],
      };
    },
  });
}

function allTools(
  loaded: readonly Tool[],
  environment: NodeJS.ProcessEnv,
  settings: Settings,
  { workspaceRoot, paths }: LoadedConfig,
  directory: string,
): Tool[] {
  const confinement = new CommandSandbox({ settings, environment, cwd: directory, workspaceRoot, paths });
  // Commands get no key, whatever its variable is called; names that say so are left out anyway.
  const core = coreTools({ environment: withoutSecrets(environment, settings), confinement });
  return [...core, createGitStatusTool(), createGitDiffTool(), ...loaded];
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
