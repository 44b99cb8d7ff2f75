import type { HealthLine } from '../../ui/index.js';
import { checkAgents } from '../doctor/check-agents.js';
import { checkCommandEnvironment } from '../doctor/check-command-environment.js';
import { checkHooks } from '../doctor/check-hooks.js';
import { checkPromptCommands } from '../doctor/check-prompt-commands.js';
import { checkSandbox } from '../doctor/check-sandbox.js';
import { checkRunningServers } from '../doctor/check-servers.js';
import { checkSystem } from '../doctor/check-system.js';
import { checkConfiguration, checkRunning, toolNames } from '../doctor/check-workspace.js';
import type { ChatHostOptions } from './index.js';

/** The checks of `victor doctor`, over the orchestrator that runs. */
export async function checkHealth(
  tell: (group: string, lines: readonly HealthLine[]) => void,
  { orchestrator, cwd, cli }: ChatHostOptions,
): Promise<void> {
  const { environment } = cli;
  const workspace = async () => {
    const { config, seen } = await checkConfiguration({ cwd, environment });
    const running = orchestrator.configuration ?? config;
    const confined = await checkSandbox(running, cwd);
    const files = [
      ...(await checkHooks(running, cwd)),
      ...(await checkPromptCommands(running, cwd)),
      ...(await checkAgents(running, toolNames(orchestrator))),
    ];
    tell('settings', [...seen, confined, checkCommandEnvironment(running), ...files]);
    const servers = checkRunningServers(orchestrator.toolServers?.list() ?? []);
    tell('this chat', [...(await checkRunning(orchestrator, running)), ...servers]);
  };
  await Promise.all([checkSystem(cwd, cli).then((seen) => tell('system', seen)), workspace()]);
}
