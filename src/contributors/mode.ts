import type { Mode } from '../core/coordinator.js';
import type { PromptContributor } from '../core/extension.js';
import { modeMeanings } from '../permissions/mode-meanings.js';

/**
 * Says what the session's mode allows. Volatile: users change the mode often, and in the system prompt each change
 * would cost the cache of the whole conversation.
 */
export function createModeContributor(): PromptContributor {
  return {
    name: 'mode',
    priority: 30,
    getContribution({ mode = '' }) {
      const meaning = Object.hasOwn(modeMeanings, mode) ? modeMeanings[mode as Mode].toModel : undefined;
      return { section: 'mode', text: meaning ? `Mode ${mode}: ${meaning}` : '', volatile: true };
    },
  };
}
