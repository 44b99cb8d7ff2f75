import { readdirSync } from 'node:fs';

/** Sticky, which means nothing in a folder that nobody else may write, so nobody makes one: the mark. */
export const HELD_NAME_MODE = 0o1700;
/** What may be in such a folder: who holds names here, and in the sandbox what makes git pass it over. */
const inside = /^(?:(?:held|leaving)(?:-\d+){3}|\.gitignore)$/;

/**
 * Whether a folder only keeps a name free while commands run in the sandbox, so that they cannot make something of that
 * name: to everybody else nothing is there. Only a folder with the mark is looked into.
 */
export function isHeldName(
  path: string,
  stats: { readonly mode: number; isDirectory(): boolean } | undefined,
): boolean {
  if (!stats?.isDirectory() || (stats.mode & 0o1022) !== 0o1000) return false;
  try {
    return readdirSync(path).every((name) => inside.test(name));
  } catch {
    return false;
  }
}
