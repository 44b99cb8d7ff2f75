import type { Judgement } from './judgement.js';
import { type GivenOptions, type OptionList, readOptions } from './options.js';
import { folderPassedOver, grepGuards, ripgrepGuards } from './search-guards.js';

const shared =
  '-# -n -i -v -w -x -c -l -o -q -F -H -s -a -U -e+ -A: -B: -C: -m: --regexp: --line-number --ignore-case --invert-match --word-regexp --line-regexp --count --files-with-matches --only-matching --quiet --fixed-strings --with-filename --after-context: --before-context: --context: --max-count: --text ';

/** Never -f, -R (it follows links out of the workspace), -d and -D. */
const grepOptions: OptionList = `${shared} -E -G -P -L -h -r -I -T -y --recursive --extended-regexp --basic-regexp --perl-regexp --files-without-match --no-filename --no-messages --include: --exclude: --exclude-dir: --color? --colour? --byte-offset -b`;

/** Never --pre, --hostname-bin, -z, -f, -L, and nothing that shows hidden or ignored files. */
const ripgrepOptions: OptionList = `${shared} -S -N -I -p -P -g: -t: -T: -r: -d: -j: -M: --smart-case --case-sensitive --no-line-number --no-filename --files --files-without-match --count-matches --glob: --iglob: --type: --type-not: --type-list --max-depth: --max-columns: --no-heading --heading --pretty --color: --sort: --sortr: --json --stats --column --vimgrep --trim --multiline --multiline-dotall --pcre2 --replace: --no-messages --no-config`;

export function judgeGrep(words: readonly string[]): Judgement {
  const options = readOptions(words, grepOptions);
  if ('unknown' in options) return unvouched(options.unknown);
  const paths = filesOf(options, false);
  if (paths === undefined) return { unsure: 'grep has no pattern.' };
  if (!options.given.has('-r') && !options.given.has('--recursive')) return { paths };
  const folder = folderPassedOver(paths);
  if (folder !== undefined) return { unsure: `Some of what is in ${folder} may be secrets.` };
  return guarded(words, options, paths, grepGuards);
}

export function judgeRipgrep(words: readonly string[]): Judgement {
  const options = readOptions(words, ripgrepOptions);
  if ('unknown' in options) return unvouched(options.unknown);
  const paths = filesOf(options, options.given.has('--files') || options.given.has('--type-list'));
  if (paths === undefined) return { unsure: 'rg has no pattern.' };
  return guarded(words, options, paths, ripgrepGuards);
}

function guarded(
  words: readonly string[],
  { optionsEnd }: GivenOptions,
  paths: readonly string[],
  guards: readonly string[],
): Judgement {
  return { paths: paths.length === 0 ? ['.'] : paths, guarded: words.toSpliced(optionsEnd, 0, ...guards) };
}

/** The operands that are files: the first is the pattern unless an option gave it. */
function filesOf({ operands, given }: GivenOptions, noPattern: boolean): readonly string[] | undefined {
  if (noPattern || given.has('-e') || given.has('--regexp')) return operands;
  return operands.length === 0 ? undefined : operands.slice(1);
}

function unvouched(option: string): Judgement {
  return { unsure: `Nobody has vouched for its option ${option}.` };
}
