import type { EvaluationScore } from '../../core/evaluation.js';
import { plural } from '../../tools/model-text.js';
import type { Column } from '../stats/fit-table.js';
import { glyphsOf, type TerminalLook } from '../stats/glyphs.js';
import {
  allFacts,
  type ComparedCase,
  factKinds,
  MOST_CONTESTED,
  notShown,
  resultOf,
  type StrategyResult,
  totals,
} from './compaction-results.js';
import {
  BAR_CELLS,
  indented,
  line,
  notShownLines,
  paragraph,
  type ReportLook,
  table,
} from './report-lines.js';

export interface CompactionReportOptions {
  /** The sample is among the cases. */
  readonly sample: boolean;
  /** Names all facts that were lost, and more of the messages that each drops. */
  readonly whole: boolean;
}

const kindNames = { constraint: 'constraints', file: 'files', 'open-item': 'open', own: 'own' } as const;
/** So many lost facts and dropped messages of each strategy are named; as a whole all facts, and so many messages. */
const [FEW, MANY] = [3, 40];

/** For people: what each strategy kept of each case, what it lost, what it drops that another keeps, and what none of it shows. */
export function compactionReport(
  compared: readonly ComparedCase[],
  { sample, whole }: CompactionReportOptions,
  terminal: TerminalLook,
): string {
  const look: ReportLook = { ...terminal, glyphs: glyphsOf(terminal) };
  const cases = new Set(compared.map((one) => one.case));
  const lines = [
    ...compared.flatMap((one) => [...caseLines(one, whole, look), '']),
    ...(cases.size < 2
      ? []
      : totals(compared).flatMap(({ budget, results }) => [
          line(`All ${cases.size} cases, to ${budgetText(budget, results[0])}:`, look),
          ...resultTable(results, look),
          ...failureLines(results, look),
          '',
        ])),
    ...notShownLines(notShown(compared, { sample }), look),
  ];
  return lines.map((one) => `${one}\n`).join('');
}

function caseLines(one: ComparedCase, whole: boolean, look: ReportLook): string[] {
  const { sessionId, title, task } = one.case;
  const results = one.scores.map((score) => resultOf(score, one));
  const [first] = results;
  const facts = first ? factKinds.filter((kind) => first.facts[kind].all > 0) : [];
  const pinned = facts.map((kind) => `${first!.facts[kind].all} ${kindNames[kind]}`).join(', ') || 'none';
  const size = first
    ? `${plural(first.before.messages, 'message')}, ${plural(first.before.tokens, 'token')}`
    : 'nothing';
  return [
    line(`${sessionId}  ${title}`, look),
    ...paragraph(`${size}, to ${budgetText(one.budget, first)}; facts: ${pinned}`, look),
    ...(task === undefined ? [] : [line(`task: ${task}`, look)]),
    ...resultTable(results, look),
    ...failureLines(results, look),
    ...one.scores.flatMap((score) => lostLines(score, one, whole, look)),
    ...one.scores.flatMap((score) => droppedLines(score, one, whole, look)),
  ];
}

function budgetText(budget: number, result: StrategyResult | undefined): string {
  const tokens = plural(result?.budgetTokens ?? 0, 'token');
  return budget <= 1 ? `${percent(budget)} = ${tokens}` : tokens;
}

