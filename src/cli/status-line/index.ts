import type { AgentOrchestrator } from '../../orchestrator.js';
import type { RunStatusCommand } from '../../ui/index.js';

/** The command of the setting `statusLine`, as it stands when it is run; what runs it is loaded only where there is one. */
export function statusCommandOf(
  orchestrator: AgentOrchestrator,
  cwd: string,
  environment: NodeJS.ProcessEnv,
): RunStatusCommand {
  return async (facts, signal) => {
    const { settings } = orchestrator;
    const command = settings.statusLine?.command;
    if (command === undefined) return undefined;
    const { runStatusLine } = await import('../chat-host/parts.js');
    return runStatusLine(command, facts, { cwd, environment, settings, signal });
  };
}
