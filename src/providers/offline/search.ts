import { notDone, notUnderstood, realAnswerAdvice, searchHeading } from './advice.js';
import type { Outcome } from './conversation.js';
import { citation, excerptAround, type NumberedLine } from './excerpt.js';
import { termSource } from './matcher.js';
import { GENERIC_WEIGHT, type Question } from './question.js';
import { type Place, rankFiles, rankPlaces, rarityOf } from './rank.js';
import { type FoundLine, readNumberedLines, readPaths, readSearchLines } from './results.js';
import { refusal, type Step, type Work } from './step.js';

const COUNTED_TERMS = 3;
const PAIRED_TERMS = 4;
const DEFINING_TERMS = 3;
const CANDIDATE_FILES = 8;
const FIRST_FILES = 3;
const PLACES_READ = 3;
const PLACES_SHOWN = 4;
/** Places with less than this share of the best score are left out. */
const FLOOR = 0.25;
const READ_BEFORE = 12;
const READ_LINES = 40;
/** Upper bounds of what one search may bring back. */
const TELLING_LINES = 300;
const CANDIDATE_LINES = 400;
const COUNTED_FILES = 200;

const DEFINING = '\\b(?:class|interface|type|enum|struct|trait|function|func|fn|def|TABLE|table)\\s+\\S*';

/**
 * Answers a question about an unknown repository by search alone, in three rounds: which files speak of the terms and
 * where telling lines are; all lines of the likeliest files; the text around the best places.
 */
export function search(work: Work, question: Question): Step {
  if (question.terms.length === 0) return { answer: notUnderstood };
  const [first, second, third] = work.rounds;
  if (first === undefined) {
    const calls = firstCalls(work, question);
    return calls.length > 0
      ? { calls }
      : { answer: notDone('the tool Grep is not offered in this session.') };
  }
  const refused = refusal(work, 0);
  if (refused !== undefined) return { answer: notDone(refused) };

  const told = readFirst(first, question);
  const counts = told.filesByTerm.map((paths, term) => (term < COUNTED_TERMS ? paths.length : undefined));
  const rarity = rarityOf(question, counts);
  const files = rankFiles(question, told.filesByTerm, told.lines, rarity).slice(0, CANDIDATE_FILES);
  if (files.length === 0) return { answer: nothingFound(question) };
  if (second === undefined) {
    // The likeliest files have a search of their own, so that the bound on results cannot cut them off.
    const groups = [files.slice(0, FIRST_FILES), files.slice(FIRST_FILES)].filter(
      (group) => group.length > 0,
    );
    const pattern = lineSource(question);
    const calls = groups.flatMap((group) => {
      const glob = filesGlob(group.map((file) => file.path));
      return work.tools.call('Grep', { pattern, glob, limit: CANDIDATE_LINES }) ?? [];
    });
    return { calls };
  }

  const lines = [...told.lines, ...succeeded(second).flatMap((outcome) => readSearchLines(outcome.content))];
  const ranked = rankPlaces(question, lines);
  const floor = FLOOR * (ranked[0]?.score ?? 0);
  const places = ranked.slice(0, PLACES_SHOWN).filter((place) => place.score >= floor);
  if (third === undefined) {
    const calls = places.slice(0, PLACES_READ).flatMap((place) => {
      const offset = Math.max(1, place.line - READ_BEFORE);
      return work.tools.call('Read', { path: place.path, offset, limit: READ_LINES }) ?? [];
    });
    if (calls.length > 0) return { calls };
  }
  return { answer: answer(question, places, lines, succeeded(third ?? [])) };
}

function firstCalls(work: Work, question: Question) {
  const { terms } = question;
  const calls = [
    work.tools.call('Grep', { pattern: tellingSource(question), limit: TELLING_LINES }),
    ...terms
      .slice(0, COUNTED_TERMS)
      .map((term) =>
        work.tools.call('Grep', { pattern: termSource(term), filesOnly: true, limit: COUNTED_FILES }),
      ),
  ];
  return calls.filter((call) => call !== undefined);
}

/** Lines with two of the terms, and lines that define something named after one. */
function tellingSource({ terms }: Question): string {
  const sources = terms.slice(0, PAIRED_TERMS).map((term) => `(?:${termSource(term)})`);
  const pairs = sources.flatMap((first, position) =>
    sources.slice(position + 1).flatMap((second) => [`${first}.*${second}`, `${second}.*${first}`]),
  );
  return [...pairs, `${DEFINING}(?:${sources.slice(0, DEFINING_TERMS).join('|')})`].join('|');
}

function readFirst(outcomes: readonly Outcome[], question: Question) {
  const [telling, ...counted] = outcomes;
  const lines = telling === undefined || telling.failed ? [] : readSearchLines(telling.content);
  const filesByTerm = question.terms.map((_, position) => {
    const outcome = counted[position];
    return outcome === undefined || outcome.failed ? [] : readPaths(outcome.content);
  });
  return { lines, filesByTerm };
}

function answer(
  question: Question,
  places: readonly Place[],
  lines: readonly FoundLine[],
  reads: readonly Outcome[],
): string {
  if (places.length === 0) return nothingFound(question);
  const blocks = places.map((place) => citation(place.path, place.line, excerpt(place, lines, reads)));
  return [searchHeading, ...blocks, realAnswerAdvice].join('\n\n');
}

/** The text around a place as it was read, or else as far as searches showed it. */
function excerpt(place: Place, lines: readonly FoundLine[], reads: readonly Outcome[]): NumberedLine[] {
  for (const read of reads) {
    if (read.call.input.path !== place.path) continue;
    const shown = excerptAround(readNumberedLines(read.content), place.line);
    if (shown.length > 0) return shown;
  }
  const near = lines.filter((line) => line.path === place.path && line.line === place.line);
  return near.slice(0, 1);
}

function nothingFound(question: Question): string {
  const words = question.terms.map((term) => `"${term.word}"`).join(', ');
  return [
    'No model is configured, and the search found nothing.',
    `Searched for ${words} in every file that git does not ignore. Try the words that the code itself would use.`,
    realAnswerAdvice,
  ].join('\n\n');
}

/** Generic words stand in too many lines to be searched for, unless there is nothing else. */
function lineSource(question: Question): string {
  const telling = question.terms.filter((term) => term.weight > GENERIC_WEIGHT);
  return (telling.length > 1 ? telling : question.terms).map(termSource).join('|');
}

/** One glob for exactly these files. */
function filesGlob(paths: readonly string[]): string {
  const escaped = paths.map((path) => path.replace(/[[\]{}*?!,\\]/g, '?'));
  return escaped.length === 1 ? (escaped[0] as string) : `{${escaped.join(',')}}`;
}

function succeeded(outcomes: readonly Outcome[]): Outcome[] {
  return outcomes.filter((outcome) => !outcome.failed);
}
