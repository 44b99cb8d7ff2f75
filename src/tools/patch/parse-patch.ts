import { FileError } from '../file-error.js';

/** What a patch does to one file; paths as they were written. */
export type PatchOperation =
  | { readonly kind: 'add'; readonly path: string; readonly lines: readonly string[] }
  | { readonly kind: 'delete'; readonly path: string }
  | {
      readonly kind: 'update';
      readonly path: string;
      readonly moveTo?: string;
      readonly chunks: readonly PatchChunk[];
    };

/** Neighbouring lines that are kept, removed and added. */
export interface PatchChunk {
  /** Lines that stand somewhere above it, outermost first: what follows each `@@`. */
  readonly contexts: readonly string[];
  readonly lines: readonly { readonly sign: ' ' | '-' | '+'; readonly text: string }[];
  /** It is at the end of the file. */
  readonly atEnd: boolean;
}

interface Numbered {
  readonly text: string;
  /** In the patch, from 1. */
  readonly number: number;
}

const header = /^\s*\*\*\* (Add File|Delete File|Update File): (.*?)\s*$/;
const move = /^\s*\*\*\* Move to: (.*?)\s*$/;
const hereDocument = /^(?:(?:apply_patch|cat)\s*)?<<-?\s*(['"]?)(\w+)\1$/;
const endOfFile = /^\s*\*\*\* End of File\s*$/;

/**
 * Reads a patch as the models write it that were trained on the format: with white space around its marks, without a
 * first `@@`, or in a here-document. Throws `FileError` that names the line of the patch.
 */
export function parsePatch(patch: string): PatchOperation[] {
  const lines = body(patch);
  const operations: PatchOperation[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at]!;
    const [, what, path] = header.exec(line.text) ?? [];
    if (what === undefined && line.text.trim() === '') at += 1;
    else if (!what) throw wrong(line, 'expected *** Add File:, *** Delete File: or *** Update File:');
    else if (!path) throw wrong(line, 'expected a path');
    else {
      let end = at + 1;
      while (end < lines.length && !header.test(lines[end]!.text)) end += 1;
      const rest = lines.slice(at + 1, end);
      operations.push(operationOf(what, path, rest, line));
      at += 1 + rest.length;
    }
  }
  if (operations.length === 0) throw new FileError('patch', 'The patch names no file. Nothing was changed.');
  return operations;
}

/** What stands between the first and the last mark. */
function body(patch: string): Numbered[] {
  const lines = patch.split(/\r?\n/).map((text, index) => ({ text, number: index + 1 }));
  const begin = lines.findIndex(({ text }) => text.trim() === '*** Begin Patch');
  const end = lines.findLastIndex(({ text }) => text.trim() === '*** End Patch');
  const outside = [...lines.slice(0, begin), ...lines.slice(end + 1)].map(({ text }) => text.trim());
  const [opening = '', closing, ...more] = outside.filter(Boolean);
  const word = hereDocument.exec(opening)?.[2];
  const strange = opening !== '' && (word === undefined || (closing ?? word) !== word || more.length > 0);
  if (begin < 0 || end < begin || strange) {
    throw new FileError('patch', 'The patch is not whole. Nothing was changed.', {
      advice:
        'Begin it with the line "*** Begin Patch" and end it with "*** End Patch", and send nothing else.',
    });
  }
  return lines.slice(begin + 1, end);
}

function operationOf(what: string, path: string, lines: Numbered[], first: Numbered): PatchOperation {
  if (what === 'Add File') return { kind: 'add', path, lines: addedLines(lines) };
  const given = withoutBlankEnd(lines);
  if (what === 'Delete File') {
    if (given[0]) throw wrong(given[0], `${path} is deleted: no lines may follow`);
    return { kind: 'delete', path };
  }
  const moveTo = move.exec(given[0]?.text ?? '')?.[1];
  if (moveTo === '') throw wrong(given[0]!, 'expected a path');
  const chunks = chunksOf(moveTo === undefined ? given : given.slice(1));
  if (chunks.length === 0 && moveTo === undefined)
    throw wrong(first, `expected the lines to change in ${path}`);
  return { kind: 'update', path, chunks, ...(moveTo === undefined ? {} : { moveTo }) };
}

function addedLines(lines: Numbered[]): string[] {
  return withoutBlankEnd(lines).map((line) => {
    if (!line.text.startsWith('+')) throw wrong(line, 'every line of a new file begins with +');
    return line.text.slice(1);
  });
}

function chunksOf(lines: Numbered[]): PatchChunk[] {
  const chunks: PatchChunk[] = [];
  let contexts: string[] = [];
  let found: PatchChunk['lines'][number][] = [];
  let last: Numbered | undefined;
  const close = (atEnd: boolean): void => {
    if (found.length > 0) chunks.push({ contexts, lines: found, atEnd });
    else if (atEnd) throw wrong(last!, 'expected the lines to change above it');
    if (found.length > 0) contexts = [];
    found = [];
  };
  for (const line of lines) {
    last = line;
    const { text } = line;
    if (endOfFile.test(text)) close(true);
    else if (/^@@(?:\s|$)/.test(text)) {
      close(false);
      const context = text.slice(3).replace(/\s+@@$/, '');
      // A header of a unified diff tells numbers, which say nothing here.
      if (context.trim() !== '' && !/^-\d+(?:,\d+)? \+\d+(?:,\d+)?$/.test(context.trim()))
        contexts.push(context);
    } else if (text === '') found.push({ sign: ' ', text });
    else if (text[0] === ' ' || text[0] === '-' || text[0] === '+') {
      found.push({ sign: text[0], text: text.slice(1) });
    } else throw wrong(line, 'expected a line that begins with a space, -, + or @@');
  }
  const { length } = chunks;
  close(false);
  if (chunks.length === length && contexts.length > 0)
    throw wrong(last!, 'expected the lines to change below it');
  return chunks;
}

/** Empty lines before the next file are no part of this one. */
function withoutBlankEnd(lines: Numbered[]): Numbered[] {
  return lines.slice(0, lines.findLastIndex(({ text }) => text !== '') + 1);
}

function wrong({ text, number }: Numbered, problem: string): FileError {
  const shown = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return new FileError('patch', `Line ${number} of the patch: ${problem}. Nothing was changed.`, {
    advice: `The line is: ${shown}`,
  });
}
