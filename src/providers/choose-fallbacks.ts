import type { Settings } from '../config/schema.js';
import { VictorError } from '../core/errors.js';
import type { Provider } from '../core/provider.js';
import { type Circumstances, resolveProvider } from './choose-provider.js';

export interface Fallbacks {
  readonly fallback: readonly { readonly provider: Provider; readonly model: string }[];
  /** Why some of them cannot be asked, a line each. */
  readonly notices: readonly string[];
}

/** Who is asked in place of the chosen provider. One without a key is left out and told: it must not stop what works without it. */
export function chooseFallbacks(
  circumstances: Circumstances & { readonly settings: Pick<Settings, 'fallback'> },
  current: { readonly provider: Provider; readonly model: string },
): Fallbacks {
  const notices: string[] = [];
  const fallback = circumstances.settings.fallback.flatMap((name) => {
    try {
      return [resolveProvider({ ...circumstances, name, current })];
    } catch (error) {
      if (!(error instanceof VictorError)) throw error;
      notices.push(`The fallback ${name} cannot be asked: ${error.message} ${error.advice ?? ''}`.trim());
      return [];
    }
  });
  return { fallback, notices };
}
