import { dirname } from 'node:path';
import { findFiles } from '../../tools/find-files.js';
import { withSearchRoot } from '../../tools/search-root.js';
import { type Candidate, candidateOf } from './fuzzy.js';

/** More files than this are not offered. */
const mostFiles = 300_000;
const timeoutMs = 30_000;
/** Names that cannot be typed, or would not mean what they show. */
const untypable = /[\p{Cc}\p{Cf}\ufffd"]/u;

/** The files below a folder that git would not ignore, and their folders, which end with a slash. Rejects where there is no such folder. */
export function listPaths(folder: string, signal: AbortSignal): Promise<readonly Candidate[]> {
  return withSearchRoot(undefined, { cwd: folder }, async (root) => {
    const candidates: Candidate[] = [];
    const folders = new Set<string>(['.']);
    const addFolder = (path: string) => {
      if (folders.has(path)) return;
      folders.add(path);
      candidates.push(candidateOf(`${path}/`));
      addFolder(dirname(path));
    };
    const take = (bytes: Buffer) => {
      const path = bytes.toString();
      if (untypable.test(path)) return true;
      candidates.push(candidateOf(path));
      addFolder(dirname(path));
      return candidates.length < mostFiles;
    };
    await findFiles({ root, workspace: folder, timeoutMs, signal, take });
    return candidates;
  });
}
