import type { AgentOrchestrator } from '../../orchestrator.js';
import type { Host } from '../../ui/index.js';
import type { CommandLine } from '../command-line.js';

export interface ChatHostOptions {
  readonly orchestrator: AgentOrchestrator;
  /** Absolute. */
  readonly cwd: string;
  readonly cli: CommandLine;
  /** Sessions go to the database. */
  readonly stored: boolean;
}

const parts = () => import('./parts.js');

/** What the slash commands of the chat take from the command line, loaded when it is first asked. */
export function createChatHost(options: ChatHostOptions): Host {
  return {
    about: async () => (await parts()).about(options),
    statistics: async (request) => (await parts()).statistics(request, options),
    keptPermissions: async () => (await parts()).keptPermissions(options),
    explainCommand: async (command, sessionId, columns) =>
      (await parts()).explainCommand(command, sessionId, columns, options),
    checkHealth: async (tell) => (await parts()).checkHealth(tell, options),
    openInBrowser: async (address) => (await parts()).openInBrowser(address, options.cli.environment),
    models: async (sessionId) => (await parts()).modelChoices(sessionId, options),
  };
}
