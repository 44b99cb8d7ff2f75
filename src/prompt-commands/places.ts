import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedConfig } from '../config/load.js';
import { homeDirectory } from '../config/paths.js';
import { ancestors, isInside, realDirectory } from '../config/workspace-root.js';

/** A folder that may hold skills or commands. */
export interface Place {
  /** Absolute. */
  readonly directory: string;
  readonly origin: 'user' | 'project';
  /** Real path that nothing in it may lead out of; absent for the user's own. */
  readonly within?: string;
}

type Around = Pick<LoadedConfig, 'environment' | 'paths' | 'trusted' | 'workspaceRoot'>;

/** Where skills are looked for: the user's, then a project's from the working folder up. */
export function skillPlaces(config: Around, cwd: string): readonly Place[] {
  const home = homeDirectory(config.environment);
  const own = ['.agents', '.claude'].map(
    (name): Place => ({ directory: join(home, name, 'skills'), origin: 'user' }),
  );
  return unlike([...own, ...projectPlaces(config, cwd, ['.agents/skills', '.claude/skills'])]);
}

/** Where custom commands are looked for. */
export function commandPlaces(config: Around, cwd: string): readonly Place[] {
  const own: Place = { directory: join(config.paths.configDirectory, 'commands'), origin: 'user' };
  return unlike([own, ...projectPlaces(config, cwd, ['.victor/commands'])]);
}

function projectPlaces({ workspaceRoot }: Around, cwd: string, names: readonly string[]): Place[] {
  const real = realDirectory(cwd);
  const folders = isInside(real, workspaceRoot) ? ancestors(real, workspaceRoot) : [real];
  return folders.flatMap((folder) =>
    names.map((name): Place => ({ directory: join(folder, name), origin: 'project', within: workspaceRoot })),
  );
}

/** Whether a folder may be gone through: one of a project may be a link that leads anywhere. */
export function staysInside({ directory, within }: Place): boolean {
  if (within === undefined) return true;
  try {
    return isInside(realpathSync.native(directory), within);
  } catch {
    return false;
  }
}

/** Whoever works in their home folder has each of theirs once. */
function unlike(places: readonly Place[]): readonly Place[] {
  return places.filter(
    ({ directory }, index) => places.findIndex((one) => one.directory === directory) === index,
  );
}
