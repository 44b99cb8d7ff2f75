import type { GivenOptions } from './options.js';
import { gitGuards } from './search-guards.js';

/** Under each of these git prints lines of files, or tells whether a text stands in one. */
const linesOf =
  '-p -u -U -c -m -S -G -W --patch --unified --word-diff --word-diff-regex --color-words --check --function-context'.split(
    ' ',
  );
/** Under each of these, and none of the others, it prints names and numbers only. */
const namesOf =
  '-s --no-patch --stat --numstat --shortstat --summary --name-only --name-status --raw --dirstat --compact-summary --quiet'.split(
    ' ',
  );

/** What keeps secrets out of what a git command prints: words behind its own; `unsure` where git takes none. */
export type GitContents =
  | { readonly options: readonly string[]; readonly paths: readonly string[] }
  | { readonly unsure: string };

const nothing: GitContents = { options: [], paths: [] };
/** Paths leave out commits that change none of them; these options bring them back. */
const allCommits = ['--full-history', '--sparse'];

/** How a git command that shows contents is kept from those that may be secret, by its name and what it was given. */
export function guardContents(name: string, { operands, given }: GivenOptions): GitContents {
  const has = (options: readonly string[]) => options.some((option) => given.has(option));
  const onlyNames = has(namesOf) && !has(linesOf);
  if (name === 'diff') return onlyNames ? nothing : { options: [], paths: gitGuards };
  if (name === 'log') {
    if (!has(linesOf)) return nothing;
    // It takes exactly one path, and follows it to names that nobody was asked about.
    if (given.has('--follow')) return { unsure: 'It may follow a file to one that holds secrets.' };
    return { options: operands.length === 0 ? allCommits : [], paths: gitGuards };
  }
  if (name === 'show') {
    if (operands.some((operand) => /\^\{(?!commit\})/.test(operand)))
      return { unsure: 'It may show a file without its name.' };
    return onlyNames ? nothing : { options: allCommits, paths: gitGuards };
  }
  if (name === 'stash') {
    const safe = operands[0] === 'list' ? !has(linesOf) : onlyNames;
    return safe ? nothing : { unsure: 'git can leave no secrets out of what a stash holds.' };
  }
  if (name === 'cat-file') {
    const named = operands.every((operand) => operand.includes(':'));
    // `blob` and a number show a file too.
    return named || has(['-t', '-s', '-e']) ? nothing : { unsure: 'It may show a file without its name.' };
  }
  return nothing;
}

/** The number of a file shows it without its name, so a number that `git show` is given must be one of a commit. */
export function ofCommit(word: string): string {
  return /^(?:.*-g)?[0-9a-f]{4,64}$/i.test(word) ? `${word}^{commit}` : word;
}
