import { allChanges } from '../core/all-changes.js';
import type { FileDiff } from '../core/restore.js';
import type { FileChange } from '../core/tool.js';
import { displayable, oneLine } from './displayable.js';
import { type DiffLine, diffHunks } from './line-diff.js';
import type { Span } from './spans.js';
import { changedParts } from './word-diff.js';

/** Rows of changes that are shown at once. */
export const mostChangeRows = 400;

const contextLines = 3;
const marked = { added: 'addedWord', removed: 'removedWord' } as const;
const signs = { same: ' ', added: '+', removed: '-' } as const;
const words = { same: '', added: 'added: ', removed: 'removed: ' } as const;
const styles = { same: 'plain', added: 'added', removed: 'removed' } as const;

/**
 * A change as a unified diff, a line a row: its number in the file, its sign, its text; every row begins with `indent`.
 * `spoken`: words in place of signs. Where several files change, each is named above its lines.
 */
export function changeRows(change: FileChange, indent: string, spoken = false): Span[][] {
  const all = allChanges(change);
  if (all.length === 1 && !change.deleted) return linesChanged(change, indent, spoken);
  return all.flatMap((one) => {
    const what = one.deleted ? ' · deleted' : one.before === null ? ' · new' : '';
    const head: Span[] = [{ text: `${indent}${oneLine(one.path)}`, style: 'bold' }, dim(what)];
    return [head.filter(({ text }) => text !== ''), ...linesChanged(one, indent, spoken)];
  });
}

function linesChanged({ before, after, deleted }: FileChange, indent: string, spoken: boolean): Span[][] {
  const hunks = diffHunks(before, after, contextLines);
  const last = Math.max(0, ...hunks.flatMap((hunk) => hunk.map(({ line }) => line)));
  const width = String(last).length;
  const rows = hunks.flatMap((hunk, index) => [
    ...(index === 0 ? [] : [[dim(`${indent}${' '.repeat(width - 1)}⋮`)]]),
    ...hunkRows(hunk, (line) => `${indent}${String(line).padStart(width)} `, spoken),
  ]);
  const notes = deleted ? [] : notesOf(before, after, hunks.length === 0);
  return [...rows, ...notes.map((note) => [dim(`${indent}${note}`)])];
}

/** All that a session changed in one file: its path, what happened to it, and the lines. */
export function fileDiffRows({ path, before, after, notes }: FileDiff, spoken = false): Span[][] {
  const what =
    after === null && before !== null ? ['deleted'] : before === null && after !== null ? ['new'] : [];
  const said = [...what, ...notes].map((note) => oneLine(note)).join('; ');
  const head: Span[] = [
    { text: oneLine(path), style: 'bold' },
    { text: said === '' ? '' : ` · ${said}`, style: 'dim' },
  ];
  if (before === null && after === null) return [head];
  const rows = changeRows({ path, before, after: after ?? '' }, '  ', spoken);
  // That an empty text is left is said already where no file is.
  return [head, ...(after === null ? rows.filter((row) => row.length > 1) : rows)];
}

/** The lines of a hunk, each with its sign and what `startOf` makes of its number; words that changed are marked. */
export function hunkRows(
  hunk: readonly DiffLine[],
  startOf: (line: number) => string,
  spoken = false,
): Span[][] {
  // Before anything is cut: half a sequence would not be known for one.
  const safe = hunk.map((one) => ({ ...one, text: displayable(one.text) }));
  const parts = changedParts(safe);
  return safe.map(({ kind, text, line }, index) => {
    const style = styles[kind];
    const sign: Span = { text: spoken ? words[kind] : `${signs[kind]} `, style };
    const said = parts.get(index) ?? [{ text, changed: false }];
    const spans = said.map((part): Span => {
      return { text: part.text, style: part.changed && kind !== 'same' ? marked[kind] : style };
    });
    return [dim(startOf(line)), sign, ...spans].filter((span) => span.text !== '');
  });
}

/** What a comparison of lines does not show. */
function notesOf(before: string | null, after: string, noLines: boolean): string[] {
  if (after === '') return [before === null ? 'an empty file' : 'the file becomes empty'];
  const ends = after.endsWith('\n');
  const notes =
    !ends && (before === null || before === '' || before.endsWith('\n')) ? ['no newline at the end'] : [];
  if (ends && before !== null && before !== '' && !before.endsWith('\n')) notes.push('a newline at the end');
  return noLines && notes.length === 0 && before !== after ? ['only line ends change'] : notes;
}

function dim(text: string): Span {
  return { text, style: 'dim' };
}
