import { stems } from '../../relevance/terms.js';
import { realAnswerAdvice } from './advice.js';
import { type FileDiff, looksLikeDiff, readDiff } from './diff.js';
import { cut } from './excerpt.js';
import { notableKinds, withoutSecrets } from './notable.js';

const FILES_SHOWN = 40;
const PER_KIND = 5;
const NOTABLE_LINES = 20;
const MATCHING_LINES = 8;
/** Of longer lines only this much is looked at, so that no pattern can take long. */
const ROW_CHARACTERS = 1_000;
/** What is looked at of one line: patterns over a line of a megabyte would take minutes. */
const EXAMINED_CHARACTERS = 2_000;
const TROUBLE =
  /\b(?:error|exception|traceback|panic(?:ked)?|fatal|fail(?:ed|ure)?|segmentation fault|abort(?:ed)?|denied|refused|timed? ?out|cannot|undefined is not|unhandled|critical|warn(?:ing)?)\b/i;
const FRAME = /(?<![\w/.@~-])((?:[\w@.~-]+\/)*[\w@.-]+\.[A-Za-z]{1,5})[:(](\d+)|File "([^"]+)", line (\d+)/g;

/** Sums up what was piped in, by counting and pattern alone; says so. */
export function reviewPiped(request: string, piped: string): string {
  if (piped.trim() === '')
    return `No model is configured, and nothing came in through the pipe.\n\n${realAnswerAdvice}`;
  const body = looksLikeDiff(piped) ? reviewDiff(piped) : reviewText(request, piped);
  return [...body, realAnswerAdvice].join('\n\n');
}

/** The parts of a mechanical review of a diff. */
export function reviewDiff(text: string): string[] {
  const files = readDiff(text);
  const added = total(files, 'added');
  const removed = total(files, 'removed');
  const parts = [
    `No model is configured: this is a mechanical summary, made by counting and pattern matching, not a review.`,
    `${plural(files.length, 'file')} changed, ${plural(added, 'line')} added, ${plural(removed, 'line')} removed.`,
    fileTable(files),
  ];
  const notable = notableLines(files);
  parts.push(
    notable.length > 0
      ? ['Lines to look at first:', ...notable].join('\n')
      : 'Nothing stood out: no conflict markers, secrets, removed or skipped tests, debugging output, swallowed errors or notes to self.',
  );
  return parts;
}

function fileTable(files: readonly FileDiff[]): string {
  const rows = [...files]
    .sort((a, b) => size(b) - size(a))
    .slice(0, FILES_SHOWN)
    .map((file) => {
      const kind = file.kind === 'changed' ? '' : `  (${file.kind})`;
      return `  +${file.added.length} -${file.removed.length}  ${file.path}${kind}`;
    });
  if (files.length > FILES_SHOWN) rows.push(`  … ${files.length - FILES_SHOWN} more files`);
  return rows.join('\n');
}

function notableLines(files: readonly FileDiff[]): string[] {
  const rows: string[] = [];
  for (const kind of notableKinds) {
    const hits = files.flatMap((file) =>
      file[kind.where]
        .filter(({ text }) => kind.pattern.test(examined(text)))
        .map((line) => ({ file, line })),
    );
    for (const { file, line } of hits.slice(0, PER_KIND)) {
      const text = kind.secret ? '' : `: ${cut(withoutSecrets(examined(line.text.trim())))}`;
      const old = kind.where === 'removed' ? ' (old line)' : '';
      rows.push(`- ${kind.label}: ${file.path}:${line.line}${old}${text}`);
    }
    if (hits.length > PER_KIND) rows.push(`- ${kind.label}: ${hits.length - PER_KIND} more`);
  }
  const left = rows.length - NOTABLE_LINES;
  return left > 0 ? [...rows.slice(0, NOTABLE_LINES), `- … ${left} more`] : rows;
}

function reviewText(request: string, piped: string): string[] {
  const rows = piped
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((row) => row.slice(0, ROW_CHARACTERS));
  const parts = [
    'No model is configured: this is a mechanical summary, made by counting and pattern matching.',
    `${plural(rows.length, 'line')}, ${plural(piped.split(/\s+/).filter(Boolean).length, 'word')}.`,
  ];
  const matching = matchingRows(request, rows);
  if (matching.length > 0) parts.push(['Lines closest to the request:', ...matching].join('\n'));
  const troubled = rows.flatMap((row, index) => (TROUBLE.test(examined(row)) ? [shownRow(row, index)] : []));
  if (troubled.length > 0) {
    const left = troubled.length - NOTABLE_LINES;
    const shown = troubled.slice(0, NOTABLE_LINES);
    parts.push(
      [`Lines that speak of trouble:`, ...shown, ...(left > 0 ? [`… ${left} more`] : [])].join('\n'),
    );
  }
  const places = [
    ...new Set(rows.flatMap((row) => [...row.matchAll(FRAME)]).map((m) => `${m[1] ?? m[3]}:${m[2] ?? m[4]}`)),
  ].slice(0, 10);
  if (places.length > 0) parts.push(`Places it names: ${places.join('  ')}`);
  if (matching.length + troubled.length === 0) {
    parts.push(['It begins:', ...rows.slice(0, 5).map(shownRow)].join('\n'));
  }
  return parts;
}

/** The rows that share most words with the request; a word that stands in most rows counts for little. */
function matchingRows(request: string, rows: readonly string[]): string[] {
  const wanted = new Set(stems(request));
  if (wanted.size === 0) return [];
  const having = new Map<string, number>();
  const found = rows.map((row) => {
    const words = new Set(stems(row).filter((word) => wanted.has(word)));
    for (const word of words) having.set(word, (having.get(word) ?? 0) + 1);
    return words;
  });
  const scored = found.map((words, index) => {
    let score = 0;
    for (const word of words) score += Math.log(1 + rows.length / (having.get(word) ?? 1)) - Math.log(2);
    return { index, score };
  });
  return scored
    .filter(({ score }) => score > 0.5)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, MATCHING_LINES)
    .map(({ index }) => shownRow(rows[index] ?? '', index));
}

function shownRow(row: string, index: number): string {
  return `stdin:${index + 1}: ${cut(withoutSecrets(examined(row.trim())))}`;
}

function examined(line: string): string {
  return line.slice(0, EXAMINED_CHARACTERS);
}

function total(files: readonly FileDiff[], which: 'added' | 'removed'): number {
  return files.reduce((sum, file) => sum + file[which].length, 0);
}

function size(file: FileDiff): number {
  return file.added.length + file.removed.length;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
