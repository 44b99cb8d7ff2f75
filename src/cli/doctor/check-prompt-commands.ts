import type { LoadedConfig } from '../../config/load.js';
import { promptCommandsOf } from '../prompt-commands.js';
import type { Check } from './check.js';

/** How many custom commands and skills there are, and which files cannot be used as they are. */
export async function checkPromptCommands(config: LoadedConfig, cwd: string): Promise<readonly Check[]> {
  const commands = await promptCommandsOf(config, cwd);
  if (!commands) return [];
  await commands.refresh();
  const all = commands.list();
  const skills = all.filter(({ kind }) => kind === 'skill').length;
  const detail = `custom commands: ${all.length - skills}, skills: ${skills}`;
  const name = 'commands and skills';
  return [
    { name, status: 'ok', detail },
    ...commands.problems().map((problem): Check => ({ name, status: 'info', detail: problem })),
  ];
}
