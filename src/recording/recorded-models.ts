import type { Playable } from './player.js';
import type { Traffic } from './traffic.js';

/** A name that goes to a provider and onto the screen, and is nothing else. */
const modelName = /^[^\p{C}]{1,200}$/u;

/**
 * The settings that a recording implies: its first provider and model, and in their order the other
 * providers, and models that were asked after a failure. Its addresses are none of them: they stay with the player.
 */
export function recordedModels(exchanges: readonly Playable[]): Traffic['settings'] {
  const names = exchanges.map(nameOf);
  const [first = ''] = names;
  const fallback = names.filter((name, index) => {
    const before = exchanges[index - 1];
    if (!before || name === names[index - 1] || name === first) return false;
    return hasFailed(before) || before.request.provider !== exchanges[index]!.request.provider;
  });
  return {
    provider: exchanges[0]!.request.provider,
    ...(first.includes('/') ? { model: first } : {}),
    fallback: [...new Set(fallback)],
  };
}

/** `provider/model`, or the provider where no model is named. */
function nameOf({ request: { provider, body } }: Playable): string {
  const model = (body as { model?: unknown } | null | undefined)?.model;
  return typeof model === 'string' && modelName.test(model) ? `${provider}/${model}` : provider;
}

function hasFailed({ answer, end }: Playable): boolean {
  return typeof end !== 'string' || !answer || answer.status >= 400;
}
