import { type Candidate, queryOf, scoreOf } from './fuzzy.js';

/** Milliseconds that one slice of the work takes; a key that comes meanwhile waits no longer. */
const sliceMs = 6;
/** So many candidates between two looks at the clock. */
const step = 256;

export interface Ranking {
  /**
   * The best paths for the query, best first, at most `most`. `done` is called at once where a slice is enough, else later,
   * unless another search was begun or it was cancelled.
   */
  search(query: string, most: number, done: (paths: readonly string[]) => void): void;
  cancel(): void;
}

/** Ranks candidates in slices. What one query has found is all that a longer one beginning with it is looked for in. */
export function createRanking(candidates: readonly Candidate[]): Ranking {
  let running: NodeJS.Immediate | undefined;
  let last: { readonly query: string; readonly found: readonly Candidate[] } = {
    query: '',
    found: candidates,
  };

  const cancel = () => {
    clearImmediate(running);
    running = undefined;
  };

  return {
    cancel,
    search(text, most, done) {
      cancel();
      const query = queryOf(text);
      const pool = text.startsWith(last.query) ? last.found : candidates;
      const found: Candidate[] = [];
      const best: Scored[] = [];
      let next = 0;
      const slice = () => {
        running = undefined;
        const until = performance.now() + sliceMs;
        while (next < pool.length) {
          const end = Math.min(pool.length, next + step);
          for (; next < end; next += 1) {
            const candidate = pool[next]!;
            const score = scoreOf(query, candidate);
            if (score === undefined) continue;
            found.push(candidate);
            keep(best, { path: candidate.path, score }, most);
          }
          if (performance.now() >= until && next < pool.length) {
            running = setImmediate(slice);
            return;
          }
        }
        last = { query: text, found };
        done(best.map(({ path }) => path));
      };
      slice();
    },
  };
}

interface Scored {
  readonly path: string;
  readonly score: number;
}

/** Puts it into its place among the best. */
function keep(best: Scored[], one: Scored, most: number): void {
  const worst = best[best.length - 1];
  if (best.length >= most && worst && !isBetter(one, worst)) return;
  let low = 0;
  let high = best.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBetter(one, best[middle]!)) high = middle;
    else low = middle + 1;
  }
  best.splice(low, 0, one);
  if (best.length > most) best.pop();
}

function isBetter(a: Scored, b: Scored): boolean {
  return a.score > b.score || (a.score === b.score && a.path < b.path);
}
