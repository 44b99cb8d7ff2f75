import type { PartialSettings } from '../config/schema.js';
import type { CurrentProvider } from '../core/coordinator.js';
import { ConfigError } from '../core/errors.js';
import { providerNames, unknownProvider } from '../providers/unknown-provider.js';

/** Providers that serve only their own models, whose names hold no slash. */
const ownModelsOnly = new Set(['anthropic', 'openai', 'offline']);

/** `provider/model`, a provider alone, or a model of the configured provider; model names may hold slashes too. */
export function modelSettings(text: string): PartialSettings {
  const slash = text.indexOf('/');
  const provider = slash < 0 ? text : text.slice(0, slash);
  if (!providerNames.includes(provider)) return { model: text };
  const model = slash < 0 ? '' : text.slice(slash + 1);
  return model === '' ? { provider } : { provider, model };
}

/**
 * A model name that nobody is going to read would be silently ignored, and a misspelt provider would be sent
 * to another one as a model. Throws ConfigError for both.
 */
export function checkModelFlag(text: string, current: CurrentProvider, baseURL: string | undefined): void {
  const { provider, model } = modelSettings(text);
  if (provider !== undefined || model === undefined) return;
  const slash = text.indexOf('/');
  if (slash > 0 && ownModelsOnly.has(current.provider) && baseURL === undefined) {
    throw unknownProvider(text.slice(0, slash));
  }
  if (current.provider === 'offline') {
    throw new ConfigError(`there is no provider to serve the model "${text}"`, {
      advice: 'Name one, as in --model ollama/llama3.2, or set ANTHROPIC_API_KEY or OPENAI_API_KEY.',
    });
  }
}
