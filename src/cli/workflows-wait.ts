import type { AgentOrchestrator } from '../orchestrator.js';

/** Whether the folder brings workflows that count only once the user has confirmed them. */
export function workflowsWait({ configuration }: Pick<AgentOrchestrator, 'configuration'>): boolean {
  return (configuration?.unconfirmed ?? []).some(({ key }) => /^workflows(?:\W|$)/.test(key));
}

export const trustWorkflows =
  'This folder brings workflows that wait for you: victor trust shows and confirms them, --trust lets them run this once.';
