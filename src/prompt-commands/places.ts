import { join } from 'node:path';
import type { LoadedConfig } from '../config/load.js';
import { homeDirectory } from '../config/paths.js';
import { promptFolders } from '../config/prompt-folders.js';
import { ancestors, isInside, realDirectory } from '../config/workspace-root.js';
import type { Place } from '../front-matter/place.js';

type Around = Pick<LoadedConfig, 'environment' | 'paths' | 'trusted' | 'workspaceRoot'>;

/** Where skills are looked for: the user's, then a project's from the working folder up. */
export function skillPlaces(config: Around, cwd: string): readonly Place[] {
  const home = homeDirectory(config.environment);
  const own = ['.agents', '.claude'].map(
    (name): Place => ({ directory: join(home, name, 'skills'), origin: 'user' }),
  );
  return unlike([...own, ...projectPlaces(config, cwd, promptFolders.skills)]);
}

/** Where custom commands are looked for. */
export function commandPlaces(config: Around, cwd: string): readonly Place[] {
  const own: Place = { directory: join(config.paths.configDirectory, 'commands'), origin: 'user' };
  return unlike([own, ...projectPlaces(config, cwd, promptFolders.commands)]);
}

function projectPlaces({ workspaceRoot }: Around, cwd: string, names: readonly string[]): Place[] {
  const real = realDirectory(cwd);
  const folders = isInside(real, workspaceRoot) ? ancestors(real, workspaceRoot) : [real];
  return folders.flatMap((folder) =>
    names.map((name): Place => ({ directory: join(folder, name), origin: 'project', within: workspaceRoot })),
  );
}

/** Whoever works in their home folder has each of theirs once. */
function unlike(places: readonly Place[]): readonly Place[] {
  return places.filter(
    ({ directory }, index) => places.findIndex((one) => one.directory === directory) === index,
  );
}
