import type { FileChange } from '../core/tool.js';
import { displayable } from './displayable.js';
import { type DiffLine, diffHunks } from './line-diff.js';
import type { Span } from './spans.js';

const contextLines = 3;
const signs = { same: ' ', added: '+', removed: '-' } as const;
const styles = { same: 'plain', added: 'added', removed: 'removed' } as const;

/** A change as a unified diff, a line a row: its number in the file, its sign, its text; every row begins with `indent`. */
export function changeRows({ before, after }: FileChange, indent: string): Span[][] {
  const hunks = diffHunks(before, after, contextLines);
  const last = Math.max(0, ...hunks.flatMap((hunk) => hunk.map(({ line }) => line)));
  const width = String(last).length;
  const rows = hunks.flatMap((hunk, index) => [
    ...(index === 0 ? [] : [[dim(`${indent}${' '.repeat(width - 1)}⋮`)]]),
    ...hunk.map((line) => lineRow(line, indent, width)),
  ]);
  return [...rows, ...notesOf(before, after, hunks.length === 0).map((note) => [dim(`${indent}${note}`)])];
}

function lineRow({ kind, text, line }: DiffLine, indent: string, width: number): Span[] {
  const number = dim(`${indent}${String(line).padStart(width)} `);
  return [number, { text: `${signs[kind]} ${displayable(text)}`, style: styles[kind] }];
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
