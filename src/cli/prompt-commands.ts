import { existsSync } from 'node:fs';
import type { LoadedConfig } from '../config/load.js';
import { ConfigError } from '../core/errors.js';
import type { ExpandedPrompt, PromptCommands } from '../core/prompt-command.js';
import { openPromptCommands } from '../open-prompt-commands.js';
import type { AgentOrchestrator } from '../orchestrator.js';

/** Of a list in a message. */
const MOST_NAMES = 12;

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

export interface CalledPrompt {
  readonly expanded?: ExpandedPrompt;
  /** Sentences about files: of a call of what is not there, why files are left out. */
  readonly problems?: readonly string[];
  /** Why the message is not sent: it calls what is not there, and a model would guess what was meant. */
  readonly refusal?: ConfigError;
}

/** What a message comes to that calls a custom command or a skill by its name; nothing of one that calls none. */
export async function expandPrompt(
  text: string,
  { configuration, settings }: Pick<AgentOrchestrator, 'configuration' | 'settings'>,
  cwd: string,
): Promise<CalledPrompt> {
  const call = text.trim();
  const { isCommand } = await import('../ui/index.js');
  if (!isCommand(call)) return {};
  const [, word = '', given = ''] = /^\/(\S+)(?:\s+([\s\S]*))?$/.exec(call) ?? [];
  const commands = await promptCommandsHere({ configuration }, cwd);
  const name = word.toLowerCase();
  const expanded = await commands?.expand(name, given);
  const listed = commands?.list() ?? [];
  const problems = commands?.problems() ?? [];
  const file = listed.find((one) => one.name === name)?.file;
  if (expanded) return { expanded, problems: problems.filter((problem) => problem.startsWith(`${file}:`)) };
  // The beginning of a path is a message: `/usr is full?`
  if (existsSync(`/${word}`)) return { problems };
  const names = listed.map((one) => one.name);
  return { problems, refusal: await refusalOf(word, names, Object.keys(settings.workflows)) };
}

async function refusalOf(
  word: string,
  names: readonly string[],
  workflows: readonly string[],
): Promise<ConfigError> {
  const { commandNames, suggestion } = await import('../ui/index.js');
  const refusal = (what: string, advice: string) =>
    new ConfigError(what, { advice: `${advice.trim()} To send it as it is, put a word before it.` });
  if (workflows.includes(word))
    return refusal(`/${word} is a workflow and no command`, `Run it with victor run ${word}.`);
  if (commandNames.has(word.toLowerCase()))
    return refusal(`/${word} is a command of a chat`, 'Type it in victor chat.');
  const near = suggestion(word, names, '/') || suggestion(word, workflows, 'victor run ');
  const some = names.slice(0, MOST_NAMES).map((name) => `/${name}`);
  const more = names.length > MOST_NAMES ? ' and more' : '';
  const list = names.length === 0 ? 'There are none here.' : `There are ${some.join(', ')}${more}.`;
  return refusal(`there is no command /${word}`, near || list);
}
