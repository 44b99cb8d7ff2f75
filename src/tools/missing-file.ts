import { opendir, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { FileError } from './file-error.js';
import { absolutePath, shownPath } from './resolve-path.js';
import { shownName } from './shown-name.js';
import { similarityTo } from './similarity.js';

/** Names looked at in the folder, and names offered. */
const LOOK_AT = 2_000;
const OFFER = 3;
const ALIKE = 0.4;

/** Says that a file is missing and what could have been meant instead. */
export async function missingFile(path: string, cwd: string): Promise<FileError> {
  const absolute = absolutePath(path, cwd);
  const folder = dirname(absolute);
  const message = `${path} does not exist.`;
  const existing = await nearestFolder(folder);
  if (existing !== folder) {
    const shown = shownPath(existing, cwd);
    return missing(
      message,
      `Its folder does not exist either; List ${shown} shows the nearest one that does.`,
    );
  }
  const near = await nearestNames(folder, basename(absolute));
  if (near.length === 0)
    return missing(message, `Use List on ${shownPath(folder, cwd)} to see what is there.`);
  return missing(message, `Names like it in ${shownPath(folder, cwd)}: ${near.join(', ')}`);
}

function missing(message: string, advice: string): FileError {
  return new FileError('missing', message, { advice, errno: 'ENOENT' });
}

async function nearestFolder(folder: string): Promise<string> {
  for (let current = folder; ; current = dirname(current)) {
    const found = await stat(current).catch(() => undefined);
    if (found?.isDirectory() || current === dirname(current)) return current;
  }
}

async function nearestNames(folder: string, wanted: string): Promise<string[]> {
  const likeness = similarityTo(wanted.toLowerCase());
  const found: { name: string; score: number }[] = [];
  try {
    let looked = 0;
    for await (const entry of await opendir(folder)) {
      const score = likeness(entry.name.toLowerCase());
      if (score >= ALIKE) found.push({ name: entry.name, score });
      looked += 1;
      if (looked >= LOOK_AT) break;
    }
  } catch {
    return [];
  }
  found.sort((a, b) => b.score - a.score || (a.name < b.name ? -1 : 1));
  return found.slice(0, OFFER).map(({ name }) => shownName(name));
}
