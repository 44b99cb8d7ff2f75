import type { Settings } from '../config/schema.js';
import { ConfigError, MissingKeyError } from '../core/errors.js';
import type { Provider } from '../core/provider.js';
import { isLoopback } from '../http/loopback.js';
import type { Traffic } from '../recording/traffic.js';
import { AnthropicProvider } from './anthropic.js';
import { httpFetch } from './http-fetch.js';
import { type OpenAIApi, OpenAIProvider } from './openai.js';
import { type Preset, presets } from './presets.js';
import { shownURL } from './provider-errors.js';
import { readScript } from './script-file.js';
import { ScriptedProvider } from './scripted.js';
import { unknownProvider } from './unknown-provider.js';

export interface CreateProviderOptions {
  /** A preset's name, or `scripted`. */
  readonly name: string;
  /** Absent: from the environment variable of the preset. */
  readonly apiKey?: string | undefined;
  /** Absent: `ANTHROPIC_BASE_URL` or `OPENAI_BASE_URL` for those two, else the preset's own. */
  readonly baseURL?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** How long it is waited for; the usual times when absent. */
  readonly network?: Settings['network'] | undefined;
  /** What the `[name, { … }]` entry says: `baseURL`, `headers`, `apiKeyVariable`, `api`; for `scripted`: `script`. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** Where relative paths in `options` start. */
  readonly baseDirectory?: string | undefined;
  /**
   * When given, a key goes only to the preset's own host, to this machine, and to these hosts. Pass it when `baseURL`
   * may come from a workspace.
   */
  readonly credentialHosts?: readonly string[] | undefined;
  /** Records or plays what would go over the network. */
  readonly traffic?: Traffic | undefined;
}

/** Makes a provider by name. Nothing is loaded and nothing is sent yet. Throws a `ConfigError` that says what to set. */
export function createProvider(request: CreateProviderOptions): Provider {
  const { name, environment, traffic } = request;
  if (name === 'scripted') {
    const { script = [] } = request.options ?? {};
    return new ScriptedProvider({ script: readScript(script, request.baseDirectory ?? '.') });
  }
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (!preset) throw unknownProvider(name);
  const options = presetOptions(request.options ?? {}, name, preset);
  const baseURL = checkedURL(
    traffic?.baseURLOf(name) ??
      request.baseURL ??
      options.baseURL ??
      fromEnvironment(name, environment) ??
      preset.baseURL,
    name,
  );
  const apiKeyVariable = options.apiKeyVariable ?? preset.apiKeyVariable;
  const given = request.apiKey || (apiKeyVariable ? environment[apiKeyVariable] : undefined);
  // Nobody sees the key of a provider that is played.
  const found = traffic?.offline ? undefined : given;
  // A key from a file ends with a line break.
  const apiKey = found?.trim() || undefined;
  if (apiKey) refuseStrangers(baseURL, preset, request);
  if (!apiKey && !traffic?.offline && preset.keyRequired && isHostOf(preset, baseURL)) {
    throw missingKey(name, apiKeyVariable);
  }

  const patience = timeouts(request, preset);
  const fetch = traffic?.fetch({ provider: name, baseURL }, httpFetch({ provider: name, ...patience }));
  const shared = { name, baseURL, apiKeyVariable, headers: options.headers, ...patience, fetch };
  const provider: Provider =
    preset.dialect === 'anthropic'
      ? new AnthropicProvider({ ...shared, apiKey: apiKey ?? 'none' })
      : new OpenAIProvider({ ...shared, apiKey, api: options.api });
  const check = async () => (await import('../http/check-connection.js')).checkConnection(baseURL);
  return Object.assign(provider, traffic?.offline ? { free: true } : { check });
}

/** A local server may be loading a model before it answers. */
function timeouts({ network }: CreateProviderOptions, { local }: Preset) {
  if (!network) return local ? { firstByteTimeoutMs: 600_000 } : {};
  const { connectTimeoutMs, idleTimeoutMs, pingTimeoutMs } = network;
  const firstByteTimeoutMs = local ? idleTimeoutMs * 10 : idleTimeoutMs;
  return { connectTimeoutMs, firstByteTimeoutMs, idleTimeoutMs, progressTimeoutMs: pingTimeoutMs };
}

interface PresetOptions {
  readonly baseURL?: string;
  readonly apiKeyVariable?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly api?: OpenAIApi;
}

function presetOptions(
  options: Readonly<Record<string, unknown>>,
  name: string,
  { dialect }: Preset,
): PresetOptions {
  for (const [key, value] of Object.entries(options)) {
    if (isOption(key, value, dialect)) continue;
    const api = dialect === 'openai' ? ', and api (chat or responses)' : '';
    throw new ConfigError(`The provider ${name} does not take ${key} as it is given.`, {
      key: `provider.${key}`,
      advice: `Its options are baseURL and apiKeyVariable (text), headers (names with texts)${api}.`,
    });
  }
  return options;
}

function isOption(key: string, value: unknown, dialect: Preset['dialect']): boolean {
  switch (key) {
    case 'baseURL':
    case 'apiKeyVariable':
      return typeof value === 'string';
    case 'headers':
      return (
        typeof value === 'object' &&
        value !== null &&
        Object.values(value).every((one) => typeof one === 'string')
      );
    case 'api':
      return dialect === 'openai' && (value === 'chat' || value === 'responses');
    default:
      return false;
  }
}

/** The environment is the user's own word, so that an address from there may get the key. */
function fromEnvironment(
  name: string,
  environment: CreateProviderOptions['environment'],
): string | undefined {
  if (name === 'anthropic') return environment.ANTHROPIC_BASE_URL || undefined;
  return name === 'openai' ? environment.OPENAI_BASE_URL || undefined : undefined;
}

function checkedURL(text: string, name: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text.replace(/\/+$/, '');
  throw new ConfigError(`The base URL of ${name} is no http or https address.`, {
    key: 'baseURL',
    advice: `Set baseURL to something like ${presets[name]?.baseURL}.`,
  });
}

function refuseStrangers(baseURL: string, preset: Preset, request: CreateProviderOptions): void {
  const { credentialHosts, name } = request;
  const { hostname, host } = new URL(baseURL);
  const isKnown = isHostOf(preset, baseURL) || isLoopback(hostname);
  if (!credentialHosts || isKnown || credentialHosts.includes(hostname) || credentialHosts.includes(host))
    return;
  throw new ConfigError(
    `The key of ${name} is not sent to ${shownURL(baseURL)}, which is not one of its hosts.`,
    {
      key: 'credentialHosts',
      advice: `If you trust it, add ${host} to credentialHosts in your user configuration.`,
    },
  );
}

function isHostOf(preset: Preset, baseURL: string): boolean {
  return new URL(preset.baseURL).origin === new URL(baseURL).origin;
}

function missingKey(name: string, variable: string | undefined): ConfigError {
  return new MissingKeyError(`The provider ${name} needs a key.`, {
    key: 'provider',
    advice: `Set ${variable ?? 'its key variable'} in the environment, or apiKeyFile in your configuration.`,
  });
}
