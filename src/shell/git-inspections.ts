import { guardContents, ofCommit } from './git-contents.js';
import type { Judgement } from './judgement.js';
import { type GivenOptions, type OptionList, readOptions } from './options.js';

/** Never --output, --ext-diff, --textconv, --no-index, -O and --submodule. */
const diffOptions =
  '-p -u -s -U? -w -b -M? -C? -D -R -a -z -S: -G: -l: --patch --no-patch --stat? --numstat --shortstat --summary --name-only --name-status --cached --staged --unified? --ignore-all-space --ignore-space-change --ignore-space-at-eol --ignore-blank-lines --word-diff? --word-diff-regex: --color? --no-color --color-words? --diff-filter: --minimal --patience --histogram --diff-algorithm: --check --raw --exit-code --quiet --find-renames? --no-renames --compact-summary --dirstat? --relative? --no-ext-diff --no-textconv --merge-base --text --full-index --no-prefix --function-context -W --pickaxe-all --pickaxe-regex';
const commitOptions =
  '-# -n: -i -E -F -P -m -c --oneline --max-count: --skip: --since: --until: --after: --before: --author: --committer: --grep: --all-match --invert-grep --all --branches? --tags? --remotes? --glob: --exclude: --graph --decorate? --no-decorate --decorate-refs: --format: --pretty? --abbrev-commit --no-abbrev-commit --abbrev? --no-merges --merges --first-parent --follow --reverse --date: --relative-date --topo-order --date-order --author-date-order --full-history --left-right --cherry-pick --cherry --boundary --parents --children --source --left-only --right-only --no-notes --no-mailmap --no-walk? --ancestry-path --simplify-by-decoration --regexp-ignore-case --extended-regexp --fixed-strings';

interface Inspection {
  readonly options: OptionList;
  /** What else must hold; a text says why it does not. */
  readonly problem?: (given: GivenOptions) => string | undefined;
  /** Shows what stands in files. */
  readonly shows?: true;
}

/** Without an option that makes it list, such a command would create what it is given. */
const onlyLists =
  (...listing: readonly string[]) =>
  ({ operands, given }: GivenOptions) =>
    operands.length > 0 && !listing.some((name) => given.has(name))
      ? 'It may create what it names.'
      : undefined;

const onlyFirst =
  (...words: readonly string[]) =>
  ({ operands }: GivenOptions) =>
    words.includes(operands[0] ?? '') ? undefined : 'Only its listing form is known to read.';

/** Each inspection with its options; a test asks git itself which of them take a value. */
export const inspections: ReadonlyMap<string, Inspection> = new Map<string, Inspection>([
  [
    'status',
    {
      options:
        '-s -b -u? -z --short --branch --porcelain? --untracked-files? --ignored? --long --show-stash --column? --no-renames --no-ahead-behind',
    },
  ],
  ['diff', { options: diffOptions, shows: true }],
  ['log', { options: `${commitOptions} ${diffOptions}`, shows: true }],
  ['show', { options: `${commitOptions} ${diffOptions}`, shows: true }],
  [
    'branch',
    {
      options:
        '-a -r -v -l --all --remotes --verbose --list --show-current --contains: --no-contains: --merged? --no-merged? --sort: --format: --points-at: --color? --no-color --column?',
      problem: onlyLists('-l', '--list'),
    },
  ],
  [
    'tag',
    {
      options:
        '-l -n? --list --sort: --contains: --no-contains: --merged? --no-merged? --points-at: --format: --column?',
      problem: onlyLists('-l', '--list'),
    },
  ],
  [
    'remote',
    {
      options: '-v --verbose',
      problem: ({ operands }) =>
        operands.length === 0 || (operands[0] === 'get-url' && operands.length === 2)
          ? undefined
          : 'It may change remotes or ask one.',
    },
  ],
  [
    'rev-parse',
    {
      options:
        '-q --abbrev-ref? --show-toplevel --show-prefix --show-cdup --short? --verify --git-dir --git-common-dir --absolute-git-dir --is-inside-work-tree --is-bare-repository --is-inside-git-dir --symbolic-full-name --quiet',
    },
  ],
  [
    'ls-files',
    {
      options:
        '-m -o -d -c -s -t -z -u -i --modified --others --deleted --cached --stage --exclude-standard --full-name --unmerged --ignored --error-unmatch --directory --deduplicate --eol',
    },
  ],
  [
    'ls-tree',
    { options: '-r -t -d -l -z --name-only --name-status --long --full-tree --full-name --abbrev?' },
  ],
  [
    'blame',
    {
      options:
        '-L: -w -s -l -e -f -n -t -M? -C? --date: --porcelain --line-porcelain --show-email --show-name --show-number --since: --first-parent --abbrev?',
      shows: true,
    },
  ],
  [
    'describe',
    {
      options:
        '--tags --always --all --long --abbrev? --match: --exclude: --exact-match --contains --candidates: --first-parent',
    },
  ],
  ['shortlog', { options: '-s -n -e --summary --numbered --email --no-merges --since: --until: --all' }],
  [
    'rev-list',
    {
      options:
        '-# -n: --count --all --max-count: --skip: --since: --until: --author: --no-merges --merges --first-parent --reverse --left-right --branches? --tags? --remotes? --objects --parents',
    },
  ],
  ['merge-base', { options: '-a --all --is-ancestor --fork-point --octopus' }],
  ['name-rev', { options: '--tags --name-only --refs: --always --no-undefined' }],
  ['show-ref', { options: '-d -s -q --heads --tags --hash? --abbrev? --verify --head' }],
  [
    'for-each-ref',
    { options: '--sort: --format: --count: --contains? --no-contains? --merged? --no-merged? --points-at:' },
  ],
  ['cat-file', { options: '-t -s -p -e', shows: true }],
  ['check-ignore', { options: '-v -q -n -z --verbose --quiet --non-matching --no-index' }],
  ['count-objects', { options: '-v -H --verbose --human-readable' }],
  [
    'stash',
    {
      // Never -n: its number would be the stash for show, and the next option its number.
      options: '-p -u --stat? --numstat --name-only --name-status --patch --oneline -#',
      problem: onlyFirst('list', 'show'),
      shows: true,
    },
  ],
  [
    'reflog',
    {
      options: '-# -n: --oneline --date: --max-count: --all',
      // A word behind it may be a command of its own that changes the reflog.
      problem: ({ operands }) => (operands.length > 0 ? 'It may change the reflog.' : undefined),
    },
  ],
  [
    'worktree',
    {
      options: '--porcelain -v -z',
      problem: ({ operands }) =>
        operands.length === 1 && operands[0] === 'list'
          ? undefined
          : 'Only its listing form is known to read.',
    },
  ],
  [
    'config',
    { options: '--get: --get-all: --local --global --show-origin --show-scope', problem: whyNoPlainSetting },
  ],
]);

