import type { Settings } from './config/schema.js';
import type { AnalyticsCoordinatorOptions } from './coordinators/analytics.js';
import type { ProviderCoordinatorOptions } from './coordinators/provider.js';
import { SELECTION_TIMEOUT_MS, type ToolSelectionCoordinatorOptions } from './coordinators/tool-selection.js';
import type { Provider } from './core/provider.js';
import { contextWindow } from './providers/catalogue.js';
import { chooseFallbacks, type Fallbacks } from './providers/choose-fallbacks.js';
import { type Circumstances, chooseProvider, resolveProvider } from './providers/choose-provider.js';
import { listedModel } from './providers/listed-model.js';

/** What the settings say of analytics. */
export function analyticsOptions({
  analytics,
}: Settings): Pick<AnalyticsCoordinatorOptions, 'enabled' | 'maxWaitingEvents' | 'maxWaitingBytes'> {
  const { enabled, maxWaitingEvents, maxWaitingMegabytes } = analytics;
  return { enabled, maxWaitingEvents, maxWaitingBytes: maxWaitingMegabytes * 1_000_000 };
}

/** Milliseconds a strategy may take where its texts are compared by a server. */
const REMOTE_TIMEOUT_MS = 15_000;

/** What the settings say of tool selection, besides its strategy. */
export function selectionLimits({
  toolSelection,
  embedder,
}: Settings): Required<Pick<ToolSelectionCoordinatorOptions, 'maxTools' | 'timeoutMs'>> {
  const timeoutMs = typeof embedder === 'string' ? SELECTION_TIMEOUT_MS : REMOTE_TIMEOUT_MS;
  return { maxTools: toolSelection.maxTools, timeoutMs };
}

/** Who answers under these settings, and how another is found. Throws `ConfigError` when that cannot be. */
export function providerOptions(
  circumstances: Circumstances & { readonly settings: Settings },
  given: { readonly provider?: Provider | string; readonly model?: string },
): ProviderCoordinatorOptions & Fallbacks {
  const { settings } = circumstances;
  const { attempts, patientMinutes } = settings.network;
  const chosen = chooseProvider({ ...circumstances, provider: given.provider, model: given.model });
  return {
    ...chosen,
    ...chooseFallbacks(circumstances, chosen),
    resolve: async (name, current) => resolveProvider({ name, current, ...circumstances }),
    contextWindow: (model) => settings.contextWindow ?? contextWindow(model),
    prices: settings.prices,
    attempts,
    patientMs: (patientMinutes ?? 0) * 60_000,
    listPrice: (provider, model) => listedModel(provider, model)?.price,
  };
}
