import { normalize } from 'node:path';
import * as z from 'zod';
import { PATCH_TOOL } from '../core/patch-tool.js';
import type { FileChange, Tool, ToolContext, ToolResult } from '../core/tool.js';
import { FileError, failedResult } from './file-error.js';
import { plural } from './model-text.js';
import { type PatchOperation, parsePatch } from './patch/parse-patch.js';
import { changeOf, hashesOf, type PlannedFile, planPatch } from './patch/plan-patch.js';
import { writeFiles } from './patch/write-files.js';

export interface ApplyPatchInput {
  readonly input: string;
}

/** Models that were trained on this format, by the end of their names; for others Edit is surer. */
const trained = /(?:^|\/)(?:gpt-(?:4\.1|[5-9]|oss)|o[3-9](?:-|$)|codex)/;

/** Changes several files by one patch, all or none. Named as the models know it that were trained on it. */
export function createApplyPatchTool(): Tool<ApplyPatchInput> {
  return {
    name: PATCH_TOOL,
    description: `Change one or more files, all or none:
*** Begin Patch
*** Add File: PATH (then only + lines)
*** Delete File: PATH
*** Update File: PATH (next line may be *** Move to: PATH)
@@ a line above, where needed
 kept
-removed
+added
*** End Patch`,
    kind: 'edit',
    keywords: ['patch', 'diff', 'change', 'edit', 'rename', 'move', 'delete', 'file'],
    offeredTo: ({ model }) => trained.test(model),
    schema: z.strictObject({ input: z.string().min(1) }),
    paths: ({ input }) => [
      ...new Set(
        operationsOf(input)
          .flatMap(pathsOf)
          .map((path) => normalize(path)),
      ),
    ],
    describe: ({ input }) => operationsOf(input).map(titleOf).join(', ') || 'a patch that cannot be read',
    preview: (input, context) => answer(input, context, async () => {}),
    execute: (input, context) => answer(input, context, (files) => writeFiles(files, context)),
  };
}

async function answer(
  { input }: ApplyPatchInput,
  context: ToolContext,
  write: (files: readonly PlannedFile[]) => Promise<void>,
): Promise<ToolResult> {
  try {
    const operations = parsePatch(input);
    const files = await planPatch(operations, context);
    if (files.length === 0)
      throw new FileError('patch', 'The patch would change nothing: the files are like that.');
    context.signal.throwIfAborted();
    await write(files);
    const [first, ...also] = files.filter(({ movedAway }) => !movedAway).map(changeOf) as [FileChange];
    return {
      content: `Patched: ${operations.map(titleOf).join(', ')}.`,
      summary: plural(operations.length, 'file'),
      change: { ...first, ...(also.length > 0 ? { also } : {}) },
      written: files.map(hashesOf),
    };
  } catch (error) {
    return failedResult(error);
  }
}

/** What can be read; a patch that cannot be read changes nothing. */
function operationsOf(patch: string): PatchOperation[] {
  try {
    return parsePatch(patch);
  } catch {
    return [];
  }
}

function pathsOf(operation: PatchOperation): string[] {
  const to = operation.kind === 'update' ? operation.moveTo : undefined;
  return to === undefined ? [operation.path] : [operation.path, to];
}

function titleOf(operation: PatchOperation): string {
  if (operation.kind !== 'update') return `${operation.kind} ${operation.path}`;
  return operation.moveTo === undefined ? operation.path : `${operation.path} → ${operation.moveTo}`;
}
