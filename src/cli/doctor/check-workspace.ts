import { isPath } from '../../config/entries.js';
import { defaultConfig, type LoadedConfig, loadConfig } from '../../config/load.js';
import { providerAccess } from '../../config/provider-access.js';
import { ProviderError, StorageError } from '../../core/errors.js';
import { createOrchestrator } from '../../create-orchestrator.js';
import { checkSettings } from '../../extensions/check-settings.js';
import { resolveEntry } from '../../extensions/registry.js';
import type { HealthCheck } from '../../health.js';
import type { AgentOrchestrator } from '../../orchestrator.js';
import { chooseProvider } from '../../providers/choose-provider.js';
import type { CommandLine } from '../command-line.js';
import { problemLine } from '../config/validate-config.js';
import { workDirectory } from '../work-directory.js';
import { type Check, failed, look } from './check.js';
import { checkAgents } from './check-agents.js';
import { checkCommandEnvironment } from './check-command-environment.js';
import { checkDelivery } from './check-delivery.js';
import { checkHooks } from './check-hooks.js';
import { checkPromptCommands } from './check-prompt-commands.js';
import { checkSandbox } from './check-sandbox.js';
import { checkServers } from './check-servers.js';

export interface WorkspaceOptions {
  readonly cwd?: string;
  readonly trust?: true;
}

/**
 * Settings, database, provider, coordinators and extensions, as a turn in this directory would use them. Where the
 * settings cannot be used the rest is looked at with the defaults, and where the database cannot, without it.
 */
export async function checkWorkspace(
  options: WorkspaceOptions,
  { environment }: CommandLine,
): Promise<Check[]> {
  const checks: Check[] = [];
  try {
    const cwd = workDirectory(options.cwd);
    const asked = { cwd, environment, ...(options.trust ? { trust: true } : {}) };
    const { config, seen } = await checkConfiguration(asked);
    checks.push(...seen, await checkSandbox(config, cwd), checkCommandEnvironment(config));
    checks.push(...(await checkHooks(config, cwd)), ...(await checkPromptCommands(config, cwd)));
    checks.push(...(await checkServers(config, cwd)));
    const opened = await open(cwd, environment, config);
    checks.push(...opened.failures);
    checks.push(...(await checkAgents(config, toolNames(opened.orchestrator))));
    if (opened.orchestrator) checks.push(...(await checkOrchestrator(opened.orchestrator, config)));
  } catch (error) {
    checks.push(failed('workspace', error));
  }
  return checks;
}

/** Whether the settings can be used, and where they come from. */
export async function checkConfiguration(options: {
  readonly cwd: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly trust?: boolean;
}): Promise<{ config: LoadedConfig; seen: Check[] }> {
  const name = 'configuration';
  try {
    const config = await loadConfig(options);
    const { layers, notices, workspaceRoot, trusted } = config;
    const places = layers.flatMap(({ name: layer, file, variables = {} }) => {
      const names = Object.values(variables);
      if (file === undefined && names.length === 0) return [];
      return `${layer} settings: ${file ?? names.join(', ')}`;
    });
    const seen = [`valid; ${workspaceRoot} is ${trusted ? 'trusted' : 'not trusted'}`, ...places];
    return {
      config,
      seen: [
        ...seen.map((detail): Check => ({ name, status: 'ok', detail })),
        ...notices.map((detail): Check => ({ name, status: 'info', detail })),
      ],
    };
  } catch (error) {
    const { problems } = await checkSettings(options).catch(() => ({ problems: [] }));
    const seen = problems.map((one): Check => ({ name, status: 'failed', detail: problemLine(one) }));
    const instead: Check = { name, status: 'info', detail: 'what follows is looked at with the defaults' };
    const config = defaultConfig(options);
    return { config, seen: [...(seen.length > 0 ? seen : [failed(name, error)]), instead] };
  }
}

/** Opens what can be opened; what cannot is told, and the next best is tried. */
async function open(
  cwd: string,
  environment: NodeJS.ProcessEnv,
  wanted: LoadedConfig,
): Promise<{ orchestrator?: AgentOrchestrator; failures: Check[] }> {
  const failures: Check[] = [];
  let config = wanted;
  let persist = true;
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    try {
      return { orchestrator: await createOrchestrator({ cwd, environment, config, persist }), failures };
    } catch (error) {
      const isStorage = error instanceof StorageError;
      failures.push(failed(isStorage ? 'database' : 'settings', error));
      if (isStorage) persist = false;
      else config = defaultConfig({ cwd, environment });
    }
  }
  return { failures };
}

/** None where nothing could be opened. */
export function toolNames(orchestrator: AgentOrchestrator | undefined): readonly string[] {
  return orchestrator?.coordinators.tool.list().map(({ name }) => name) ?? [];
}

/** The store, the coordinators, the extensions, the provider and the exporters of one that goes on afterwards. */
export async function checkRunning(orchestrator: AgentOrchestrator, config: LoadedConfig): Promise<Check[]> {
  const [health, provider, delivery] = await Promise.all([
    orchestrator.health(),
    checkProvider(orchestrator, config),
    checkDelivery(orchestrator.store),
  ]);
  const { notices, mended = [] } = orchestrator.store;
  const told = notices.map(
    (detail): Check => ({ name: 'database', status: mended.includes(detail) ? 'info' : 'failed', detail }),
  );
  const broken = told.some(({ status }) => status === 'failed');
  return [
    ...told,
    ...health.filter(({ kind }) => kind !== 'store' || !broken).map(asCheck),
    ...provider,
    ...delivery,
  ];
}

async function checkOrchestrator(orchestrator: AgentOrchestrator, config: LoadedConfig): Promise<Check[]> {
  try {
    return await checkRunning(orchestrator, config);
  } finally {
    await orchestrator.close();
  }
}

function asCheck({ kind, name, ok, detail }: HealthCheck): Check {
  const names: Partial<Record<HealthCheck['kind'], string>> = {
    store: 'database',
    coordinator: `${name} coordinator`,
  };
  const status = ok ? 'ok' : 'failed';
  return { name: names[kind] ?? `${kind.replace('-', ' ')} ${name}`, status, detail };
}

const noModel: Check = {
  name: 'model',
  status: 'info',
  detail:
    'none is set up: set ANTHROPIC_API_KEY or OPENAI_API_KEY, or start Ollama and run victor config set provider ollama; victor models shows every provider.',
};

/** Whether the server of a built-in provider can be connected to; nothing is asked of it, and no key is sent. */
async function checkProvider(
  { settings }: AgentOrchestrator,
  config: LoadedConfig,
): Promise<readonly Check[]> {
  const { provider: entry } = settings;
  if (entry !== undefined && isPath(resolveEntry(entry).name)) return [];
  const { environment } = config;
  const { provider } = chooseProvider({ settings, environment, access: await providerAccess(config) });
  const check = provider.check?.bind(provider);
  if (!check) return entry === undefined && provider.name === 'offline' ? [noModel] : [];
  const reach = async () => {
    try {
      return `${await check()}; nothing was sent`;
    } catch (error) {
      throw new ProviderError('network', (error as Error).message, {
        ...{ provider: provider.name, cause: error },
        advice: 'Start the model server, set baseURL to where it runs, or check the network connection.',
      });
    }
  };
  return [await look(`provider ${provider.name}`, reach)];
}
