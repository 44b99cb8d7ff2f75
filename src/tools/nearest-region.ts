import { similarityTo } from './similarity.js';

export interface Region {
  /** The first line, from 1, and the lines as they are. */
  readonly line: number;
  readonly lines: readonly string[];
  /** From 0 to 1. */
  readonly likeness: number;
  /** The lines differ from the wanted ones in white space only. */
  readonly onlyWhitespace: boolean;
}

/** Bounds on what is compared: lines of the file, lines wanted, characters of a line, equal lines wanted. */
const MAX_LINES = 100_000;
const MAX_WANTED_LINES = 400;
const MAX_CHARACTERS = 120;
const MAX_EQUAL_LINES = 8;
const CANDIDATES = 5;
const ALIKE = 0.45;

/**
 * The lines of a text most like a wanted piece of it, or `undefined` when nothing is like it. Lines that are
 * equal but for white space vote for where the piece would start; the best places are then compared in full.
 */
export function nearestRegion(text: string, wanted: string): Region | undefined {
  const lines = text.split(/\r?\n/, MAX_LINES);
  const wantedLines = wanted.replace(/^(?:[ \t]*\r?\n)+|\s+$/g, '').split(/\r?\n/, MAX_WANTED_LINES);
  const starts = votedStarts(lines, wantedLines) ?? likeliestStarts(lines, wantedLines);
  let best: Region | undefined;
  for (const start of starts) {
    const region = compare(lines, wantedLines, start);
    if (region.likeness > (best?.likeness ?? 0)) best = region;
  }
  return best && best.likeness >= ALIKE ? best : undefined;
}

function votedStarts(lines: readonly string[], wanted: readonly string[]): number[] | undefined {
  const wantedAt = new Map<string, number[]>();
  wanted.forEach((line, index) => {
    const key = squeeze(line);
    // Short lines such as a brace stand everywhere and say nothing.
    if (key.length <= 3) return;
    const places = wantedAt.get(key) ?? [];
    if (places.length < MAX_EQUAL_LINES) places.push(index);
    wantedAt.set(key, places);
  });
  if (wantedAt.size === 0) return undefined;
  const votes = new Map<number, number>();
  lines.forEach((line, index) => {
    for (const offset of wantedAt.get(squeeze(line)) ?? []) {
      const start = Math.max(0, index - offset);
      votes.set(start, (votes.get(start) ?? 0) + 1);
    }
  });
  if (votes.size === 0) return undefined;
  const ranked = [...votes].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return ranked.slice(0, CANDIDATES).map(([start]) => start);
}

/** No line is equal: the places where the longest wanted line has its likeliest counterparts. */
function likeliestStarts(lines: readonly string[], wanted: readonly string[]): number[] {
  let longest = 0;
  wanted.forEach((line, index) => {
    if (squeeze(line).length > squeeze(wanted[longest] ?? '').length) longest = index;
  });
  const likeness = similarityTo(squeeze(wanted[longest] ?? ''));
  const found: { start: number; score: number }[] = [];
  lines.forEach((line, index) => {
    const score = likeness(squeeze(line));
    if (score > ALIKE / 2) found.push({ start: Math.max(0, index - longest), score });
  });
  found.sort((a, b) => b.score - a.score || a.start - b.start);
  return found.slice(0, CANDIDATES).map(({ start }) => start);
}

function compare(lines: readonly string[], wanted: readonly string[], start: number): Region {
  const region = lines.slice(start, start + wanted.length);
  let sum = 0;
  let onlyWhitespace = region.length === wanted.length;
  wanted.forEach((line, index) => {
    const there = region[index];
    if (there === undefined) return;
    const equal = squeeze(line) === squeeze(there);
    if (!equal && line.replace(/\s/g, '') !== there.replace(/\s/g, '')) onlyWhitespace = false;
    sum += equal ? 1 : similarityTo(squeeze(line))(squeeze(there));
  });
  return { line: start + 1, lines: region, likeness: sum / wanted.length, onlyWhitespace };
}

function squeeze(line: string): string {
  return line.slice(0, MAX_CHARACTERS).trim().replace(/\s+/g, ' ');
}
