import { KeptApprovals } from './config/kept-approvals.js';
import { type LoadedConfig, loadConfig, withSessionConfig } from './config/load.js';
import type { McpServerSetting } from './config/mcp-settings.js';
import { providerAccess } from './config/provider-access.js';
import type { PartialSettings, Settings } from './config/schema.js';
import { isTrusted, trustFolder } from './config/trust.js';
import { isInside, realDirectory } from './config/workspace-root.js';
import type { ApprovalRequest } from './coordinators/permission.js';
import type { Approval } from './core/decision.js';
import type { Store } from './core/store.js';
import { ExtensionInstances } from './extensions/extension-instances.js';
import type { NamedExtension } from './extensions/extension-loader.js';
import { loadExtensions, namesOfBuiltIns } from './extensions/load-extensions.js';
import { toldAtStart } from './front-matter/told-at-start.js';
import { LiveSettings } from './live-settings/live-settings.js';
import type { NamedServers } from './named-servers.js';
import { openHooks } from './open-hooks.js';
import { openMcpServers } from './open-mcp-servers.js';
import { AgentOrchestrator } from './orchestrator.js';
import { createMemoryApprovals } from './permissions/memory-approvals.js';
import type { ProviderAccess } from './providers/choose-provider.js';
import type { Traffic } from './recording/traffic.js';
import { agentTypes, allTools, type Skilled, taskTools, withSkills } from './session-tools.js';
import { providerOptions } from './settings-options.js';
import { createMemoryStore } from './storage/memory-store.js';
import { openStore } from './storage/open-store.js';
import { Subagents } from './subagents/subagents.js';
import { TaskList } from './tools/background/task-list.js';
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
  /** `false` keeps sessions, and what is allowed for the project from now on, in memory only. */
  readonly persist?: boolean;
  /** Applies what is saved in the settings files while the process runs, from the next turn on. */
  readonly watch?: boolean;
  /** Tools that run without asking, and tools that never run; they add to the configured rules. */
  readonly allowedTools?: readonly string[];
  readonly disallowedTools?: readonly string[];
  /** Milliseconds that the first turn waits for MCP servers to start; the setting `mcpWaitMs` when absent. */
  readonly serverWaitMs?: number;
  /** MCP servers of this orchestrator alone, beside those in the settings; one of the same name stands in for it. */
  readonly mcpServers?: Readonly<Record<string, McpServerSetting>>;
  /** Told of what takes long while everything is opened: that another program has locked the database. */
  readonly onNotice?: (text: string) => void;
  /** Records or plays the model traffic: what `recordTraffic` or `replayTraffic` answers. */
  readonly traffic?: Traffic;
}

const TIDY_AFTER_MS = 500;

