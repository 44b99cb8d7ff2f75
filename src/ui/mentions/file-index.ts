import type { Candidate } from './fuzzy.js';
import { createRanking, type Ranking } from './ranking.js';

/** A list this old is read again when somebody next begins a mention. */
const freshMs = 10_000;

export interface FileIndex {
  /** Reads the list of files, the first time and when it is no longer fresh; meanwhile the old one is searched. */
  begin(): void;
  /** The best paths for what is typed. `done` may be called at once or later, and once more when the list was read anew; only for the last search. */
  search(query: string, most: number, done: (paths: readonly string[]) => void): 'reading' | undefined;
  /** Nobody waits for the last search any more. */
  cancel(): void;
  /** Ends what still reads. */
  close(): void;
}

/** The files of a folder, read when they are first asked for. `list` reads them. */
export function createFileIndex(list: (signal: AbortSignal) => Promise<readonly Candidate[]>): FileIndex {
  const controller = new AbortController();
  let ranking: Ranking | undefined;
  let reading = false;
  let readAt = Number.NEGATIVE_INFINITY;
  let last: (() => void) | undefined;

  async function read(): Promise<void> {
    reading = true;
    // A folder that cannot be read has no files to offer.
    const candidates = await list(controller.signal).catch(() => []);
    reading = false;
    readAt = performance.now();
    ranking?.cancel();
    ranking = createRanking(candidates);
    last?.();
  }

  return {
    begin() {
      if (!reading && performance.now() - readAt >= freshMs) void read();
    },
    search(query, most, done) {
      last = () => ranking?.search(query, most, done);
      last();
      return ranking ? undefined : 'reading';
    },
    cancel() {
      last = undefined;
      ranking?.cancel();
    },
    close: () => controller.abort(),
  };
}
