import { realpathSync } from 'node:fs';
import { isInside } from '../config/workspace-root.js';

/** A folder that may hold files with front matter: skills, commands or agents. */
export interface Place {
  /** Absolute. */
  readonly directory: string;
  readonly origin: 'user' | 'project';
  /** Real path that nothing in it may lead out of; absent for the user's own. */
  readonly within?: string;
}

/** Those that may be gone through: one of a project may be a link that leads anywhere, which is told. */
export function openPlaces(places: readonly Place[], problems: string[]): readonly Place[] {
  return places.filter(({ directory, within }) => {
    const real = realOf(directory);
    if (real === undefined) return false;
    if (within === undefined || isInside(real, within)) return true;
    problems.push(
      `${directory}: not read, because it leads out of the workspace. Put the folder itself there.`,
    );
    return false;
  });
}

/** Whether two paths are one file by two ways, as where one program's folder is a link to another's. */
export function isSameFile(one: string, other: string): boolean {
  return one === other || (realOf(one) ?? one) === realOf(other);
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
