import { NullSeparated } from './null-separated.js';
import { type ProcessResult, runProcess } from './run-process.js';

export const GIT_TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 30_000;

export interface GitRequest {
  readonly command: 'status' | 'diff' | 'log' | 'show';
  /** Options of our own choice only; what a model or a repository names belongs into `paths`. */
  readonly options: readonly string[];
  /** Relative to the repository's top, taken literally. */
  readonly paths?: readonly string[];
  /** Patterns as git writes them, of what to leave out. */
  readonly without?: readonly string[];
  readonly top: string;
  readonly signal?: AbortSignal;
  readonly maxOutputBytes?: number;
}

/**
 * Settings under which no program named in a repository's configuration runs. Filters and promisor remotes carry
 * names of the repository's choice: the filters are found first and emptied one by one, and no protocol is allowed.
 */
const safeSettings: Readonly<Record<string, string>> = {
  'core.fsmonitor': 'false',
  'core.hooksPath': '/dev/null',
  'core.pager': 'cat',
  'core.quotePath': 'false',
  'color.ui': 'false',
  // A diff would write the refreshed index although nobody asked for that.
  'diff.autoRefreshIndex': 'false',
  'diff.noprefix': 'false',
  'diff.mnemonicPrefix': 'false',
  'diff.submodule': 'short',
  // Merges would be made anew with the programs that attributes name.
  'log.diffMerges': 'separate',
  // Layouts and orders may look at signatures; nothing is one to this program.
  'gpg.program': 'false',
  'gpg.openpgp.program': 'false',
  'gpg.ssh.program': 'false',
  'gpg.x509.program': 'false',
  'log.showSignature': 'false',
  'safe.bareRepository': 'explicit',
  'status.submoduleSummary': 'false',
};

/** Options that every command needs so that attributes and configuration start nothing. */
const safeOptions: Readonly<Record<GitRequest['command'], readonly string[]>> = {
  status: ['--ignore-submodules=dirty', '--no-ahead-behind'],
  diff: ['--no-ext-diff', '--no-textconv', '--ignore-submodules=dirty', '--no-color'],
  log: ['--no-ext-diff', '--no-textconv', '--ignore-submodules=dirty', '--no-color', '--no-notes'],
  show: ['--no-ext-diff', '--no-textconv', '--ignore-submodules=dirty', '--no-color', '--no-notes'],
};

/** What git is started with so that a repository's configuration starts nothing; options do the rest. */
export interface GitGuard {
  readonly environment: NodeJS.ProcessEnv;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * For git that reads in a command line of a model's, in the repository at `top`, or where there seems to be none. Where its
 * settings cannot be listed git says why itself, but never without the guard: it may have failed because of that.
 */
export async function guardGit(
  top: string | undefined,
  environment: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<GitGuard> {
  const own = withoutGitVariables(environment);
  if (top === undefined) return { environment: own, variables: gitVariables(undefined, safeSettings) };
  const { settings } = await filterSettings({ top, ...(signal ? { signal } : {}) });
  return { environment: own, variables: gitVariables(top, settings) };
}

/** Runs one reading git command in the repository at `top`, hardened against what the repository configures. */
export async function runGit(request: GitRequest): Promise<ProcessResult> {
  const { listed, settings } = await filterSettings(request);
  if (listed.exitCode !== 0) return listed;
  return git(request, settings, [
    request.command,
    ...safeOptions[request.command],
    ...request.options,
    '--',
    ...(request.paths ?? []).map((path) => `:(literal)${path}`),
    ...(request.without ?? []),
  ]);
}

type Repository = Pick<GitRequest, 'top' | 'signal' | 'maxOutputBytes'>;

/** The safe settings, with every filter that the repository configures emptied. */
async function filterSettings(repository: Repository) {
  const filters: string[] = [];
  const names = new NullSeparated();
  const list = ['config', '--list', '--name-only', '--null'];
  const listed = await git(repository, safeSettings, list, (chunk) => {
    for (const name of names.add(chunk)) filters.push(...filterName(name.toString()));
    return true;
  });
  return { listed, settings: { ...safeSettings, ...emptied(filters) } };
}

/** The filter that a configuration key such as `filter.lfs.clean` belongs to. */
function filterName(key: string): string[] {
  const name = /^filter\.(.*)\.[^.]*$/s.exec(key)?.[1];
  return name === undefined ? [] : [name];
}

function emptied(filters: readonly string[]): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const filter of filters) {
    settings[`filter.${filter}.clean`] = '';
    settings[`filter.${filter}.smudge`] = '';
    settings[`filter.${filter}.process`] = '';
    settings[`filter.${filter}.required`] = 'false';
  }
  return settings;
}

function git(
  { top, signal, maxOutputBytes }: Repository,
  settings: Readonly<Record<string, string>>,
  args: readonly string[],
  onOutput?: (chunk: Buffer) => boolean,
): Promise<ProcessResult> {
  return runProcess({
    command: ['git', '--no-pager', ...args],
    cwd: top,
    environment: withoutGitVariables(process.env),
    variables: { ...gitVariables(top, settings), LC_ALL: 'C' },
    timeoutMs: GIT_TIMEOUT_MS,
    separateErrors: true,
    maxOutputBytes: maxOutputBytes ?? MAX_OUTPUT_BYTES,
    ...(signal ? { signal } : {}),
    ...(onOutput ? { onOutput } : {}),
  });
}

function gitVariables(
  top: string | undefined,
  settings: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    GIT_OPTIONAL_LOCKS: '0',
    // A repository may say that its work tree is elsewhere, and so show the files that are there.
    ...(top === undefined ? {} : { GIT_WORK_TREE: top }),
    // Missing objects of a partial clone would be fetched by a program that the configuration names.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ATTR_NOSYSTEM: '1',
    ...settingVariables(settings),
  };
}

/** Settings as variables, because the name of a filter may hold `=`, which `-c` would split at. */
function settingVariables(settings: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(settings);
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(entries.length) };
  entries.forEach(([key, value], index) => {
    variables[`GIT_CONFIG_KEY_${index}`] = key;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return variables;
}

function withoutGitVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('GIT_')));
}
