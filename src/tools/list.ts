import { lstat } from 'node:fs/promises';
import * as z from 'zod';
import { AbortedError } from '../core/errors.js';
import type { Tool, ToolContext, ToolResult } from '../core/tool.js';
import { FileError, failedResult, fileError } from './file-error.js';
import { type IgnoreRules, ignoreRulesOf } from './ignore-rules.js';
import { formatBytes, plural } from './model-text.js';
import { type SearchRoot, withSearchRoot } from './search-root.js';
import { shownName } from './shown-name.js';
import { type Entry, openDirectory } from './walk.js';

const MAX_ROWS = 500;
const MAX_DEPTH = 5;
/** Entries of one folder that are looked at; the order is only known among these. */
const MAX_ENTRIES = 2_000;
/** Their contents are never of interest. */
const closedFolders = new Set(['.git', 'node_modules']);

export interface ListInput {
  readonly path?: string | undefined;
  readonly depth?: number | undefined;
}

/** Lists a folder: folders first, sizes of files, what git ignores marked and not entered. */
export function createListTool(): Tool<ListInput> {
  return {
    name: 'List',
    description: 'List a folder with file sizes.',
    kind: 'read',
    core: true,
    keywords: ['ls', 'directory', 'folder', 'files', 'tree', 'structure', 'contents'],
    schema: z.strictObject({
      path: z.string().optional(),
      depth: z.number().optional().describe(`levels, default 1, at most ${MAX_DEPTH}`),
    }),
    paths: (input) => [input.path ?? '.'],
    describe: (input) => input.path ?? '.',
    async execute(input, context) {
      try {
        return await withSearchRoot(input.path, context, (root) => list(input, root, context));
      } catch (error) {
        return failedResult(error);
      }
    },
  };
}

interface Listing {
  readonly rows: string[];
  readonly signal: AbortSignal;
  /** Entries that did not fit. */
  left: number;
  /** A folder had too many entries to look at them all. */
  endless: boolean;
}

async function list(
  input: ListInput,
  { directory, file }: SearchRoot,
  context: ToolContext,
): Promise<ToolResult> {
  const shown = input.path ?? '.';
  if (file !== undefined)
    throw new FileError('path', `${shown} is a file.`, { advice: 'Use Read to see it.' });
  const listing: Listing = { rows: [], signal: context.signal, left: 0, endless: false };
  const depth = Math.trunc(Math.min(Math.max(input.depth ?? 1, 1), MAX_DEPTH));
  try {
    await addFolder(listing, Buffer.from(directory), await ignoreRulesOf(directory), { depth, indent: '' });
  } catch (error) {
    throw fileError(error, 'list', shown);
  }
  if (listing.rows.length === 0) return { content: `${shown} is empty.`, summary: 'empty' };
  const summary = plural(listing.rows.length, 'entry', 'entries');
  if (listing.left > 0 || listing.endless) {
    const atLeast = listing.endless ? 'at least ' : '';
    listing.rows.push(`[${atLeast}${listing.left} more. Use Glob with a pattern, or List a folder below.]`);
  }
  return { content: listing.rows.join('\n'), summary };
}

async function addFolder(
  listing: Listing,
  directory: Buffer,
  rules: IgnoreRules,
  place: { readonly depth: number; readonly indent: string },
): Promise<void> {
  const { entries, endless } = await sortedEntries(directory);
  if (endless) listing.endless = true;
  for (const entry of entries) {
    if (listing.signal.aborted) throw new AbortedError();
    if (listing.rows.length >= MAX_ROWS) {
      listing.left += 1;
      continue;
    }
    const path = Buffer.concat([directory, Buffer.from(directory.length === 1 ? '' : '/'), entry.name]);
    const closed = entry.isDirectory && closedFolders.has(entry.name.toString());
    const ignored = !closed && rules.ignores(path.toString(), entry.isDirectory);
    listing.rows.push(`${place.indent}${await rowOf(entry, path)}${ignored ? '  (ignored)' : ''}`);
    if (!entry.isDirectory || closed || ignored || place.depth <= 1) continue;
    const inside = await rules.inside(path.toString());
    const below = { depth: place.depth - 1, indent: `${place.indent}  ` };
    await addFolder(listing, path, inside, below).catch((error: unknown) => {
      if (error instanceof AbortedError) throw error;
      listing.rows.push(`${below.indent}(not readable)`);
    });
  }
}

async function sortedEntries(directory: Buffer): Promise<{ entries: Entry[]; endless: boolean }> {
  const entries: Entry[] = [];
  let endless = false;
  for await (const entry of openDirectory(directory)) {
    if (entries.length >= MAX_ENTRIES) {
      endless = true;
      break;
    }
    entries.push(entry);
  }
  entries.sort((a, b) => Number(b.isDirectory) - Number(a.isDirectory) || Buffer.compare(a.name, b.name));
  return { entries, endless };
}

async function rowOf(entry: Entry, path: Buffer): Promise<string> {
  const name = shownName(entry.name);
  if (entry.isDirectory) return `${name}/`;
  if (entry.isLink) return `${name}  (link)`;
  if (!entry.isFile) return `${name}  (special)`;
  const stats = await lstat(path).catch(() => undefined);
  return stats ? `${name}  ${formatBytes(stats.size)}` : name;
}
