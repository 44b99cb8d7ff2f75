import * as z from 'zod';
import { AbortedError } from '../core/errors.js';
import { isSecretPath } from '../core/secret-path.js';
import type { Tool, ToolContext, ToolResult } from '../core/tool.js';
import { failedResult } from './file-error.js';
import { findRipgrep } from './find-ripgrep.js';
import type { SearchToolOptions } from './glob.js';
import { shownPattern, shownPlace } from './pattern-words.js';
import { searchWithRipgrep } from './ripgrep-search.js';
import type { SearchEnd, SearchRequest } from './search.js';
import { SearchResult } from './search-result.js';
import { type SearchRoot, withSearchRoot } from './search-root.js';
import { searchByWalking } from './walking-search.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
const MAX_CONTEXT = 20;
const TIMEOUT_MS = 20_000;

export interface GrepInput {
  readonly pattern: string;
  readonly path?: string | undefined;
  readonly glob?: string | undefined;
  readonly ignoreCase?: boolean | undefined;
  readonly literal?: boolean | undefined;
  readonly context?: number | undefined;
  readonly filesOnly?: boolean | undefined;
  readonly limit?: number | undefined;
}

/** Searches in the contents of files, with ripgrep where there is one. */
export function createGrepTool(options: SearchToolOptions = {}): Tool<GrepInput> {
  return {
    name: 'Grep',
    description:
      'Search file contents by regular expression; gives path:line: text. Ignored files are left out.',
    kind: 'read',
    core: true,
    keywords: ['search', 'find', 'text', 'content', 'regex', 'occurrences', 'usages', 'where', 'references'],
    schema: z.strictObject({
      pattern: z.string().min(1),
      path: z.string().optional().describe('file or folder'),
      glob: z.string().optional().describe('only these files: "*.ts"'),
      ignoreCase: z.boolean().optional(),
      literal: z.boolean().optional(),
      context: z.number().optional().describe('lines around'),
      filesOnly: z.boolean().optional(),
      limit: z.number().optional().describe(`matches, default ${DEFAULT_LIMIT}`),
    }),
    paths: (input) => [input.path ?? '.'],
    describe: describeSearch,
    async execute(input, context) {
      try {
        return await withSearchRoot(input.path, context, (root) => grep(input, root, context, options));
      } catch (error) {
        return failedResult(error);
      }
    },
  };
}

function describeSearch({ pattern, path, glob, ignoreCase }: GrepInput): string {
  return `${shownPattern(pattern)}${ignoreCase ? ' in any case' : ''}${shownPlace(path, glob)}`;
}

async function grep(
  input: GrepInput,
  root: SearchRoot,
  context: ToolContext,
  options: SearchToolOptions,
): Promise<ToolResult> {
  if (input.pattern.includes('\0') || input.glob?.includes('\0')) {
    return { content: 'The pattern contains a NUL character. Send it without.', isError: true };
  }
  const result = new SearchResult({
    limit: clamp(input.limit ?? DEFAULT_LIMIT, 1, MAX_LIMIT),
    show: root.show,
    // Whoever names the file itself was allowed to by the permission coordinator.
    ...(root.file === undefined
      ? { hides: (path: string) => isHidden(`${root.directory}/${path}`, context) }
      : {}),
  });
  const request: SearchRequest = {
    root,
    result,
    pattern: input.pattern,
    glob: input.glob,
    ignoreCase: input.ignoreCase ?? false,
    literal: input.literal ?? false,
    context: clamp(input.context ?? 0, 0, MAX_CONTEXT),
    filesOnly: input.filesOnly ?? false,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    signal: context.signal,
  };
  const ripgrep = await (options.findRipgrep ?? findRipgrep)(process.env, context.cwd);
  const end = (ripgrep && (await searchWithRipgrep(ripgrep, request))) || (await searchByWalking(request));
  if (context.signal.aborted) throw new AbortedError();
  if (end.failed) {
    const advice = 'Mend the pattern, or set literal to search for it as it is.';
    return {
      content: `The pattern is not valid:\n${end.complaint}\n${advice}`,
      isError: true,
      summary: 'invalid pattern',
    };
  }
  return result.finish(request.filesOnly ? 'file' : 'line', notesOf(end, request));
}

function isHidden(path: string, { hides }: ToolContext): boolean {
  return isSecretPath(path) || hides?.(path) === true;
}

function notesOf(end: SearchEnd, request: SearchRequest): string[] {
  const notes: string[] = [];
  if (end.timedOut) {
    notes.push(`Stopped after ${request.timeoutMs / 1000} s; narrow the search with path or glob.`);
  }
  if (end.complaint) notes.push(`Not everything was searched: ${end.complaint.split('\n', 1)[0]}`);
  return notes;
}

function clamp(value: number, low: number, high: number): number {
  return Math.trunc(Math.min(Math.max(value, low), high));
}
