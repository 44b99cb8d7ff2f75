import { messageOf } from '../../core/describe-failure.js';
import { VictorError } from '../../core/errors.js';
import type { ToolContext } from '../../core/tool.js';
import { atomicWrite } from '../atomic-write.js';
import { FileError } from '../file-error.js';
import { removeUnchanged } from '../remove-unchanged.js';
import { contentHash } from '../text-file.js';
import type { PlannedFile } from './plan-patch.js';

/**
 * Writes all of the files or none: where one fails, those before it are put back. New content comes first and what goes
 * goes last, so that a crash in between has lost nothing. Throws `FileError`; it names what could not be put back.
 */
export async function writeFiles(files: readonly PlannedFile[], context: ToolContext): Promise<void> {
  const ordered = [...files].sort((one, other) => Number(one.after === null) - Number(other.after === null));
  const done: PlannedFile[] = [];
  try {
    for (const file of ordered) {
      await write(file, context);
      done.push(file);
    }
  } catch (error) {
    if (done.length === 0 || !(error instanceof VictorError)) throw error;
    throw await putBack(done.reverse(), error, context);
  }
  for (const { realPath, after } of files) if (after) context.files.set(realPath, contentHash(after));
}

async function write(file: PlannedFile, { outputDirectory }: ToolContext): Promise<void> {
  const { realPath: path, shown, before, after, mode } = file;
  if (after === null) return removeUnchanged({ path, expectedHash: before!.hash });
  const expectedHash = before?.hash ?? null;
  await atomicWrite({ path, shown, content: after, expectedHash, mode, noteDirectory: outputDirectory });
}

async function putBack(
  done: readonly PlannedFile[],
  error: VictorError,
  { outputDirectory: noteDirectory }: ToolContext,
): Promise<FileError> {
  const kept: string[] = [];
  for (const { realPath: path, shown, before, after } of done) {
    const now = after && contentHash(after);
    const restored =
      before === null
        ? removeUnchanged({ path, expectedHash: now! })
        : atomicWrite({
            path,
            shown,
            content: before.bytes,
            mode: before.mode,
            expectedHash: now,
            noteDirectory,
          });
    await restored.catch((failure: unknown) => kept.push(`${shown} (${messageOf(failure)})`));
  }
  const rest =
    kept.length === 0
      ? 'The files before it were put back: nothing is changed.'
      : `Only a part of the patch is applied: these stay as it made them: ${kept.join(', ')}.`;
  const advice = error.advice === undefined ? {} : { advice: error.advice };
  return new FileError('system', `${error.message}\n${rest}`, { cause: error, ...advice });
}
