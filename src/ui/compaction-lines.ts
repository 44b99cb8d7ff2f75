import type { CompactionPreview, CompactionTrial, MessageLine } from '../core/compaction.js';
import { clip, oneLine } from './displayable.js';

/** So many messages are named; the others are counted. */
const NAMED = 20;

/** What a compaction would do, in lines of at most so many cells. */
export function compactionLines(preview: CompactionPreview, columns: number): readonly string[] {
  const { before, trials, gone, shortened: cut, strategy } = preview;
  const width = Math.max(...trials.map((one) => one.strategy.length));
  return [
    ...named(`${strategy} would leave out`, gone),
    ...named(`${strategy} would shorten`, cut),
    `Now ${before.messages} messages, ~${before.tokens} tokens. After compacting with`,
    ...trials.map(
      (trial) =>
        `  ${trial.strategy.padEnd(width)}  ${outcome(trial)}${trial === trials[0] ? '  (in force)' : ''}`,
    ),
    'Nothing was changed. /compact does it, /uncompact takes it back.',
  ].map((line) => clip(line, columns));
}

function outcome({ after, problem }: CompactionTrial): string {
  return after ? `${after.messages} messages, ~${after.tokens} tokens` : `not tried: ${problem}`;
}

function named(what: string, lines: readonly MessageLine[]): readonly string[] {
  if (lines.length === 0) return [];
  const more = lines.length - NAMED;
  return [
    `${what} ${lines.length === 1 ? '1 message' : `${lines.length} messages`}:`,
    ...lines.slice(0, NAMED).map(({ role, text }) => `  ${role}: ${oneLine(text)}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ];
}
