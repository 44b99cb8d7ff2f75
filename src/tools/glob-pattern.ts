/**
 * Glob patterns without regular expressions: matching takes at most pattern length × name length steps, so a
 * hostile pattern in a repository cannot hang the program.
 *
 * `*` and `?` stay inside one name, `**` as a whole part stands for any folders, `[a-z]` and `[!a-z]` are sets,
 * `\` takes the next character as it is.
 */
export type GlobMatcher = (path: string) => boolean;

type Token =
  | { readonly type: 'star' }
  | { readonly type: 'any' }
  | { readonly type: 'set'; readonly matches: (character: string) => boolean }
  | { readonly type: 'character'; readonly character: string };

/** One part of a path pattern; `undefined` stands for `**`. */
type Part = readonly Token[] | undefined;

/** Alternatives that braces of one pattern may make. */
const MAX_ALTERNATIVES = 200;

/** A pattern as the tools take it: `{a,b}` are alternatives, and one without a slash matches names at any depth. */
export function compileGlob(pattern: string): GlobMatcher {
  const matchers = expandBraces(pattern).map((one) => {
    const relative = one.replace(/^(?:\.?\/)+/, '');
    return compilePath(relative.includes('/') ? relative : `**/${relative}`);
  });
  return (path) => matchers.some((matches) => matches(path));
}

/** A pattern for whole paths with `/`, without braces. */
export function compilePath(pattern: string): GlobMatcher {
  const parts: Part[] = pattern.split('/').map((part) => (part === '**' ? undefined : tokens(part)));
  // A trailing `**` means what is inside, not the folder itself.
  if (parts.length > 0 && parts.at(-1) === undefined) parts.push([{ type: 'star' }]);
  return (path) => matchSequence(parts, path.split('/'), isFolders, matchName);
}

function isFolders(part: Part): boolean {
  return part === undefined;
}

function matchName(part: Part, name: string): boolean {
  return part !== undefined && matchSequence(part, name, isStar, matchCharacter);
}

function isStar(token: Token): boolean {
  return token.type === 'star';
}

function matchCharacter(token: Token, character: string): boolean {
  if (token.type === 'character') return token.character === character;
  return token.type === 'any' || (token.type === 'set' && token.matches(character));
}

/** The classic match with one kind of wildcard: after a mismatch only the last wildcard has to take more. */
function matchSequence<Piece>(
  pattern: readonly Piece[],
  items: ArrayLike<string>,
  isWildcard: (piece: Piece) => boolean,
  matches: (piece: Piece, item: string) => boolean,
): boolean {
  let at = 0;
  let lastWildcard = -1;
  let resumeAt = 0;
  for (let item = 0; item < items.length; ) {
    const piece = pattern[at] as Piece;
    if (at < pattern.length && isWildcard(piece)) {
      lastWildcard = at;
      resumeAt = item;
      at += 1;
    } else if (at < pattern.length && matches(piece, items[item] as string)) {
      at += 1;
      item += 1;
    } else if (lastWildcard >= 0) {
      at = lastWildcard + 1;
      resumeAt += 1;
      item = resumeAt;
    } else {
      return false;
    }
  }
  while (at < pattern.length && isWildcard(pattern[at] as Piece)) at += 1;
  return at === pattern.length;
}

function tokens(part: string): Token[] {
  const found: Token[] = [];
  for (let index = 0; index < part.length; ) {
    const character = part[index] as string;
    if (character === '*') {
      if (found.at(-1)?.type !== 'star') found.push({ type: 'star' });
      index += 1;
    } else if (character === '?') {
      found.push({ type: 'any' });
      index += 1;
    } else if (character === '[') {
      const set = characterSet(part, index);
      found.push(set ? set.token : { type: 'character', character });
      index = set ? set.end : index + 1;
    } else {
      const escaped = character === '\\' && index + 1 < part.length;
      found.push({ type: 'character', character: escaped ? (part[index + 1] as string) : character });
      index += escaped ? 2 : 1;
    }
  }
  return found;
}

/** `[...]` from its bracket on; `undefined` when it never closes. */
function characterSet(part: string, start: number): { token: Token; end: number } | undefined {
  let index = start + 1;
  const negated = part[index] === '!' || part[index] === '^';
  if (negated) index += 1;
  const ranges: [string, string][] = [];
  for (let first = true; index < part.length; first = false) {
    if (part[index] === ']' && !first) {
      const matches = (character: string) =>
        ranges.some(([from, to]) => character >= from && character <= to) !== negated;
      return { token: { type: 'set', matches }, end: index + 1 };
    }
    const from = setMember(part, index);
    index = from.end;
    const isRange = part[index] === '-' && index + 1 < part.length && part[index + 1] !== ']';
    const to = isRange ? setMember(part, index + 1) : from;
    index = to.end;
    ranges.push([from.character, to.character]);
  }
  return undefined;
}

function setMember(part: string, index: number): { character: string; end: number } {
  const escaped = part[index] === '\\' && index + 1 < part.length;
  return { character: part[escaped ? index + 1 : index] as string, end: index + (escaped ? 2 : 1) };
}

/** `a{b,c}d` as `abd` and `acd`; braces that do not close, or hold no comma, are ordinary characters. */
function expandBraces(pattern: string): string[] {
  const done: string[] = [];
  const waiting = [pattern];
  while (waiting.length > 0 && done.length + waiting.length <= MAX_ALTERNATIVES) {
    const next = waiting.pop() as string;
    const group = firstGroup(next);
    if (!group) done.push(next);
    else
      waiting.push(...group.choices.map((one) => next.slice(0, group.start) + one + next.slice(group.end)));
  }
  return [...done, ...waiting];
}

function firstGroup(pattern: string): { start: number; end: number; choices: string[] } | undefined {
  const open: { start: number; commas: number[] }[] = [];
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index];
    if (character === '\\') index += 1;
    else if (character === '{') open.push({ start: index, commas: [] });
    else if (character === ',') open.at(-1)?.commas.push(index);
    else if (character === '}') {
      const group = open.pop();
      if (!group || group.commas.length === 0) continue;
      const borders = [group.start, ...group.commas, index];
      const choices = borders
        .slice(1)
        .map((end, place) => pattern.slice((borders[place] as number) + 1, end));
      return { start: group.start, end: index + 1, choices };
    }
  }
  return undefined;
}
