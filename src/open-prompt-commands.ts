import { statSync } from 'node:fs';
import type { LoadedConfig } from './config/load.js';
import type { PromptCommands } from './core/prompt-command.js';
import type { Skills } from './core/skill.js';
import { PromptFiles } from './prompt-commands/index.js';
import { commandPlaces, type Place, skillPlaces } from './prompt-commands/places.js';
import { SkillFiles } from './prompt-commands/skill-files.js';

type Around = Pick<LoadedConfig, 'environment' | 'paths' | 'trusted' | 'workspaceRoot'>;

/** The skills that a model may load here; `undefined` where there are none. */
export async function openSkills(config: Around, cwd: string): Promise<Skills | undefined> {
  const places = readable(skillPlaces(config, cwd), config).filter(isThere);
  if (places.length === 0) return undefined;
  const skills = new SkillFiles(places);
  return (await skills.list()).length === 0 ? undefined : skills;
}

/** The custom commands and skills that the user may call by name; `undefined` where there is no folder of them. */
export function openPromptCommands(
  config: Around,
  cwd: string,
  taken: ReadonlySet<string>,
): PromptCommands | undefined {
  const [commands, skills] = [commandPlaces(config, cwd), skillPlaces(config, cwd)];
  const there = [...commands, ...skills].filter(isThere);
  if (there.length === 0) return undefined;
  const left = there.filter((place) => readable([place], config).length === 0);
  const notices = left.map(
    ({ directory }) =>
      `${directory}: not read until this folder is trusted. Run \`victor trust\` to use what is in it.`,
  );
  return new PromptFiles({
    ...{ taken, notices },
    commands: readable(commands, config),
    skills: readable(skills, config),
  });
}

/** What a project has is read in a trusted folder only: the model does what it says. */
function readable(places: readonly Place[], { trusted }: Around): readonly Place[] {
  return places.filter(({ origin }) => origin === 'user' || trusted);
}

function isThere({ directory }: Place): boolean {
  try {
    return statSync(directory, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    // A file stands where the folder above it should be, or it may not be looked into.
    return false;
  }
}
