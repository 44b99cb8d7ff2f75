import { findRipgrep, type RipgrepFinder, ripgrepArguments } from './find-ripgrep.js';
import { NullSeparated } from './null-separated.js';
import { runProcess } from './run-process.js';
import type { SearchRoot } from './search-root.js';
import { walkFiles } from './walk.js';

/** Entries of folders that are looked at where there is no ripgrep. */
const MAX_ENTRIES = 1_000_000;

export interface FileSearch {
  readonly root: Pick<SearchRoot, 'directory' | 'pinned'>;
  /** No program is taken from there. */
  readonly workspace: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly findRipgrep?: RipgrepFinder | undefined;
  /** Takes a path below the folder, as bytes, as it is found; answering `false` ends the search. */
  take(path: Buffer): boolean;
}

/**
 * Every file below a folder that git would not ignore, in no order, by ripgrep or else by walking. Answers whether the search
 * ended before it had seen everything.
 */
export async function findFiles(search: FileSearch): Promise<{ readonly incomplete: boolean }> {
  const ripgrep = await (search.findRipgrep ?? findRipgrep)(process.env, search.workspace);
  return (ripgrep && (await findWithRipgrep(ripgrep, search))) || findByWalking(search);
}

async function findWithRipgrep(
  ripgrep: string,
  { root, timeoutMs, signal, take }: FileSearch,
): Promise<{ incomplete: boolean } | undefined> {
  const records = new NullSeparated();
  const result = await runProcess({
    command: [ripgrep, ...ripgrepArguments, '--files', '--', './'],
    cwd: root.pinned,
    environment: process.env,
    timeoutMs,
    signal,
    separateErrors: true,
    onOutput: (chunk) => records.add(chunk).every((record) => take(record.subarray(2))),
  });
  if (result.failure) return undefined;
  return { incomplete: result.timedOut || result.stopped };
}

async function findByWalking({
  root,
  timeoutMs,
  signal,
  take,
}: FileSearch): Promise<{ incomplete: boolean }> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  for await (const path of walkFiles(root.directory, { signal: limit, maxEntries: MAX_ENTRIES })) {
    if (!take(path)) return { incomplete: true };
  }
  return { incomplete: limit.aborted };
}
