import type { SelectionScore } from '../../core/evaluation.js';
import { plural } from '../../tools/model-text.js';
import type { Column } from '../stats/fit-table.js';
import { glyphsOf, type TerminalLook } from '../stats/glyphs.js';
import { BAR_CELLS, indented, line, notShownLines, type ReportLook, table } from './report-lines.js';
import { type ToolsEvaluation, toolsNotShown } from './selection-results.js';

const FEW = 5;

/** For people: how often each strategy ranks a right tool first, which requests it missed, and what none of it shows. */
export function selectionReport(result: ToolsEvaluation, allMisses: boolean, terminal: TerminalLook): string {
  const look: ReportLook = { ...terminal, glyphs: glyphsOf(terminal) };
  const { scores, requests, tools, given } = result;
  const which = given ? 'of the file' : 'here';
  const lines = [
    line(
      `${plural(requests, 'request')}, ${plural(tools, 'tool')} ${which}; % of the requests with a right tool among the first:`,
      look,
    ),
    ...scoreTable(scores, look),
    ...scores.flatMap(({ strategy, problem }) =>
      problem === undefined ? [] : [line(`${strategy} failed at ${problem}`, look)],
    ),
    ...scores.flatMap((score) => missLines(score, allMisses ? Number.POSITIVE_INFINITY : FEW, look)),
    '',
    ...notShownLines(toolsNotShown(result), look),
  ];
  return lines.map((one) => `${one}\n`).join('');
}

function scoreTable(scores: readonly SelectionScore[], look: ReportLook): string[] {
  const numbers = (head: string, rank: number, of: (score: SelectionScore) => string): Column => ({
    head,
    rank,
    right: true,
    texts: scores.map((one) => (one.problem === undefined ? of(one) : '')),
  });
  const columns: Column[] = [
    { head: 'strategy', texts: scores.map(({ strategy }) => strategy) },
    numbers('first', 9, ({ top1 }) => top1.toFixed(1)),
    numbers('first 5', 8, ({ top5 }) => top5.toFixed(1)),
    numbers('first 10', 5, ({ top10 }) => top10.toFixed(1)),
    numbers('mean 1/place', 4, ({ meanReciprocalRank }) => meanReciprocalRank.toFixed(3)),
    numbers('ms', 1, ({ medianMs }) => medianMs.toFixed(2)),
    { head: '', rank: 2, texts: scores.map(({ top5 }) => look.glyphs.bar(top5 / 100, BAR_CELLS)) },
    {
      head: '',
      texts: scores.map(({ problem, configured }) =>
        problem === undefined ? (configured ? 'in force' : '') : 'failed',
      ),
    },
  ];
  return table(columns, look);
}

function missLines({ strategy, misses, cases }: SelectionScore, most: number, look: ReportLook): string[] {
  if (misses.length === 0) return [];
  const more = misses.length - most;
  return [
    line(`${strategy} ranks another tool first for ${misses.length} of ${plural(cases, 'request')}:`, look),
    ...misses
      .slice(0, most)
      .map(({ request, expected, rank, instead }) =>
        indented(
          `"${request}": ${expected.join(' or ')} in place ${rank}, behind ${instead.join(', ')}`,
          look,
        ),
      ),
    ...(more > 0 ? [indented(`and ${more} more, which --misses shows`, look)] : []),
  ];
}
