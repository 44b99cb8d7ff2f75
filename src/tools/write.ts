import * as z from 'zod';
import type { Tool, ToolContext, ToolResult, WrittenFile } from '../core/tool.js';
import { assertAsRemembered, writeRemembered } from './changed-file.js';
import { FileError, failedResult } from './file-error.js';
import { plural } from './model-text.js';
import { writablePath } from './resolve-path.js';
import { assertWellFormed, editableText, encodeText, readWholeFile } from './text-file.js';

export interface WriteInput {
  readonly path: string;
  readonly content: string;
}

/** Creates a file, or replaces one that this session has seen as it is. */
export function createWriteTool(): Tool<WriteInput> {
  return {
    name: 'Write',
    description: 'Create a file with its folders, or replace one; Read an existing file first.',
    kind: 'edit',
    core: true,
    keywords: ['create', 'new', 'save', 'file', 'generate', 'add', 'overwrite'],
    schema: z.strictObject({ path: z.string().min(1), content: z.string() }),
    paths: (input) => [input.path],
    describe: (input) => input.path,
    preview: (input, context) => answer(input, context, async () => undefined),
    execute: (input, context) => answer(input, context, (file) => writeRemembered(context, file)),
  };
}

type WriteFile = (file: Parameters<typeof writeRemembered>[1]) => Promise<WrittenFile | undefined>;

async function answer(input: WriteInput, context: ToolContext, write: WriteFile): Promise<ToolResult> {
  try {
    assertWellFormed(input.content, 'content');
    const { realPath, exists } = await writablePath(input.path, context);
    if (exists) return await overwrite(input, realPath, context, write);
    const content = Buffer.from(input.content);
    const written = await write({ realPath, shown: input.path, content, expectedHash: null });
    return result(input, 'Created', { before: null, after: input.content, written });
  } catch (error) {
    return failedResult(error);
  }
}

async function overwrite(
  input: WriteInput,
  realPath: string,
  context: ToolContext,
  write: WriteFile,
): Promise<ToolResult> {
  const { bytes, hash } = await readWholeFile(realPath, input.path);
  const before = editableText(bytes, input.path);
  if (context.files.get(realPath) === undefined) {
    throw new FileError(
      'unread',
      `${input.path} exists and was not read in this session. Nothing was written.`,
      {
        advice: 'Read it first, then Write or Edit.',
      },
    );
  }
  assertAsRemembered(context, realPath, hash, input.path);
  const after = inStyleOf(before.text, input.content);
  const content = encodeText(after, before.bom && !after.startsWith('\ufeff'));
  if (content.equals(bytes)) {
    return { content: `${input.path} already has exactly this content.`, summary: 'no change', written: [] };
  }
  const written = await write({ realPath, shown: input.path, content, expectedHash: hash });
  return result(input, 'Replaced', { before: before.text, after, written });
}

/** A file whose lines all end in `\r\n` keeps that when the model sends `\n` only. */
function inStyleOf(before: string, content: string): string {
  const onlyCrlf = before.includes('\r\n') && !/(?<!\r)\n/.test(before);
  return onlyCrlf && !content.includes('\r') ? content.replaceAll('\n', '\r\n') : content;
}

interface Change {
  readonly before: string | null;
  readonly after: string;
  readonly written: WrittenFile | undefined;
}

function result(input: WriteInput, verb: string, { before, after, written }: Change): ToolResult {
  const feeds = after.split('\n').length - 1;
  const lines = plural(after === '' || after.endsWith('\n') ? feeds : feeds + 1, 'line');
  return {
    content: `${verb} ${input.path} (${lines}).`,
    summary: `${verb.toLowerCase()}, ${lines}`,
    change: { path: input.path, before, after },
    ...(written ? { written: [written] } : {}),
  };
}