/** An orchestrator as the command line uses it: reads `.victorrc`, opens the database, offers every core tool. */
export async function createOrchestrator(options: CreateOrchestratorOptions): Promise<AgentOrchestrator> {
  const { cwd, environment = process.env, onNotice } = options;
  const config = options.config ?? (await loadConfig({ cwd, environment, ...pick(options) }));
  const settings = withRules(config.settings, options);
  const { paths } = config;
  const instances = new ExtensionInstances();
  const generation = instances.nextGeneration();
  const [opened, loaded] = await Promise.allSettled([
    options.persist === false
      ? createMemoryStore()
      : openStore({ file: paths.databaseFile, ...(onNotice ? { onNotice } : {}) }),
    loadExtensions(config, settings, cwd, generation.obtain),
  ]);
  if (opened.status === 'rejected') throw opened.reason;
  const store: Store = opened.value;
  if (loaded.status === 'rejected') {
    // Nobody else has it.
    await store.close();
    throw loaded.reason;
  }
  const { extensions, tools, coordinators, provider, named } = loaded.value;
  generation.accept();
  const kept = new KeptApprovals(cwd, paths);
  const skilled = await withSkills(config, cwd);
  const subagents = new Subagents();
  const background = new TaskList();
  const { persist = true, serverWaitMs = settings.mcpWaitMs } = options;
  const toolServers = await openMcpServers(config, {
    ...{ cwd, environment, persist, waitMs: serverWaitMs, also: options.mcpServers },
  });
  const hooks = openHooks(config, { cwd, environment, canAsk: options.onApproval !== undefined });
  const running = { subagents, background, skilled, servers: toolServers, hookFiles: hooks?.files };
  const liveSettings = liveSettingsOf(config, named, instances, running, options);
  const agents = settings.subagents ? await agentTypes(config, options) : undefined;
  // A process that lives long enough to wait for a model has a quiet moment; one that does not leaves it to the next.
  setTimeout(() => void tidyOutputDirectory(paths.outputDirectory), TIDY_AFTER_MS).unref();
  return new AgentOrchestrator({
    settings,
    ...(provider ? { provider } : {}),
    providerAccess: await accessOf(config, options),
    coordinators,
    extensions: skilled.extensions(extensions),
    namedExtensions: named,
    store,
    tools: skilled.tools(
      allTools(
        tools,
        settings,
        config,
        { background, tasks: taskTools(agents, subagents), hookFiles: hooks?.files },
        options,
      ),
    ),
    subagents,
    backgroundTasks: background,
    toolServers,
    ...(hooks ? { hooks } : {}),
    cwd,
    project: isInside(cwd, config.workspaceRoot) ? config.workspaceRoot : cwd,
    environment,
    outputDirectory: paths.outputDirectory,
    notices: [...config.notices, ...toldAtStart([...(agents?.problems ?? []), ...skilled.problems])],
    sessionSettings: (answer) => withRules(withSessionConfig(liveSettings.config, answer), options),
    liveSettings,
    ownDirectories: [paths.configDirectory, paths.dataDirectory],
    approvals: options.persist === false ? createMemoryApprovals(kept) : kept,
    ...(options.watch === undefined ? {} : { watch: options.watch }),
    ...(options.onApproval ? { onApproval: options.onApproval } : {}),
    ...(options.sessionId ? { sessionId: options.sessionId } : {}),
    ...(options.traffic ? { traffic: options.traffic } : {}),
  });
}

/** What settings that change are told to, though it lives longer than they do. */
interface Running {
  readonly subagents: Subagents;
  readonly background: TaskList;
  readonly skilled: Skilled;
  readonly servers: Pick<NamedServers, 'redefine'>;
  /** Hooks change with a restart only. */
  readonly hookFiles: readonly string[] | undefined;
}

function liveSettingsOf(
  config: LoadedConfig,
  named: readonly NamedExtension[],
  instances: ExtensionInstances,
  running: Running,
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
    onHold: (held, confirmed) => running.servers.redefine(held, { confirmed }),
    isTrusted: async () => options.trust ?? isTrusted(config.workspaceRoot, config.paths),
    prepare: async (loaded, obtain) => {
      const settings = withRules(loaded.settings, options);
      // Coordinators change with a restart only, so that none is loaded to no purpose.
      const ready = await loadExtensions(loaded, { ...settings, coordinators: {} }, cwd, obtain);
      const access = await accessOf(loaded, options);
      const agents = settings.subagents ? await agentTypes(loaded, options) : undefined;
      const own = ready.provider ? { provider: ready.provider } : {};
      return {
        settings,
        extensions: running.skilled.extensions(ready.extensions),
        tools: running.skilled.tools(
          allTools(
            ready.tools,
            settings,
            loaded,
            {
              background: running.background,
              tasks: taskTools(agents, running.subagents),
              hookFiles: running.hookFiles,
            },
            options,
          ),
        ),
        provider: providerOptions({ settings, environment, access, traffic: options.traffic }, own),
        named: [...ready.named, ...named.filter(({ kind }) => kind === 'coordinator')],
      };
    },
  });
}

/** A replay needs no key, and the file with it may be on another machine. */
async function accessOf(
  config: LoadedConfig,
  { traffic }: CreateOrchestratorOptions,
): Promise<ProviderAccess> {
  return traffic?.offline ? {} : providerAccess(config);
}

function pick({ flags, trust, traffic }: CreateOrchestratorOptions) {
  const all = { ...traffic?.settings, ...flags };
  return {
    ...(flags || traffic ? { flags: all } : {}),
    ...(trust === undefined ? {} : { trust }),
  };
}

function withRules(settings: Settings, options: CreateOrchestratorOptions): Settings {
  const { allowedTools = [], disallowedTools = [] } = options;
  if (allowedTools.length + disallowedTools.length === 0) return settings;
  const { allow, deny, ...rest } = settings.permissions;
  const permissions = { ...rest, allow: [...allow, ...allowedTools], deny: [...deny, ...disallowedTools] };
  return { ...settings, permissions };
}
