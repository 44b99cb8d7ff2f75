import type { LoadedConfig } from '../config/load.js';
import type { ExpandedPrompt, PromptCommands } from '../core/prompt-command.js';
import { openPromptCommands } from '../open-prompt-commands.js';
import type { AgentOrchestrator } from '../orchestrator.js';

/** The custom commands and skills of a folder; Victor's own commands keep their names. */
export async function promptCommandsOf(
  config: LoadedConfig,
  cwd: string,
): Promise<PromptCommands | undefined> {
  const { commandNames } = await import('../ui/index.js');
  return openPromptCommands(config, cwd, commandNames);
}

export async function promptCommandsHere(
  { configuration }: Pick<AgentOrchestrator, 'configuration'>,
  cwd: string,
): Promise<PromptCommands | undefined> {
  return configuration && promptCommandsOf(configuration, cwd);
}

/**
 * What a message comes to that calls a custom command or a skill by its name, with what is to say about its file. For one that
 * calls none although it looks so, what is to say is why files are left out.
 */
export async function expandPrompt(
  text: string,
  orchestrator: Pick<AgentOrchestrator, 'configuration'>,
  cwd: string,
): Promise<{ readonly expanded?: ExpandedPrompt; readonly problems?: readonly string[] }> {
  const [, name, given = ''] = /^\/([a-z][\w-]*(?::[\w-]+)*)(?:\s+([\s\S]*))?$/i.exec(text.trim()) ?? [];
  if (name === undefined) return {};
  const commands = await promptCommandsHere(orchestrator, cwd);
  if (!commands) return {};
  const called = name.toLowerCase();
  const expanded = await commands.expand(called, given);
  if (!expanded) return { problems: commands.problems() };
  const file = commands.list().find((one) => one.name === called)?.file;
  return { expanded, problems: commands.problems().filter((problem) => problem.startsWith(`${file}:`)) };
}
