import * as z from 'zod';
import { AbortedError } from '../core/errors.js';
import type { Tool, ToolContext, ToolResult } from '../core/tool.js';
import { errnoOf, FileError, failedResult, fileError } from './file-error.js';
import { imageType } from './image-type.js';
import { LineWindow } from './line-window.js';
import { missingFile } from './missing-file.js';
import { formatBytes, plural } from './model-text.js';
import { type OpenedFile, openRegularFile } from './open-file.js';
import { existingPath, type Place } from './resolve-path.js';
import {
  contentHash,
  decodeText,
  type Encoding,
  MAX_WHOLE_FILE_BYTES,
  readAll,
  SAMPLE_BYTES,
  sampleEncoding,
} from './text-file.js';

const DEFAULT_LINES = 2_000;
const MAX_BYTES = 48_000;
const MAX_LINE_CHARACTERS = 2_000;
const MAX_IMAGE_BYTES = 5_000_000;
const CHUNK_BYTES = 256 * 1_024;

export interface ReadInput {
  readonly path: string;
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

/** Reads one file: numbered lines of a text, or an image. Remembers the hash of what it read whole. */
export function createReadTool(): Tool<ReadInput> {
  return {
    name: 'Read',
    description: 'Read a text file as numbered lines, or an image.',
    kind: 'read',
    core: true,
    keywords: [
      'open',
      'show',
      'view',
      'cat',
      'file',
      'contents',
      'look',
      'print',
      'display',
      'source',
      'config',
      'document',
    ],
    schema: z.strictObject({
      path: z.string(),
      offset: z.number().optional().describe('first line, from 1'),
      limit: z.number().optional().describe(`lines, default ${DEFAULT_LINES}`),
    }),
    paths: (input) => [input.path],
    describe: (input) => (input.offset ? `${input.path} from line ${input.offset}` : input.path),
    async execute(input, context) {
      try {
        return await read(input, context);
      } catch (error) {
        return failedResult(error);
      }
    },
  };
}

async function read(input: ReadInput, context: ToolContext): Promise<ToolResult> {
  const { realPath, file } = await openExisting(input.path, context);
  try {
    if (file.stats.size > MAX_WHOLE_FILE_BYTES) return await readWindow(input, file, context.signal);
    const bytes = await readAll(file.handle, file.stats.size, input.path);
    context.files.set(realPath, contentHash(bytes));
    return imageResult(input, bytes) ?? textResult(input, bytes);
  } catch (error) {
    throw fileError(error, 'read', input.path);
  } finally {
    await file.handle.close();
  }
}

async function openExisting(path: string, place: Place): Promise<{ realPath: string; file: OpenedFile }> {
  try {
    const realPath = await existingPath(path, place);
    return { realPath, file: await openRegularFile(realPath, path) };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw await missingFile(path, place.cwd);
    throw error;
  }
}

function imageResult(input: ReadInput, bytes: Buffer): ToolResult | undefined {
  const mediaType = imageType(bytes);
  if (!mediaType) return undefined;
  const size = `${mediaType}, ${formatBytes(bytes.length)}`;
  if (bytes.length > MAX_IMAGE_BYTES) {
    throw new FileError('too-large', `${input.path} is an image of ${size}.`, {
      advice: `Images up to ${formatBytes(MAX_IMAGE_BYTES)} can be read; make a smaller copy first.`,
    });
  }
  return {
    content: `${input.path}: ${size}`,
    summary: size,
    images: [{ mediaType, data: bytes.toString('base64') }],
  };
}

function textResult(input: ReadInput, bytes: Buffer): ToolResult {
  if (bytes.length === 0) return { content: `${input.path} is empty.`, summary: 'empty file' };
  const { encoding, text, bom } = decodeText(bytes);
  if (encoding === 'binary') throw binary(input, bytes.length);
  const window = windowOf(input);
  window.add(encoding === 'utf-8' ? bytes.subarray(bom ? 3 : 0) : Buffer.from(text));
  window.finish();
  return windowResult(input, window, encoding, window.endedLines);
}

/** A file too large to hold: only as much as the window needs is read, and nothing is remembered for edits. */
async function readWindow(
  input: ReadInput,
  { handle, stats }: OpenedFile,
  signal: AbortSignal,
): Promise<ToolResult> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const window = windowOf(input);
  let position = 0;
  while (!window.full) {
    if (signal.aborted) throw new AbortedError();
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    if (position === 0) refuseUnreadable(input, chunk, stats.size);
    window.add(chunk);
    position += bytesRead;
  }
  window.finish();
  return windowResult(input, window, 'utf-8', window.full ? undefined : window.endedLines);
}

function refuseUnreadable(input: ReadInput, chunk: Buffer, size: number): void {
  const encoding = sampleEncoding(chunk.subarray(0, SAMPLE_BYTES));
  const mediaType = imageType(chunk);
  if (encoding === 'utf-8' && !mediaType) return;
  throw binary(input, size, mediaType ?? (encoding === 'binary' ? undefined : encoding.toUpperCase()));
}

function binary(input: ReadInput, size: number, type = 'binary'): FileError {
  return new FileError('encoding', `${input.path} is a ${type} file of ${formatBytes(size)}, not shown.`, {
    advice: 'Use Bash (file, xxd, strings, iconv) to look into it.',
  });
}

function windowOf(input: ReadInput): LineWindow {
  return new LineWindow({
    offset: Math.max(1, Math.trunc(input.offset ?? 1)),
    limit: Math.max(1, Math.trunc(input.limit ?? DEFAULT_LINES)),
    maxBytes: MAX_BYTES,
    maxLineCharacters: MAX_LINE_CHARACTERS,
  });
}

function windowResult(
  input: ReadInput,
  window: LineWindow,
  encoding: Encoding,
  totalLines: number | undefined,
): ToolResult {
  const count = window.lines.length;
  if (count === 0) {
    return {
      content: `${input.path} has only ${plural(window.endedLines, 'line')}.`,
      isError: true,
      summary: 'past the end',
    };
  }
  const notes: string[] = [];
  if (window.nextLine !== undefined) {
    const of = totalLines === undefined ? '' : ` of ${totalLines}`;
    notes.push(`Up to line ${window.nextLine - 1}${of}. Use offset=${window.nextLine} to continue.`);
  }
  if (window.cutLines) notes.push('Long lines are cut; use Bash (cut -c) to see the rest of one.');
  if (window.removedControls) notes.push('Control characters are left out here.');
  if (encoding === 'not-utf-8') notes.push('Not valid UTF-8: shown with U+FFFD; Edit and Write refuse it.');
  if (encoding === 'utf-16le' || encoding === 'utf-16be') {
    notes.push(`${encoding.toUpperCase()}: shown as text; Edit and Write refuse it.`);
  }
  const content = notes.length === 0 ? window.lines : [...window.lines, `[${notes.join(' ')}]`];
  return { content: content.join('\n'), summary: plural(count, 'line') };
}