const layouts = /^(?:|oneline|short|medium|full|fuller|reference|email|raw|t?format:.*|.*%.*)$/s;

/** Only inspections, only with known options. They are safe to run only hardened against the repository's configuration. */
export function judgeGit(words: readonly string[]): Judgement {
  const rest = words[0] === '--no-pager' ? words.slice(1) : words;
  if (rest.length === 1 && rest[0] === '--version') return { paths: [] };
  const inspection = inspections.get(rest[0] ?? '');
  if (!inspection) return { unsure: `git ${rest[0] ?? ''} is not known to read only.` };
  const options = readOptions(rest.slice(1), inspection.options);
  if ('unknown' in options) return { unsure: `Nobody has vouched for its option ${options.unknown}.` };
  const problem = inspection.problem?.(options) ?? whyLayoutRuns(options);
  if (problem !== undefined) return { unsure: problem };
  const contents = guardContents(rest[0]!, options);
  if ('unsure' in contents) return contents;
  if (options.operands.some((operand) => operand.split(':').length > MOST_PARTS))
    return { unsure: 'Nobody can tell which file it names.' };
  const paths = options.operands.flatMap(pathsOf);
  const guarded = guardedWords(words, options, contents.options).concat(contents.paths);
  return inspection.shows ? { paths, guarded } : { paths, shown: [], guarded };
}

/** Options under which the attributes and submodules of a repository start no program. */
const noDrivers = ['--no-ext-diff', '--no-textconv', '--ignore-submodules=dirty'];
/** Else the configuration chooses the layout, and checking the signatures in one starts the program that it names. */
const noSignatures = [...noDrivers, '--pretty=medium'];
const guards: ReadonlyMap<string, readonly string[]> = new Map([
  ['status', ['--ignore-submodules=dirty']],
  ['diff', noDrivers],
  ['log', noSignatures],
  ['show', noSignatures],
  ['reflog', ['--pretty=oneline', '--abbrev-commit']],
  // Of a file elsewhere that the configuration names, the first line would be in the message that it cannot be read.
  ['blame', ['--no-textconv', '--no-ignore-revs-file']],
  ['stash', noDrivers],
]);

/** Behind the names of the command, because there the options of the model's cannot come before them. */
function guardedWords(
  words: readonly string[],
  { operands, optionsEnd }: GivenOptions,
  more: readonly string[],
): readonly string[] {
  const at = words[0] === '--no-pager' ? 1 : 0;
  const name = words[at] ?? '';
  const behind = name === 'stash' ? at + 2 : at + 1;
  const own = words.slice(behind);
  // Behind `--` stand paths.
  const named = (word: string, at: number) => at < optionsEnd && operands.includes(word);
  const numbered = name === 'show' ? own.map((word, at) => (named(word, at) ? ofCommit(word) : word)) : own;
  return [...words.slice(0, behind), ...(guards.get(name) ?? []), ...more, ...numbered];
}

/** Of an operand between its colons; a time has a few. */
const MOST_PARTS = 10;

/** `HEAD:.env` and `:0:.env` show a file as `.env` does; a time before the name has colons of its own. */
function pathsOf(operand: string): string[] {
  const parts = operand.split(':');
  return parts.map((_, at) => parts.slice(at).join(':'));
}

/** Layouts with signatures start the program that the repository names for checking them; so may aliases of layouts. */
function whyLayoutRuns({ given }: GivenOptions): string | undefined {
  const used = [...(given.get('--format') ?? []), ...(given.get('--pretty') ?? [])];
  const orders = given.get('--sort') ?? [];
  if ([...used, ...orders].some((layout) => /%[-+ ]?G|signature/i.test(layout)))
    return 'Checking a signature runs a program.';
  return used.every((layout) => layouts.test(layout))
    ? undefined
    : 'The repository says what this layout means.';
}

const plainSetting =
  /^(?:user\.(?:name|email)|core\.(?:bare|autocrlf|eol|filemode|ignorecase|hookspath|editor)|init\.defaultbranch|branch\.[\w./-]+\.(?:remote|merge)|pull\.rebase|push\.default)$/i;

/** Other settings may hold passwords; without `--get` it would write. */
function whyNoPlainSetting({ operands, given }: GivenOptions): string | undefined {
  const asked = [...(given.get('--get') ?? []), ...(given.get('--get-all') ?? [])];
  if (operands.length > 0 || asked.length === 0) return 'Only git config --get is known to read.';
  return asked.every((name) => plainSetting.test(name)) ? undefined : 'The setting may hold a secret.';
}
