import type { PromptContributor } from '../core/extension.js';

/** Ends the system prompt with what the user wrote under `prompt.append`. */
export function createSettingsPromptContributor(options: {
  readonly append?: string | undefined;
}): PromptContributor {
  const text = options.append ?? '';
  return {
    name: 'settings-prompt',
    priority: 0,
    getContribution: () => ({ section: 'settings-prompt', text }),
  };
}
