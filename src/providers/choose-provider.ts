import type { Settings } from '../config/schema.js';
import type { Provider } from '../core/provider.js';
import type { Traffic } from '../recording/traffic.js';
import { createProvider } from './create-provider.js';
import { OfflineProvider } from './offline.js';
import { isProviderName, presets } from './presets.js';

interface Chosen {
  readonly provider: Provider;
  readonly model: string;
}

/** What the configured provider needs and its settings do not say. */
export interface ProviderAccess {
  /** A key that is not in the environment. */
  readonly apiKey?: string | undefined;
  /** When a workspace chose the address: the only hosts, besides the provider's own, that may get a key. */
  readonly credentialHosts?: readonly string[] | undefined;
  /** Where relative paths in the provider's options start. */
  readonly baseDirectory?: string | undefined;
}

/** What a choice of provider rests on. */
export interface Circumstances {
  readonly settings: Pick<Settings, 'provider' | 'model' | 'baseURL' | 'network'>;
  readonly environment: NodeJS.ProcessEnv;
  readonly access?: ProviderAccess | undefined;
  /** Records or plays what would go over the network, whichever provider it is. */
  readonly traffic?: Traffic | undefined;
}

/**
 * Who answers when nobody switched: the provider that was passed, else the configured one, else the one whose
 * key is in the environment, else the embedded offline provider. A model may be written `provider/model`.
 */
export function chooseProvider(
  options: Circumstances & {
    readonly provider?: Provider | string | undefined;
    readonly model?: string | undefined;
  },
): Chosen {
  const { settings, environment } = options;
  if (typeof options.provider === 'object') {
    const { provider } = options;
    return {
      provider,
      model: options.model ?? settings.model ?? presets[provider.name]?.defaultModel ?? 'default',
    };
  }
  const asked = splitModel(options.model ?? settings.model);
  const name = options.provider ?? asked.provider ?? configuredName(settings) ?? nameByKey(environment);
  return make(name, asked.model, options);
}

/** The provider that `/model`, `switchTo` and the like name: `provider/model`, a provider, or a model of the current one. */
export function resolveProvider(
  options: Circumstances & { readonly name: string; readonly current: Chosen },
): Chosen {
  const { name, current } = options;
  if (isProviderName(name)) return make(name, undefined, options);
  const asked = splitModel(name);
  if (asked.provider && asked.provider !== current.provider.name)
    return make(asked.provider, asked.model, options);
  // A provider that serves only its own models has none with a slash: the name was meant for another provider.
  const slash = name.indexOf('/');
  if (slash > 0 && servesOwnModelsOnly(current.provider.name, options)) {
    return make(name.slice(0, slash), name.slice(slash + 1), options);
  }
  return { provider: current.provider, model: asked.model ?? current.model };
}

function servesOwnModelsOnly(name: string, { settings, environment }: Circumstances): boolean {
  if (settings.baseURL !== undefined) return false;
  if (name === 'anthropic') return !environment.ANTHROPIC_BASE_URL;
  if (name === 'openai') return !environment.OPENAI_BASE_URL;
  return name === 'offline';
}

function make(
  name: string,
  model: string | undefined,
  { settings, environment, access, traffic }: Circumstances,
): Chosen {
  if (name === 'offline') {
    const byKey = nameByKey(environment);
    const instead = byKey === 'offline' ? undefined : byKey;
    return { provider: new OfflineProvider({ instead }), model: 'extractive' };
  }
  // A key file and an address belong to the provider they were configured for, and to no other.
  const configured = name === homeOf(settings, environment);
  const options = typeof settings.provider === 'object' && configured ? settings.provider[1] : undefined;
  const provider = createProvider({
    name,
    environment,
    network: settings.network,
    traffic,
    ...(configured ? access : {}),
    ...(configured && settings.baseURL ? { baseURL: settings.baseURL } : {}),
    ...(options ? { options } : {}),
  });
  return { provider, model: model ?? presets[name]?.defaultModel ?? 'default' };
}

/** The one provider that `apiKeyFile` and `baseURL` are for: the one that would answer if nobody chose another. */
export function homeOf(settings: Circumstances['settings'], environment: NodeJS.ProcessEnv): string {
  return configuredName(settings) ?? splitModel(settings.model).provider ?? nameByKey(environment);
}

function configuredName({ provider }: Pick<Settings, 'provider'>): string | undefined {
  return typeof provider === 'object' ? provider[0] : provider;
}

function nameByKey(environment: NodeJS.ProcessEnv): string {
  if (environment.ANTHROPIC_API_KEY) return 'anthropic';
  return environment.OPENAI_API_KEY ? 'openai' : 'offline';
}

/** `provider/model` when the part before the first slash is a provider; model names may hold slashes themselves. */
function splitModel(name: string | undefined): { provider?: string; model?: string } {
  if (name === undefined) return {};
  const slash = name.indexOf('/');
  const provider = name.slice(0, Math.max(slash, 0));
  return isProviderName(provider) ? { provider, model: name.slice(slash + 1) } : { model: name };
}
