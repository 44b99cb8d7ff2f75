import { statSync } from 'node:fs';
import type { LoadedConfig } from './config/load.js';
import type { PromptCommands } from './core/prompt-command.js';
import type { Skills } from './core/skill.js';
import type { Place } from './front-matter/place.js';
import { PromptFiles } from './prompt-commands/index.js';
import { commandPlaces, skillPlaces } from './prompt-commands/places.js';
import { SkillFiles } from './prompt-commands/skill-files.js';

type Around = Pick<LoadedConfig, 'environment' | 'paths' | 'trusted' | 'workspaceRoot'>;

/** The skills that a model may load here, where there are any, and a sentence for each that is left out. */
export async function openSkills(
  config: Around,
  cwd: string,
): Promise<{ readonly skills?: Skills; readonly problems: readonly string[] }> {
  const places = readable(skillPlaces(config, cwd), config).filter(isThere);
  if (places.length === 0) return { problems: [] };
  const files = new SkillFiles(places);
  const { skills, problems } = await files.look();
  return skills.length === 0 ? { problems } : { skills: files, problems };
}

/** The custom commands and skills that the user may call by name; `undefined` where there is no folder of them. */
export function openPromptCommands(
  config: Around,
  cwd: string,
  taken: ReadonlySet<string>,
): PromptCommands | undefined {
  const [commands, skills] = [commandPlaces(config, cwd), skillPlaces(config, cwd)];
  if (![...commands, ...skills].some(isThere)) return undefined;
  return new PromptFiles({
    taken,
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
