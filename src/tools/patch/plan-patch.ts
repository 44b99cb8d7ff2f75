import { lstat } from 'node:fs/promises';
import { normalize } from 'node:path';
import type { FileChange, ToolContext } from '../../core/tool.js';
import { assertAsRemembered } from '../changed-file.js';
import { FileError } from '../file-error.js';
import { missingFile } from '../missing-file.js';
import { absolutePath, writablePath } from '../resolve-path.js';
import {
  assertWellFormed,
  contentHash,
  decodeText,
  editableText,
  encodeText,
  readWholeFile,
} from '../text-file.js';
import { applyChunks } from './apply-chunks.js';
import type { PatchOperation } from './parse-patch.js';

/** One file that the patch touches: how it is and how it will be. */
export interface PlannedFile {
  readonly realPath: string;
  readonly shown: string;
  readonly before: { readonly bytes: Buffer; readonly hash: string; readonly mode: number } | null;
  /** `null`: no such file. */
  readonly after: Buffer | null;
  /** Permission bits of a file that was moved here. */
  readonly mode?: number;
  /** Where it was moved from, as it was written, and what it was there. */
  readonly movedFrom?: { readonly shown: string; readonly bytes: Buffer | null };
  /** It went to another place: told there. */
  readonly movedAway?: true;
}

/** Works out in memory what every file becomes, each operation upon what those before it left. Throws `FileError`. */
export async function planPatch(
  operations: readonly PatchOperation[],
  context: ToolContext,
): Promise<PlannedFile[]> {
  const files = new Map<string, PlannedFile>();
  for (const operation of operations) {
    const file = await look(operation.path, files, context);
    if (operation.kind === 'add') add(file, operation.lines, files, context);
    else if (file.after === null) throw await missing(file, operation.path, context);
    else if (operation.kind === 'delete') {
      await refuseLink(operation.path, context);
      files.set(file.realPath, { ...file, after: null });
    } else await update(file, operation, files, context);
  }
  return [...files.values()].filter(changes);
}

export function changes({ before, after, mode }: PlannedFile): boolean {
  if (before === null || after === null) return before !== after;
  return !before.bytes.equals(after) || (mode !== undefined && mode !== before.mode);
}

/** For the screen; a file that was moved is one change. */
export function changeOf({ shown, before, after, movedFrom }: PlannedFile): FileChange {
  const old = movedFrom ? movedFrom.bytes : (before?.bytes ?? null);
  return {
    path: movedFrom ? `${movedFrom.shown} → ${shown}` : shown,
    before: old && decodeText(old).text,
    after: after ? decodeText(after).text : '',
    ...(after ? {} : { deleted: true }),
  };
}

async function look(
  path: string,
  files: ReadonlyMap<string, PlannedFile>,
  context: ToolContext,
): Promise<PlannedFile> {
  const { realPath, exists } = await writablePath(path, context);
  const known = files.get(realPath);
  if (known) {
    if (normalize(known.shown) === normalize(path)) return known;
    throw new FileError('patch', `${known.shown} and ${path} are the same file. Nothing was changed.`, {
      advice: 'Call it by one name.',
    });
  }
  if (!exists) return { realPath, shown: path, before: null, after: null };
  const { bytes, hash, stats } = await readWholeFile(realPath, path);
  assertAsRemembered(context, realPath, hash, path);
  return { realPath, shown: path, before: { bytes, hash, mode: stats.mode & 0o7777 }, after: bytes };
}

function add(
  file: PlannedFile,
  lines: readonly string[],
  files: Map<string, PlannedFile>,
  context: ToolContext,
): void {
  const text = lines.map((line) => `${line}\n`).join('');
  assertWellFormed(text, 'The patch');
  mayReplace(file, files, context);
  files.set(file.realPath, { ...file, after: encodeText(text, false) });
}

async function update(
  file: PlannedFile,
  { path, moveTo, chunks }: Extract<PatchOperation, { kind: 'update' }>,
  files: Map<string, PlannedFile>,
  context: ToolContext,
): Promise<void> {
  const after = chunks.length === 0 ? file.after : changed(file, chunks);
  files.set(file.realPath, { ...file, after });
  if (moveTo === undefined) return;
  await refuseLink(path, context);
  const target = await look(moveTo, files, context);
  if (target.realPath === file.realPath) return;
  mayReplace(target, files, context);
  const { mode = file.before?.mode, movedFrom = { shown: path, bytes: file.before?.bytes ?? null } } = file;
  files.set(file.realPath, { ...file, after: null, movedAway: true });
  files.set(target.realPath, { ...target, after, movedFrom, ...(mode === undefined ? {} : { mode }) });
}

function changed({ after, shown }: PlannedFile, chunks: Parameters<typeof applyChunks>[1]): Buffer {
  const { text, bom } = editableText(after!, shown);
  const result = applyChunks(text, chunks, shown);
  assertWellFormed(result, 'The patch');
  return encodeText(result, bom);
}

/** What nobody has looked at is not written over. */
function mayReplace(
  { realPath, shown, before, after }: PlannedFile,
  files: ReadonlyMap<string, PlannedFile>,
  context: ToolContext,
): void {
  if (after === null || before === null || files.has(realPath) || context.files.get(realPath) !== undefined)
    return;
  throw new FileError('unread', `${shown} exists and was not read in this session. Nothing was changed.`, {
    advice: 'Read it first, or choose another name.',
  });
}

/** Only the name of a link would go, and the file that it leads to was decided about. */
async function refuseLink(path: string, { cwd }: ToolContext): Promise<void> {
  const stats = await lstat(absolutePath(path, cwd)).catch(() => undefined);
  if (!stats?.isSymbolicLink()) return;
  throw new FileError('link', `${path} is a symbolic link. Nothing was changed.`, {
    advice: 'Name the file itself, or use Bash for the link.',
  });
}

async function missing(file: PlannedFile, path: string, { cwd }: ToolContext): Promise<FileError> {
  if (file.before === null) return missingFile(path, cwd);
  return new FileError('missing', `${path} is deleted or moved by the same patch. Nothing was changed.`);
}

/** What was written, as hashes. */
export function hashesOf({ realPath, before, after }: PlannedFile) {
  return { path: realPath, before: before?.hash ?? null, after: after && contentHash(after) };
}
