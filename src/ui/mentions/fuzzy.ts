/** What is looked for in paths. */
export interface Query {
  readonly text: string;
  /** Only a query with a capital letter tells capitals from others. */
  readonly exactCase: boolean;
  /** Its letters may be looked for in the last part of a path alone. */
  readonly inName: boolean;
}

/** A path as it is matched. */
export interface Candidate {
  readonly path: string;
  readonly lowerCase: string;
  /** Where its last part begins: UTF-16 index. */
  readonly nameStart: number;
}

export function queryOf(text: string): Query {
  const exactCase = text !== text.toLowerCase();
  return { text: exactCase ? text : text.toLowerCase(), exactCase, inName: !text.includes('/') };
}

/** A folder ends with a slash. */
export function candidateOf(path: string): Candidate {
  const lowerCase = path.toLowerCase();
  return {
    path,
    // Where lower case has another length, as of İ, indices would differ.
    lowerCase: lowerCase.length === path.length ? lowerCase : path,
    nameStart: path.lastIndexOf('/', path.length - 2) + 1,
  };
}

const start = { path: 12, part: 10, word: 8 } as const;
const together = 6;
const named = 30;
/** What lies between two letters costs, but not without end. */
const mostGap = 6;

/**
 * How well the letters of the query, in their order, fit a path: the higher the better; `undefined` when they are not all in it.
 * Letters that stand together or begin a part or a word count most, and the last part of the path more than its folders.
 */
export function scoreOf(query: Query, candidate: Candidate): number | undefined {
  const { path, lowerCase, nameStart } = candidate;
  const { text, exactCase } = query;
  const searched = exactCase ? path : lowerCase;
  const length = path.length * 0.1;
  // With nothing to look for, what is near the top comes first.
  if (text === '') return -depthOf(path) * 20 - length;
  const inName = query.inName ? bestPlaced(text, searched, path, nameStart) : undefined;
  const fitting = inName === undefined ? bestPlaced(text, searched, path, 0) : inName + named;
  return fitting === undefined ? undefined : fitting - length;
}

/** The better of the letters' first places and, from the last of these back, their last ones. */
function bestPlaced(query: string, searched: string, path: string, from: number): number | undefined {
  const whole = searched.indexOf(query, from);
  if (whole >= 0) return placed(query, path, from, (index) => whole + index, whole);
  const places: number[] = [];
  let at = from;
  for (let index = 0; index < query.length; index += 1) {
    const place = searched.indexOf(query[index]!, at);
    if (place < 0) return undefined;
    places.push(place);
    at = place + 1;
  }
  const first = placed(query, path, from, (index) => places[index]!, places[0]!);
  for (let index = query.length - 2; index >= 0; index -= 1) {
    places[index] = searched.lastIndexOf(query[index]!, places[index + 1]! - 1);
  }
  return Math.max(
    first,
    placed(query, path, from, (index) => places[index]!, places[0]!),
  );
}

function placed(
  query: string,
  path: string,
  from: number,
  placeOf: (index: number) => number,
  first: number,
): number {
  let score = first === from ? named / 2 : 0;
  let before = -1;
  for (let index = 0; index < query.length; index += 1) {
    const place = placeOf(index);
    if (before >= 0 && place === before + 1) score += together;
    else if (before >= 0) score -= Math.min(mostGap, place - before - 1);
    score += beginning(path, place);
    before = place;
  }
  return score;
}

/** What it counts that a part or a word begins here. */
function beginning(path: string, place: number): number {
  if (place === 0) return start.path;
  const before = path.charCodeAt(place - 1);
  if (before === slash) return start.part;
  if (!isWord(before)) return start.word;
  const isHump = isCapital(path.charCodeAt(place)) && !isCapital(before);
  return isHump ? start.word : 0;
}

const slash = 47;

function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || isCapital(code) || (code >= 97 && code <= 122) || code > 127;
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

function depthOf(path: string): number {
  let depth = 0;
  for (let at = path.indexOf('/'); at >= 0 && at < path.length - 1; at = path.indexOf('/', at + 1))
    depth += 1;
  return depth;
}
