import { definitionIn, isImport } from './definition.js';
import { createMatcher, type Matcher, SEARCHED_QUALITY } from './matcher.js';
import { pathPrior } from './path-prior.js';
import type { Question } from './question.js';
import type { FoundLine } from './results.js';

/** A line worth showing. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly score: number;
}

/** How often each term was found, in files; tells rare terms from common ones. */
export interface Rarity {
  /** For each term of the question: its weight times how telling it is. */
  readonly weights: readonly number[];
}

/** Lines this near to each other tell one story. */
const NEAR = 4;
const AROUND = 14;
/** What is left of a score when none of the question's weight were met; it grows to 1 when all of it is. */
const UNCOVERED = 0.5;
const TOTAL_OF_COMMONEST = 5;
/** What it adds that a line defines just the kind of thing that was asked for. */
const KIND_BONUS = 1.5;

/**
 * From how many files, or lines, each term was found in. How many there are in all is not known: some multiple of the
 * commonest term stands for it, which keeps common terms from counting nothing.
 */
export function rarityOf(question: Question, fileCounts: readonly (number | undefined)[]): Rarity {
  const commonest = Math.max(0, ...fileCounts.map((count) => count ?? 0));
  const total = TOTAL_OF_COMMONEST * commonest + 2;
  return {
    // A term that was not counted is taken for neither common nor rare.
    weights: question.terms.map(
      (term, position) => term.weight * inverse(fileCounts[position] ?? Math.sqrt(commonest), total),
    ),
  };
}

/** The same from the lines found in the likeliest files: in a small repository every file has every term, but not every line. */
function rarityInLines(question: Question, matcher: Matcher, lines: readonly FoundLine[]): Rarity {
  const counts = question.terms.map(() => 0);
  for (const line of lines) {
    matcher.qualities(line.text).forEach((quality, term) => {
      if (quality >= SEARCHED_QUALITY) counts[term] = (counts[term] ?? 0) + 1;
    });
  }
  return rarityOf(question, counts);
}

function inverse(count: number, total: number): number {
  return Math.log(1 + (total - count + 0.5) / (count + 0.5));
}

/** Ranks files by which terms they hold, by their own name, and by telling lines already seen in them. */
export function rankFiles(
  question: Question,
  filesByTerm: readonly (readonly string[])[],
  lines: readonly FoundLine[],
  rarity: Rarity,
): { path: string; score: number }[] {
  const matcher = createMatcher(question);
  const scores = new Map<string, number>();
  const add = (path: string, gain: number) => scores.set(path, (scores.get(path) ?? 0) + gain);
  filesByTerm.forEach((paths, position) => {
    for (const path of paths) add(path, rarity.weights[position] ?? 0);
  });
  const bestLine = new Map<string, number>();
  for (const line of lines) {
    if (!scores.has(line.path)) scores.set(line.path, 0);
    const gain = lineScore(question, matcher, line.text, rarity);
    bestLine.set(line.path, Math.max(bestLine.get(line.path) ?? 0, gain));
  }
  for (const [path, gain] of bestLine) add(path, gain);
  return [...scores]
    .map(([path, score]) => ({
      path,
      score: (score + pathScore(matcher, path, rarity)) * pathPrior(path, question.about),
    }))
    .sort((a, b) => b.score - a.score || compareText(a.path, b.path));
}

/** Ranks the lines found by what they and their neighbourhood say. At most one place for lines near each other. */
export function rankPlaces(question: Question, lines: readonly FoundLine[]): Place[] {
  const matcher = createMatcher(question);
  const rarity = rarityInLines(question, matcher, lines);
  const everything = rarity.weights.reduce((sum, weight) => sum + weight, 0) || 1;
  const places: Place[] = [];
  for (const [path, inFile] of groupByPath(lines)) {
    const prior = pathPrior(path, question.about);
    const fileBonus = 0.5 * pathScore(matcher, path, rarity) + 0.15 * coverage(matcher, inFile, rarity);
    const qualities = inFile.map((line) => matcher.qualities(line.text));
    inFile.forEach((line, index) => {
      if (line.text.trim() === '') return;
      const own = lineScore(question, matcher, line.text, rarity);
      if (own === 0) return;
      const around = aroundScore(inFile, qualities, index, rarity);
      const covered = (weighted(qualities[index] ?? [], rarity) + around) / everything;
      const score = (own + around + fileBonus) * prior * (UNCOVERED + (1 - UNCOVERED) * covered);
      places.push({ path, line: line.line, score });
    });
  }
  places.sort((a, b) => b.score - a.score || compareText(a.path, b.path) || a.line - b.line);
  return spread(places);
}

