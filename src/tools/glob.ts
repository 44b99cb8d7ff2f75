import { lstat } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import * as z from 'zod';
import { AbortedError } from '../core/errors.js';
import type { Tool, ToolContext, ToolResult } from '../core/tool.js';
import { FileError, failedResult } from './file-error.js';
import { findFiles } from './find-files.js';
import type { RipgrepFinder } from './find-ripgrep.js';
import { compileGlob } from './glob-pattern.js';
import { plural } from './model-text.js';
import { shownPlace } from './pattern-words.js';
import { type SearchRoot, withSearchRoot } from './search-root.js';

const MAX_LISTED = 200;
/** More matches than this are not sorted by time, and more than the second number are not collected. */
const MAX_SORTED = 5_000;
const MAX_FOUND = 50_000;
const TIMEOUT_MS = 20_000;

export interface GlobInput {
  readonly pattern: string;
  readonly path?: string | undefined;
}

export interface SearchToolOptions {
  readonly findRipgrep?: RipgrepFinder;
  /** How long a search may take. */
  readonly timeoutMs?: number;
}

interface Found {
  readonly paths: Buffer[];
  /** The search ended before it had seen everything. */
  readonly incomplete: boolean;
}

/** Finds files by their names, newest first. */
export function createGlobTool(options: SearchToolOptions = {}): Tool<GlobInput> {
  return {
    name: 'Glob',
    description: 'Find files by a glob such as "src/**/*.ts", newest first. Ignored files are left out.',
    kind: 'read',
    core: true,
    keywords: ['find', 'files', 'names', 'pattern', 'locate', 'which', 'where', 'list'],
    schema: z.strictObject({ pattern: z.string().min(1), path: z.string().optional() }),
    paths: (input) => [input.path ?? '.'],
    describe: ({ pattern, path }) => `${pattern}${shownPlace(path)}`,
    async execute(input, context) {
      try {
        return await withSearchRoot(input.path, context, (root) => glob(input, root, context, options));
      } catch (error) {
        return failedResult(error);
      }
    },
  };
}

async function glob(
  input: GlobInput,
  root: SearchRoot,
  context: ToolContext,
  options: SearchToolOptions,
): Promise<ToolResult> {
  if (root.file !== undefined) {
    throw new FileError('path', `${input.path} is a file.`, { advice: 'Give the folder to search as path.' });
  }
  const matches = compileGlob(relativePattern(input.pattern, root.directory));
  const paths: Buffer[] = [];
  const { incomplete } = await findFiles({
    root,
    workspace: context.cwd,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    signal: context.signal,
    findRipgrep: options.findRipgrep,
    take(path) {
      if (matches(path.toString())) paths.push(path);
      return paths.length < MAX_FOUND;
    },
  });
  if (context.signal.aborted) throw new AbortedError();
  return report(input, root, { paths, incomplete });
}

/** Patterns are relative to the folder searched; an absolute one inside it is meant that way too. */
function relativePattern(pattern: string, directory: string): string {
  if (!isAbsolute(pattern)) return pattern;
  const inside = relative(directory, pattern);
  if (!inside.startsWith('..') && !isAbsolute(inside)) return inside;
  throw new FileError('path', `The pattern ${pattern} is not inside ${directory}.`, {
    advice: 'Give the folder as path and a relative pattern.',
  });
}

async function report(input: GlobInput, root: SearchRoot, found: Found): Promise<ToolResult> {
  const count = found.paths.length;
  const atLeast = found.incomplete ? 'at least ' : '';
  if (count === 0) {
    const how = found.incomplete ? 'was found before the time was up' : `matches ${input.pattern}`;
    return { content: `[No file ${how}.]`, summary: 'no files' };
  }
  const sorted = count <= MAX_SORTED ? await newestFirst(root.directory, found.paths) : found.paths;
  const lines = sorted.slice(0, MAX_LISTED).map((path) => root.show(path));
  if (count > MAX_LISTED || found.incomplete) {
    const order = count <= MAX_SORTED ? ', newest first' : '';
    lines.push(
      `[${lines.length} of ${atLeast}${count} files${order}. Narrow the pattern or path to see others.]`,
    );
  }
  return { content: lines.join('\n'), summary: atLeast + plural(count, 'file') };
}

async function newestFirst(directory: string, paths: readonly Buffer[]): Promise<Buffer[]> {
  const folder = Buffer.from(`${directory}/`);
  const timed = await Promise.all(
    paths.map(async (path) => {
      const stats = await lstat(Buffer.concat([folder, path])).catch(() => undefined);
      return { path, time: stats?.mtimeMs ?? 0 };
    }),
  );
  timed.sort((a, b) => b.time - a.time || Buffer.compare(a.path, b.path));
  return timed.map(({ path }) => path);
}
