import * as z from 'zod';
import type { Tool, ToolContext, ToolResult, WrittenFile } from '../core/tool.js';
import { assertAsRemembered, writeRemembered } from './changed-file.js';
import { errnoOf, failedResult } from './file-error.js';
import { missingFile } from './missing-file.js';
import { plural } from './model-text.js';
import { nearestRegion } from './nearest-region.js';
import { type Replacement, replaceText } from './replace-text.js';
import { existingPath } from './resolve-path.js';
import { shownRegion } from './shown-region.js';
import { assertWellFormed, editableText, encodeText, readWholeFile } from './text-file.js';

const MAX_LINES_NAMED = 20;

export interface EditInput {
  readonly path: string;
  readonly oldText: string;
  readonly newText: string;
  readonly replaceAll?: boolean | undefined;
}

/** Replaces an exact piece of a file; every byte outside it stays. */
export function createEditTool(): Tool<EditInput> {
  return {
    name: 'Edit',
    description:
      'Replace oldText with newText in a file. oldText must match exactly (no line numbers) and only once, unless replaceAll.',
    kind: 'edit',
    core: true,
    keywords: [
      'change',
      'modify',
      'replace',
      'fix',
      'update',
      'rename',
      'refactor',
      'insert',
      'remove',
      'file',
    ],
    schema: z.strictObject({
      path: z.string(),
      oldText: z.string().min(1),
      newText: z.string(),
      replaceAll: z.boolean().optional(),
    }),
    paths: (input) => [input.path],
    describe: (input) => (input.replaceAll ? `${input.path} (all matches)` : input.path),
    preview: (input, context) => answer(input, context, async () => undefined),
    execute: (input, context) => answer(input, context, (file) => writeRemembered(context, file)),
  };
}

type WriteFile = (file: Parameters<typeof writeRemembered>[1]) => Promise<WrittenFile | undefined>;

async function answer(input: EditInput, context: ToolContext, write: WriteFile): Promise<ToolResult> {
  try {
    return await edit(input, context, write);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return failedResult(await missingFile(input.path, context.cwd));
    return failedResult(error);
  }
}

async function edit(input: EditInput, context: ToolContext, write: WriteFile): Promise<ToolResult> {
  assertWellFormed(input.newText, 'newText');
  if (input.oldText === input.newText) return failure('oldText and newText are the same; nothing to do.');
  const realPath = await existingPath(input.path, context);
  const { bytes, hash } = await readWholeFile(realPath, input.path);
  assertAsRemembered(context, realPath, hash, input.path);
  const { text, bom } = editableText(bytes, input.path);
  const replacement = replaceText(text, input.oldText, input.newText, input.replaceAll ?? false);
  if (replacement.found === 'none') return notFound(input, text);
  if (replacement.found === 'many') return foundOften(input, replacement);
  if (replacement.text === text) return failure('The edit would change nothing: the line ends are kept.');
  const content = encodeText(replacement.text, bom);
  const written = await write({ realPath, shown: input.path, content, expectedHash: hash });
  const count = plural(replacement.count, 'replacement');
  return {
    content: `Edited ${input.path}: ${count}, the first on line ${replacement.line}.`,
    summary: count,
    change: { path: input.path, before: text, after: replacement.text },
    ...(written ? { written: [written] } : {}),
  };
}

function foundOften(input: EditInput, { lines }: Extract<Replacement, { found: 'many' }>): ToolResult {
  const named = lines.slice(0, MAX_LINES_NAMED).join(', ');
  const more = lines.length > MAX_LINES_NAMED ? ` and ${lines.length - MAX_LINES_NAMED} more` : '';
  return failure(
    `oldText occurs ${lines.length} times in ${input.path}, on lines ${named}${more}. Nothing was changed.\n` +
      'Include more of the text around the one you mean, or set replaceAll.',
    `${lines.length} matches`,
  );
}

function notFound(input: EditInput, text: string): ToolResult {
  const said = `oldText was not found in ${input.path}. Nothing was changed.`;
  const unnumbered = input.oldText.replace(/^ *\d+[\t→]/gm, '');
  if (unnumbered !== input.oldText && replaceText(text, unnumbered, '', true).found === 'replaced') {
    return failure(
      `${said}\nIt starts with line numbers, which are not part of the file: leave them out.`,
      'no match',
    );
  }
  const region = nearestRegion(text, input.oldText);
  if (!region) {
    return failure(
      `${said}\nNothing in the file is like it: Read the file, or Grep for a part of it.`,
      'no match',
    );
  }
  const why = region.onlyWhitespace
    ? 'It differs from these lines in white space only'
    : 'The nearest lines are';
  return failure(
    `${said}\n${why}:\n${shownRegion(region)}\nCopy the text exactly and try again.`,
    'no match',
  );
}

function failure(content: string, summary?: string): ToolResult {
  return { content, isError: true, ...(summary ? { summary } : {}) };
}
