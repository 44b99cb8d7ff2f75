import type { ToolContext, WrittenFile } from '../core/tool.js';
import { atomicWrite } from './atomic-write.js';
import { FileError } from './file-error.js';

/** Refuses a change to a file that is no longer as this session last saw it. */
export function assertAsRemembered(
  context: ToolContext,
  realPath: string,
  hash: string,
  shown: string,
): void {
  const remembered = context.files.get(realPath);
  if (remembered === undefined || remembered === hash) return;
  throw new FileError('changed', `${shown} changed since it was read. Nothing was written.`, {
    advice: 'Read it again, then decide.',
  });
}

/** Writes what a tool made of a file, and remembers it as seen. Answers what was replaced by what. */
export async function writeRemembered(
  context: ToolContext,
  file: { realPath: string; shown: string; content: Buffer; expectedHash: string | null },
): Promise<WrittenFile> {
  const hash = await atomicWrite({
    path: file.realPath,
    content: file.content,
    expectedHash: file.expectedHash,
    shown: file.shown,
    noteDirectory: context.outputDirectory,
  });
  context.files.set(file.realPath, hash);
  return { path: file.realPath, before: file.expectedHash, after: hash };
}
