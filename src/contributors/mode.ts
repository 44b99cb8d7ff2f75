import type { Mode } from '../core/coordinator.js';
import type { PromptContributor } from '../core/extension.js';

/** What each mode means for the model; what holds is decided by the mode coordinator, whatever the model reads here. */
const meanings: Readonly<Record<Mode, string>> = {
  ask: 'Reading runs at once. Victor itself asks the user before each edit and command, so do not ask in words.',
  'accept-edits':
    'Reading and edits run at once. Victor itself asks the user before each command, so do not ask in words.',
  plan: 'Only reading runs; edits and commands are refused. Explore, then present a plan; the user changes the mode when it is to be carried out.',
  'read-only': 'Only reading runs; edits and commands are refused. Say what you would change instead.',
  yolo: 'Everything runs without asking. Take care with what cannot be undone.',
};

/**
 * Says what the session's mode allows. Volatile: users change the mode often, and in the system prompt each change
 * would cost the cache of the whole conversation.
 */
export function createModeContributor(): PromptContributor {
  return {
    name: 'mode',
    priority: 30,
    getContribution({ mode = '' }) {
      const meaning = Object.hasOwn(meanings, mode) ? meanings[mode as Mode] : undefined;
      return { section: 'mode', text: meaning ? `Mode ${mode}: ${meaning}` : '', volatile: true };
    },
  };
}
