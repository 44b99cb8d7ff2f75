import { realpath } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import * as z from 'zod';
import { AbortedError, VictorError } from '../core/errors.js';
import { isSecretPath } from '../core/secret-path.js';
import type { Tool, ToolContext, ToolResult } from '../core/tool.js';
import { gitGuards } from '../shell/search-guards.js';
import { FileError, failedResult } from './file-error.js';
import { GIT_TIMEOUT_MS, runGit } from './git-command.js';
import { formatBytes, modelText, plural } from './model-text.js';
import { NullSeparated } from './null-separated.js';
import { outputText } from './output-capture.js';
import { repositoryTop } from './repository-top.js';
import { absolutePath, writablePath } from './resolve-path.js';
import type { ProcessResult } from './run-process.js';
import { shownName } from './shown-name.js';

const MAX_STATUS_BYTES = 1_000_000;
const MAX_STATUS_LINES = 200;

/** Branch and changed files of the repository around the working directory. */
export function createGitStatusTool(): Tool<Record<string, never>> {
  return {
    name: 'GitStatus',
    description: 'Show the git branch and the changed files.',
    kind: 'read',
    keywords: ['git', 'status', 'changes', 'modified', 'untracked', 'branch', 'uncommitted'],
    schema: z.strictObject({}),
    paths: () => ['.'],
    describe: () => 'git status',
    execute: (_, context) => withGitErrors(() => gitStatus(context)),
  };
}

async function gitStatus(context: ToolContext): Promise<ToolResult> {
  const top = await repositoryTop(context.cwd);
  const result = await runGit({
    command: 'status',
    options: ['--porcelain=v1', '--branch', '-z', '--untracked-files=normal'],
    paths: [await insideTop('.', top, context.cwd)],
    top,
    signal: context.signal,
    maxOutputBytes: MAX_STATUS_BYTES,
  });
  assertSuccess(result, context);
  const records = new NullSeparated().add(Buffer.concat([result.output.head, result.output.tail]));
  const rows = statusRows(records);
  const [branch, ...changes] = rows;
  const lines = [branch ?? '', ...changes.slice(0, MAX_STATUS_LINES)];
  if (changes.length === 0) lines.push('[Nothing changed.]');
  if (changes.length > MAX_STATUS_LINES) lines.push(`[${changes.length - MAX_STATUS_LINES} more files]`);
  return { content: lines.join('\n'), summary: plural(changes.length, 'changed file') };
}

/** `XY path` for each file; a rename has its old name in a record of its own. */
function statusRows(records: readonly Buffer[]): string[] {
  const rows: string[] = [];
  for (let index = 0; index < records.length; index += 1) {
    const record = records[index] as Buffer;
    const code = record.toString('latin1', 0, 2);
    let row = `${code} ${shownName(record.subarray(3))}`;
    if (/[RC]/.test(code)) {
      index += 1;
      row += ` (was ${shownName(records[index] ?? '')})`;
    }
    rows.push(row);
  }
  return rows;
}

export interface GitDiffInput {
  readonly path?: string | undefined;
  readonly staged?: boolean | undefined;
}

/** What changed in the files since the last commit or the index. */
export function createGitDiffTool(): Tool<GitDiffInput> {
  return {
    name: 'GitDiff',
    description: 'Show unstaged changes as a git diff, or staged ones.',
    kind: 'read',
    keywords: ['git', 'diff', 'changes', 'changed', 'patch', 'review', 'staged', 'uncommitted'],
    schema: z.strictObject({ path: z.string().optional(), staged: z.boolean().optional() }),
    showsContents: true,
    paths: (input) => [input.path ?? '.'],
    describe: ({ path, staged }) => ['git diff', staged && '--staged', path].filter(Boolean).join(' '),
    execute: (input, context) => withGitErrors(() => gitDiff(input, context)),
  };
}

/** What git prints of a file that only looks changed, because its index is left as it is. */
const unchangedFile = /^diff --git .*\n(?=diff --git |(?![\s\S]))/gm;

async function gitDiff(input: GitDiffInput, context: ToolContext): Promise<ToolResult> {
  const top = await repositoryTop(context.cwd);
  const path = await insideTop(input.path ?? '.', top, context.cwd);
  const result = await runGit({
    command: 'diff',
    options: input.staged ? ['--cached'] : [],
    paths: [path],
    // A secret that is given by its name is one that a rule of the user's names.
    without: isSecretPath(path) ? [] : gitGuards,
    top,
    signal: context.signal,
  });
  assertSuccess(result, context);
  const text = outputText(result.output).replace(unchangedFile, '').trimEnd();
  if (text === '') {
    const other = input.staged ? 'without staged' : 'with staged: true';
    return { content: `[No changes. Try ${other} for the others.]`, summary: 'no changes' };
  }
  const note = result.output.truncatedBytes > 0 ? '\n[Give a path to see one file in full.]' : '';
  return { content: text + note, summary: formatBytes(result.output.totalBytes) };
}

/** A path of the model as git should take it; it need not exist any more, because a diff shows deleted files too. */
async function insideTop(path: string, top: string, cwd: string): Promise<string> {
  const absolute = absolutePath(path, cwd);
  // The last part is not resolved: git speaks of a link itself, not of what it leads to.
  const folder = await writablePath(dirname(absolute), { cwd });
  const real = absolute === cwd ? await realpath(cwd) : join(folder.realPath, basename(absolute));
  const inside = relative(top, real);
  if (inside === '..' || inside.startsWith('../')) {
    throw new FileError('path', `${path} is outside the git repository ${top}.`, {
      advice: 'Give a path inside it.',
    });
  }
  return inside === '' ? '.' : inside;
}

function assertSuccess(result: ProcessResult, context: ToolContext): void {
  if (context.signal.aborted) throw new AbortedError();
  if (result.failure) throw new VictorError('git', result.failure.message);
  if (result.timedOut) throw new VictorError('git', `git gave no answer within ${GIT_TIMEOUT_MS / 1000} s.`);
  if (result.exitCode === 0) return;
  const said = result.errorOutput ? modelText(outputText(result.errorOutput)).trim() : '';
  throw new VictorError('git', `git failed: ${said || `exit code ${result.exitCode}`}`);
}

async function withGitErrors(run: () => Promise<ToolResult>): Promise<ToolResult> {
  try {
    return await run();
  } catch (error) {
    return failedResult(error);
  }
}
