import { FileError } from '../file-error.js';
import { nearestRegion } from '../nearest-region.js';
import { shownRegion } from '../shown-region.js';
import { LineSeeker } from './line-seeker.js';
import type { PatchChunk } from './parse-patch.js';

interface Line {
  readonly text: string;
  /** `\n`, `\r\n`, or nothing for a last line without one. */
  readonly end: string;
}

interface Edit {
  readonly at: number;
  readonly removed: number;
  readonly lines: readonly Line[];
}

/**
 * What chunks make of a text. Lines are found from the top down, however white space and typographic marks differ; those
 * that are kept stay as the text has them, and new ones get the line ends of their place. Throws `FileError`.
 */
export function applyChunks(text: string, chunks: readonly PatchChunk[], shown: string): string {
  const lines = linesOf(text);
  const seeker = new LineSeeker(lines.map((line) => line.text));
  const edits: Edit[] = [];
  let from = 0;
  for (const chunk of chunks) {
    for (const context of chunk.contexts) {
      const at = seeker.find([context], from);
      if (at === undefined) throw notFound(text, [context], shown);
      from = at + 1;
    }
    const edit = editOf(chunk, lines, seeker, from);
    if (!edit) throw notFound(text, oldLines(chunk), shown);
    edits.push(edit);
    if (oldLines(chunk).length > 0) from = edit.at + edit.removed;
  }
  return join(edited(lines, edits), text);
}

function editOf(
  chunk: PatchChunk,
  lines: readonly Line[],
  seeker: LineSeeker,
  from: number,
): Edit | undefined {
  const wanted = oldLines(chunk);
  if (wanted.length === 0) {
    // Right below what the context names, and at the end without one.
    const at = chunk.contexts.length > 0 ? from : lines.length;
    return { at, removed: 0, lines: newLines(chunk.lines, at, lines) };
  }
  const at = seeker.find(wanted, from, chunk.atEnd);
  if (at !== undefined) return { at, removed: wanted.length, lines: newLines(chunk.lines, at, lines) };
  // Models end a chunk with the empty line that they take the last line end for.
  const last = chunk.lines.at(-1)!;
  if (wanted.length < 2 || last.text !== '' || last.sign === '+') return undefined;
  return editOf({ ...chunk, lines: chunk.lines.slice(0, -1) }, lines, seeker, from);
}

function oldLines({ lines }: PatchChunk): string[] {
  return lines.filter(({ sign }) => sign !== '+').map(({ text }) => text);
}

/** What stands at the place then: kept lines as they are, new ones with the line ends of those they come after. */
function newLines(chunk: PatchChunk['lines'], at: number, lines: readonly Line[]): Line[] {
  const made: Line[] = [];
  let next = at;
  for (const { sign, text } of chunk) {
    if (sign === '+') {
      const near = [next > at ? lines[next - 1] : lines[next], lines[next - 1], lines[0]];
      made.push({ text, end: near.find((line) => line?.end)?.end ?? '\n' });
    } else {
      if (sign === ' ') made.push(lines[next]!);
      next += 1;
    }
  }
  return made;
}

function edited(lines: readonly Line[], edits: readonly Edit[]): Line[] {
  const result: Line[] = [];
  let position = 0;
  for (const { at, removed, lines: made } of [...edits].sort((one, other) => one.at - other.at)) {
    for (; position < at; position += 1) result.push(lines[position]!);
    for (const line of made) result.push(line);
    position = Math.max(position, at + removed);
  }
  for (; position < lines.length; position += 1) result.push(lines[position]!);
  return result;
}

/** A text without a last line end keeps none; a line that is no longer the last one gets one. */
function join(lines: readonly Line[], before: string): string {
  const endless = before !== '' && !before.endsWith('\n');
  const usual = before.includes('\r\n') ? '\r\n' : '\n';
  return lines
    .map(({ text, end }, index) => text + (index === lines.length - 1 && endless ? '' : end || usual))
    .join('');
}

function linesOf(text: string): Line[] {
  const found = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return found.map((line) => {
    const [end = ''] = /\r?\n$/.exec(line) ?? [];
    return { text: line.slice(0, line.length - end.length), end };
  });
}

function notFound(text: string, wanted: readonly string[], shown: string): FileError {
  const sought = wanted.join('\n');
  const said = wanted.length === 1 ? 'this line was' : 'these lines were';
  const region = nearestRegion(text, sought);
  const near = region
    ? `The nearest lines are:\n${shownRegion(region)}\nCopy the lines exactly and try again.`
    : 'Nothing in the file is like it: Read the file.';
  return new FileError(
    'patch',
    `In ${shown} ${said} not found, below what the chunks before it changed. Nothing was changed.`,
    {
      advice: `${shownRegion({ line: undefined, lines: wanted })}\n${near}`,
    },
  );
}
