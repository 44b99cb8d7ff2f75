import type { EvaluationProgress } from '../../core/evaluation.js';
import { type CommandLine, notice } from '../command-line.js';

/** What is over in less needs no word, and so often one is said after it. */
const EVERY_MS = 1_000;

/**
 * Says on stderr, about every second from the first on, how far an evaluation has come. Before what is `unknown`, by how many
 * were done before it, it is said at once: one that computes without end lets nobody say it later.
 */
export function progressLines(
  cli: CommandLine,
  unknown: (done: number) => boolean,
): (progress: EvaluationProgress) => void {
  let saidAt = performance.now();
  return ({ done, of, what }) => {
    if (performance.now() - saidAt < EVERY_MS && !unknown(done)) return;
    saidAt = performance.now();
    notice(cli, `${done} of ${of} done, now ${what}`);
  };
}
