import { providerAccess } from '../../config/provider-access.js';
import { ConfigError } from '../../core/errors.js';
import type { Provider } from '../../core/provider.js';
import { chooseProvider } from '../../providers/choose-provider.js';
import { listedModels } from '../../providers/listed-model.js';
import { detectLocalServers } from '../../providers/local-servers.js';
import { presets } from '../../providers/presets.js';
import { providersToSetUp } from '../../providers/providers-to-set-up.js';
import type { ModelChoice } from '../../ui/index.js';
import { detailsText, modelDetails } from '../model-details.js';
import type { ChatHostOptions } from './index.js';

/** Somebody waits for the list: what a server does not answer by then comes from the price list. */
const PATIENCE_MS = 2_500;

/**
 * Every model that could answer now: of the provider that does, of those whose key is there, and on this machine. Where
 * that is none, what could be set up.
 */
export async function modelChoices(
  sessionId: string,
  { orchestrator, cli }: ChatHostOptions,
): Promise<readonly ModelChoice[]> {
  const { settings, configuration, coordinators } = orchestrator;
  const { environment } = cli;
  const current = coordinators.provider.current(sessionId).provider;
  const withKey = Object.entries(presets).flatMap(([name, { apiKeyVariable, keyRequired }]) =>
    keyRequired && apiKeyVariable !== undefined && environment[apiKeyVariable] ? [name] : [],
  );
  const names = [...new Set([current, ...withKey])].filter((name) => name !== 'offline');
  const access = configuration ? await providerAccess(configuration) : {};
  const provide = (name: string) => {
    try {
      return chooseProvider({ settings, environment, access, provider: name }).provider;
    } catch (error) {
      if (error instanceof ConfigError) return undefined;
      throw error;
    }
  };
  const lists = await Promise.all(
    names.map(async (name) => {
      const provider = provide(name);
      const models = provider ? await modelsOf(provider) : listedModels(name);
      return models.map((model) => choice(name, model, provider, settings));
    }),
  );
  const servers = await detectLocalServers(new AbortController().signal);
  const local = servers
    .filter(({ provider }) => !names.includes(provider))
    .flatMap(({ models }) => models.map((name) => ({ name, about: 'runs on this machine' })));
  const running = servers.map(({ provider }) => provider);
  const toSetUp = names.length > 0 ? [] : providersToSetUp(environment, running);
  return [
    ...lists.flat(),
    ...local,
    ...toSetUp.map(({ name, needs, advice }) => ({ name, about: needs, toSetUp: advice })),
    { name: 'offline/extractive', about: 'no model: finds answers in the files of this folder' },
  ];
}

async function modelsOf(provider: Provider): Promise<readonly string[]> {
  const known = listedModels(provider.name);
  const asked = await provider.listModels?.(AbortSignal.timeout(PATIENCE_MS)).catch(() => []);
  return asked && asked.length > 0 ? asked : known;
}

function choice(
  name: string,
  model: string,
  provider: Provider | undefined,
  settings: Parameters<typeof modelDetails>[2],
): ModelChoice {
  const about = provider?.free ? 'costs nothing' : detailsText(modelDetails({ name }, model, settings));
  return { name: `${name}/${model}`, about };
}
