import type { DiffLine } from './line-diff.js';
import { shortestEdit } from './shortest-edit.js';

/** A part of a line: changed, or the same on the other side. */
export interface LinePart {
  readonly text: string;
  readonly changed: boolean;
}

/** Lines longer than this, in characters, are not compared word by word. */
const longestLine = 1_000;
/** Two lines that share less than this are two lines, not one that changed. */
const leastShared = 0.3;

/**
 * The parts of each changed line of a hunk, by its place in it. The removed and added lines that stand together are paired in
 * their order; a line without a partner that resembles it has no parts.
 */
export function changedParts(hunk: readonly DiffLine[]): ReadonlyMap<number, readonly LinePart[]> {
  const parts = new Map<number, readonly LinePart[]>();
  for (let at = 0; at < hunk.length; ) {
    const removed = runOf(hunk, at, 'removed');
    const added = runOf(hunk, at + removed, 'added');
    // Of runs of unequal length nobody knows which line became which.
    const pairs = removed === added ? removed : Math.min(removed, added) === 1 ? 1 : 0;
    for (let pair = 0; pair < pairs; pair += 1) {
      const compared = compareLines(hunk[at + pair]!.text, hunk[at + removed + pair]!.text);
      if (!compared) continue;
      parts.set(at + pair, compared.before);
      parts.set(at + removed + pair, compared.after);
    }
    at += Math.max(1, removed + added);
  }
  return parts;
}

function runOf(hunk: readonly DiffLine[], from: number, kind: DiffLine['kind']): number {
  let end = from;
  while (hunk[end]?.kind === kind) end += 1;
  return end - from;
}

function compareLines(
  before: string,
  after: string,
): { readonly before: LinePart[]; readonly after: LinePart[] } | undefined {
  if (before.length > longestLine || after.length > longestLine) return undefined;
  const edits = shortestEdit(words(before), words(after), 400);
  if (!edits) return undefined;
  const shared = edits.reduce((sum, { kind, item }) => (kind === 'same' ? sum + item.trim().length : sum), 0);
  if (shared < leastShared * Math.max(before.trim().length, after.trim().length)) return undefined;
  const side = (left: 'added' | 'removed') =>
    joined(
      edits
        .filter(({ kind }) => kind !== left)
        .map(({ kind, item }) => ({ text: item, changed: kind !== 'same' })),
    );
  return { before: side('added'), after: side('removed') };
}

/** Names, numbers and whatever is not ASCII whole, spaces together, every other character by itself. */
function words(line: string): string[] {
  return line.match(/[\w$\u0080-\u{10ffff}]+|\s+|[\s\S]/gu) ?? [];
}

/** Neighbours of one kind are one part; a space between two changed parts has changed with them. */
function joined(parts: readonly LinePart[]): LinePart[] {
  const whole: LinePart[] = [];
  for (const [index, part] of parts.entries()) {
    const isBetween =
      part.text.trim() === '' && parts[index - 1]?.changed === true && parts[index + 1]?.changed === true;
    const changed = part.changed || isBetween;
    const last = whole[whole.length - 1];
    if (last && last.changed === changed) whole[whole.length - 1] = { text: last.text + part.text, changed };
    else whole.push({ text: part.text, changed });
  }
  return whole;
}
