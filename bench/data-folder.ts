import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The folder itself where it `holds` what is looked for, else the first folder in it that does. */
export function dataFolder(folder: string, holds: (folder: string) => boolean): string {
  if (!existsSync(folder)) throw new Error(`${folder} does not exist.`);
  if (holds(folder)) return folder;
  const inside = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .find((path) => statSync(path).isDirectory() && holds(path));
  if (inside === undefined)
    throw new Error(`Neither ${folder} nor a folder in it holds what this bench reads.`);
  return inside;
}