function resultTable(results: readonly StrategyResult[], look: ReportLook): string[] {
  const numbers = (head: string, rank: number, of: (result: StrategyResult) => string): Column => ({
    head,
    rank,
    right: true,
    texts: results.map((one) => (one.problem === undefined ? of(one) : '')),
  });
  const kinds = factKinds.filter((kind) => results.some(({ facts }) => facts[kind].all > 0));
  const columns: Column[] = [
    { head: 'strategy', texts: results.map(({ strategy }) => strategy) },
    numbers('messages', 2, ({ before, after }) => `${before.messages} -> ${after.messages}`),
    numbers('tokens', 9, ({ before, after }) => `${before.tokens} -> ${after.tokens}`),
    numbers('share', 8, ({ before, after }) => percent(after.tokens / (before.tokens || 1))),
    ...kinds.map((kind, index) =>
      numbers(kindNames[kind], 7 - index, ({ facts }) => `${facts[kind].kept}/${facts[kind].all}`),
    ),
    ...(results.some(({ shortened }) => shortened > 0)
      ? [numbers('shortened', 3, ({ shortened }) => `${shortened}`)]
      : []),
    numbers('calls whole', 1, ({ pairs }) => `${pairs.whole}/${pairs.calls}`),
    numbers('ms', 0, ({ durationMs }) => durationMs.toFixed(1)),
    numbers('kept', 10, (result) => `${allFacts(result).kept}/${allFacts(result).all}`),
    { head: '', rank: 3, texts: results.map((result) => keptBar(result, look)) },
    { head: '', texts: results.map(noteOf) },
  ];
  return table(columns, look);
}

function keptBar(result: StrategyResult, { glyphs }: ReportLook): string {
  const { kept, all } = allFacts(result);
  const share = result.problem !== undefined || all === 0 ? 0 : kept / all;
  return glyphs.bar(share, BAR_CELLS);
}

function noteOf({ problem, configured, modelCalls, after, budgetTokens }: StrategyResult): string {
  if (problem !== undefined) return 'failed';
  return [
    ...(configured ? ['in force'] : []),
    ...(modelCalls > 0 ? ['asks a model'] : []),
    ...(after.tokens > budgetTokens ? ['over'] : []),
  ].join(', ');
}

/** Why a strategy failed would make its row too long for the others. */
function failureLines(results: readonly StrategyResult[], look: ReportLook): string[] {
  return results.flatMap(({ strategy, problem }) =>
    problem === undefined ? [] : [line(`${strategy} failed: ${problem}`, look)],
  );
}

function lostLines(
  score: EvaluationScore,
  { shortened }: ComparedCase,
  whole: boolean,
  look: ReportLook,
): string[] {
  const { strategy, facts, problem } = score;
  const lost = facts.filter(({ kept }) => !kept);
  if (lost.length === 0 || problem !== undefined) return [];
  const named = whole ? lost : lost.slice(0, FEW);
  const more = lost.length - named.length;
  return [
    line(`${strategy} loses ${lost.length} of ${plural(facts.length, 'fact')}:`, look),
    ...named.map((fact) => {
      const note = shortened.get(score)?.has(fact) ? ', shortened' : '';
      return indented(`${singular[fact.kind]}${note}: ${fact.text}`, look);
    }),
    ...(more > 0 ? [indented(`and ${more} more, which --diff shows`, look)] : []),
  ];
}

const singular = { constraint: 'constraint', file: 'file', 'open-item': 'open', own: 'own' } as const;

function droppedLines(
  score: EvaluationScore,
  { contested, scores }: ComparedCase,
  whole: boolean,
  look: ReportLook,
): string[] {
  const others = contested.get(score) ?? [];
  if (others.length === 0) return [];
  const named = others.slice(0, whole ? MANY : FEW);
  const more = others.length - named.length;
  const shown =
    others.length > MANY ? `, of which --diff shows up to ${MANY} in all` : ', which --diff shows';
  const where = whole ? `, of which --json has up to ${MOST_CONTESTED} in all` : shown;
  const all = scores.filter(({ problem }) => problem === undefined).length - 1;
  return [
    line(
      `${score.strategy} drops ${plural(score.dropped.length, 'message')}, ${others.length} of which another keeps:`,
      look,
    ),
    ...named.map(({ role, text, keptBy }) => {
      const who =
        keptBy.length === all && all > 1
          ? 'all others keep it'
          : `${keptBy.join(', ')} ${keptBy.length === 1 ? 'keeps' : 'keep'} it`;
      return indented(`${role}: ${shortLine(text)} (${who})`, look);
    }),
    ...(more > 0 ? [indented(`and ${more} more${where}`, look)] : []),
  ];
}

const LONGEST_TEXT = 90;

function shortLine(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT).trimEnd()}…` : text;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
