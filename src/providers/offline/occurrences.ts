import { notDone, realAnswerAdvice } from './advice.js';
import { definitionIn, isImport } from './definition.js';
import { cut } from './excerpt.js';
import { escapePattern } from './forms.js';
import { pathPrior } from './path-prior.js';
import type { Question } from './question.js';
import { type FoundLine, readSearchLines } from './results.js';
import { refusal, type Step, type Work } from './step.js';

const MATCHES = 300;
const SHOWN = 30;

/** Lists where a quoted text, a pattern or a name occurs; for a name, what defines it comes first. */
export function listOccurrences(work: Work, question: Question): Step {
  const { subjects } = work;
  const pattern = subjects.patterns[0];
  const literal = subjects.quoted[0];
  const names = subjects.identifiers;
  const wanted = pattern ?? literal ?? names.join(', ');
  const first = work.rounds[0];
  if (first === undefined) {
    const call = work.tools.call('Grep', {
      pattern: pattern ?? literal ?? names.map(nameSource).join('|'),
      literal: pattern === undefined && literal !== undefined ? true : undefined,
      path: subjects.paths[0],
      glob: subjects.globs[0],
      limit: MATCHES,
    });
    return call ? { calls: [call] } : { answer: notDone('the tool Grep is not offered in this session.') };
  }
  const refused = refusal(work, 0);
  if (refused !== undefined) return { answer: notDone(refused) };
  const lines = readSearchLines(first[0]?.content ?? '').filter((line) => line.matched);
  if (lines.length === 0) {
    return {
      answer: `No model is configured. A search for ${quote(wanted)} found nothing.\n\n${realAnswerAdvice}`,
    };
  }
  return { answer: answer(work, wanted, question, lines, /\[Only the first /.test(first[0]?.content ?? '')) };
}

function answer(
  work: Work,
  wanted: string,
  question: Question,
  lines: readonly FoundLine[],
  more: boolean,
): string {
  const files = new Set(lines.map((line) => line.path)).size;
  const count = `${more ? 'at least ' : ''}${lines.length} ${lines.length === 1 ? 'match' : 'matches'} in ${files} ${files === 1 ? 'file' : 'files'}`;
  const names = work.subjects.identifiers.map((name) => name.replace(/^[#$]|^--/, ''));
  const rank = (line: FoundLine) => {
    const definition = definitionIn(line.text);
    const defines =
      definition && names.some((name) => definition.name.endsWith(name)) ? definition.strength : 0;
    const role = question.asked === 'usage' ? -defines : defines;
    return pathPrior(line.path, question.about) + 0.5 * role - (isImport(line.text) ? 0.3 : 0);
  };
  const ranked = lines
    .map((line, order) => ({ line, order, rank: rank(line) }))
    .sort((a, b) => b.rank - a.rank || a.order - b.order)
    .slice(0, SHOWN)
    .map(({ line }) => `${line.path}:${line.line}: ${cut(line.text.trim())}`);
  const left = lines.length - ranked.length;
  return [
    `No model is configured: a search for ${quote(wanted)} found ${count}.`,
    [...ranked, ...(left > 0 ? [`[${left} more. Narrow the request with a path.]`] : [])].join('\n'),
    realAnswerAdvice,
  ].join('\n\n');
}

function nameSource(name: string): string {
  const source = escapePattern(name.replace(/^#/, ''));
  return `${/^\w/.test(source) ? '\\b' : ''}${source}${/\w$/.test(source) ? '\\b' : ''}`;
}

function quote(text: string): string {
  return `\`${cut(text).replaceAll('`', "'")}\``;
}