/** What one line says by itself. */
function lineScore(question: Question, matcher: Matcher, text: string, rarity: Rarity): number {
  const line = text.slice(0, 500);
  const qualities = matcher.qualities(line);
  let score = weighted(qualities, rarity);
  if (score === 0) return 0;
  for (const position of matcher.phrases(line)) {
    const phrase = question.phrases[position];
    if (phrase === undefined) continue;
    const both = [phrase.first, phrase.second].map(
      (term) => rarity.weights[question.terms.indexOf(term)] ?? 0,
    );
    score += 0.5 * ((both[0] ?? 0) + (both[1] ?? 0));
  }
  const definition = definitionIn(line);
  if (definition !== undefined) {
    const named = weighted(matcher.qualities(definition.name), rarity);
    if (question.asked === 'usage') score -= 0.6 * named * definition.strength;
    else score += named * definition.strength * (question.asked === 'definition' ? 1.6 : 1);
    if (question.kinds.includes(definition.kind)) score += KIND_BONUS * named;
  }
  return isImport(line) ? score * 0.45 : score;
}

/** What the lines around add: only terms the line lacks, less the farther away they stand. */
function aroundScore(
  lines: readonly FoundLine[],
  qualities: readonly (readonly number[])[],
  index: number,
  rarity: Rarity,
): number {
  const center = lines[index]?.line ?? 0;
  const own = qualities[index] ?? [];
  const best = own.map(() => 0);
  const visit = (other: number): boolean => {
    const distance = Math.abs((lines[other]?.line ?? 0) - center);
    if (distance > AROUND) return false;
    const factor = distance <= NEAR ? 0.6 : 0.3;
    own.forEach((quality, term) => {
      const gain = ((qualities[other]?.[term] ?? 0) - quality) * factor;
      if (gain > (best[term] ?? 0)) best[term] = gain;
    });
    return true;
  };
  for (let other = index - 1; other >= 0 && visit(other); other--);
  for (let other = index + 1; other < lines.length && visit(other); other++);
  return weighted(best, rarity);
}

function coverage(matcher: Matcher, lines: readonly FoundLine[], rarity: Rarity): number {
  const best = rarity.weights.map(() => 0);
  for (const line of lines) {
    matcher.qualities(line.text).forEach((quality, term) => {
      if (quality > (best[term] ?? 0)) best[term] = quality;
    });
  }
  return weighted(best, rarity);
}

/** A file named after what is asked is worth more than one that mentions it; its folder counts for less. */
function pathScore(matcher: Matcher, path: string, rarity: Rarity): number {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const folder = path.slice(0, Math.max(0, path.length - name.length - 1));
  const inName = matcher.qualities(name);
  const inFolder = matcher.qualities(folder);
  return weighted(
    inName.map((quality, term) => Math.max(quality, 0.5 * (inFolder[term] ?? 0))),
    rarity,
  );
}

function weighted(qualities: readonly number[], rarity: Rarity): number {
  return qualities.reduce((sum, quality, term) => sum + quality * (rarity.weights[term] ?? 0), 0);
}

function groupByPath(lines: readonly FoundLine[]): Map<string, FoundLine[]> {
  const groups = new Map<string, Map<number, FoundLine>>();
  for (const line of lines) {
    const group = groups.get(line.path) ?? new Map<number, FoundLine>();
    groups.set(line.path, group);
    const known = group.get(line.line);
    if (known === undefined || known.text.length < line.text.length) group.set(line.line, line);
  }
  return new Map(
    [...groups].map(([path, group]) => [path, [...group.values()].sort((a, b) => a.line - b.line)]),
  );
}

/** Drops places beside a better one, and makes room for other files before a second place of the same file. */
function spread(places: readonly Place[]): Place[] {
  const kept: Place[] = [];
  const perFile = new Map<string, number>();
  for (const place of places) {
    if (kept.some((one) => one.path === place.path && Math.abs(one.line - place.line) <= AROUND)) continue;
    const count = perFile.get(place.path) ?? 0;
    perFile.set(place.path, count + 1);
    kept.push({ ...place, score: place.score * 0.75 ** count });
    if (kept.length > 60) break;
  }
  return kept.sort((a, b) => b.score - a.score || compareText(a.path, b.path) || a.line - b.line);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
