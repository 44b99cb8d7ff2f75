import { judgeFind } from './find-expression.js';
import { judgeGit } from './git-inspections.js';
import type { Judge, Judgement } from './judgement.js';
import { type GivenOptions, type OptionList, readOptions } from './options.js';
import { judgeGrep, judgeRipgrep } from './search-commands.js';
import { judgeSed } from './sed-script.js';

/** Judges by a table of options; without more, every operand is a file whose content is shown. */
function withOptions(
  list: OptionList,
  judge: (options: GivenOptions) => Judgement = ({ operands }) => ({ paths: operands }),
): Judge {
  return (words) => {
    const options = readOptions(words, list);
    if ('unknown' in options) return { unsure: `Nobody has vouched for its option ${options.unknown}.` };
    return judge(options);
  };
}

/** Lists files or tells of them, without their content. */
const namesOnly = ({ operands }: GivenOptions): Judgement => ({ paths: operands, shown: [] });
/** Of old an operand such as `+5` was an option. */
const filesWithoutPlus = ({ operands }: GivenOptions): Judgement => {
  const old = operands.find((operand) => operand.startsWith('+'));
  return old === undefined ? { paths: operands } : { unsure: `${old} may be an option.` };
};
const textOnly = (): Judgement => ({ paths: [] });
const noOperands = ({ operands }: GivenOptions): Judgement =>
  operands.length === 0 ? { paths: [] } : { unsure: 'It takes no words here.' };

/** Each command that may run unasked, with every option that was looked at; an option that is missing asks. */
export const readOnlyCommands: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  [
    'ls',
    withOptions(
      '-a -A -b -B -c -C -d -f -F -g -G -h -H -i -k -l -L -m -n -N -o -p -q -Q -r -R -s -S -t -u -U -v -x -X -1 --all --almost-all --color? --directory --human-readable --recursive --reverse --size --sort: --time: --group-directories-first --full-time --inode --classify? --format: --time-style:',
      namesOnly,
    ),
  ],
  ['cat', withOptions('-n -A -b -s -E -T -v -e -t --number --number-nonblank --show-all --squeeze-blank')],
  ['head', withOptions('-# -n: -c: -q -v --lines: --bytes: --quiet --verbose')],
  // Never -f: it does not end.
  ['tail', withOptions('-# -n: -c: -q -v --lines: --bytes: --quiet --verbose', filesWithoutPlus)],
  ['wc', withOptions('-l -w -c -m -L --lines --words --bytes --chars --max-line-length', namesOnly)],
  ['nl', withOptions('-b: -n: -w: -s: -v: -i: -h: -f: -d: -p')],
  ['tac', withOptions('-b -r -s:')],
  ['rev', withOptions('')],
  [
    'cut',
    withOptions(
      '-d: -f: -c: -b: -s -n -z --delimiter: --fields: --characters: --bytes: --only-delimited --complement --output-delimiter:',
    ),
  ],
  ['tr', withOptions('-d -s -c -C -t --delete --squeeze-repeats --complement', textOnly)],
  // Never -o, --compress-program, -T or --files0-from.
  [
    'sort',
    withOptions(
      '-n -r -u -f -b -h -V -g -M -s -c -C -z -d -i -k: -t: --numeric-sort --reverse --unique --ignore-case --human-numeric-sort --version-sort --key: --field-separator: --stable --check?',
      filesWithoutPlus,
    ),
  ],
  // A second operand would be written.
  [
    'uniq',
    withOptions(
      '-c -d -D -u -i -z -f: -s: -w: --count --repeated --unique --ignore-case --skip-fields: --skip-chars:',
      (options) =>
        options.operands.length > 1
          ? { unsure: 'uniq writes to its second file.' }
          : filesWithoutPlus(options),
    ),
  ],
  ['column', withOptions('-t -s: -o: --table --separator: --output-separator:')],
  [
    'diff',
    withOptions(
      '-u -q -s -b -w -B -i -y -a -N -E -U: -c -C: --unified? --brief --side-by-side --ignore-all-space --ignore-space-change --ignore-blank-lines --ignore-case --color? --width: --suppress-common-lines --new-file --text --report-identical-files',
    ),
  ],
  ['cmp', withOptions('-s -l -b -n: --silent --quiet --verbose --bytes: --print-bytes')],
  ['stat', withOptions('-L -f -t -c: --dereference --format: --printf: --terse', namesOnly)],
  ['file', withOptions('-b -i -L -h --brief --mime --mime-type --mime-encoding', namesOnly)],
  [
    'du',
    withOptions(
      '-s -h -a -c -k -m -b -x -d: --summarize --human-readable --all --total --max-depth: --exclude: --apparent-size',
      namesOnly,
    ),
  ],
  ['df', withOptions('-h -H -k -i -T -a -P --human-readable --print-type', namesOnly)],
  // -o writes and -R may, with -H. What is attached to -L, -I or -P are further options to it.
  [
    'tree',
    withOptions(
      '-a -d -f -i -s -h -p -u -g -D -F -C -n -L! -I! -P! --dirsfirst --noreport --gitignore --prune --du --filelimit:',
      namesOnly,
    ),
  ],
  ['basename', withOptions('-a -s: -z --multiple --suffix:', textOnly)],
  ['dirname', withOptions('-z --zero', textOnly)],
  [
    'realpath',
    withOptions('-e -m -s -z -q --canonicalize-existing --canonicalize-missing --no-symlinks', namesOnly),
  ],
  ['readlink', withOptions('-f -e -m -n -q -z --canonicalize', namesOnly)],
  ['pwd', withOptions('-P -L', noOperands)],
  ['true', withOptions('', noOperands)],
  ['false', withOptions('', noOperands)],
  ['which', withOptions('-a', textOnly)],
  ['echo', () => ({ paths: [] })],
  ['printf', judgePrintf],
  ['test', judgeTest],
  [
    'date',
    withOptions('-u -R -I? -d: --utc --universal --iso-8601? --date:', ({ operands }) =>
      operands.every((one) => one.startsWith('+')) ? { paths: [] } : { unsure: 'date may set the clock.' },
    ),
  ],
  [
    'jq',
    withOptions(
      '-r -c -s -S -e -n -M -C -j -a --raw-output --compact-output --slurp --sort-keys --exit-status --null-input --monochrome-output --color-output --tab --indent:',
      judgeJq,
    ),
  ],
  ['sed', judgeSed],
  ['grep', judgeGrep],
  ['rg', judgeRipgrep],
  ['find', judgeFind],
  ['git', judgeGit],
]);

/** `-v` and `%n` set variables, whose subscripts bash would run. */
function judgePrintf(words: readonly string[]): Judgement {
  const format = words[0];
  if (format === undefined || format.startsWith('-')) return { unsure: 'printf may set a variable here.' };
  const conversions = format.replaceAll('%%', '').split('%').slice(1);
  const known = conversions.every((one) => /^[-0-9.]*[sdxcbq]/.test(one));
  return known ? { paths: [] } : { unsure: 'Nobody has vouched for this format of printf.' };
}

/** Never `-v` and `-R`: they evaluate what stands between brackets. */
function judgeTest(words: readonly string[]): Judgement {
  const [first, second] = words;
  if (words.length === 2 && /^-[efdrwxsLh]$/.test(first!)) return { paths: [second!], shown: [] };
  if (words.length === 2 && /^-[zn]$/.test(first!)) return { paths: [] };
  if (words.length === 3 && /^(?:=|-(?:eq|ne|lt|le|gt|ge))$/.test(second!)) return { paths: [] };
  return { unsure: 'Nobody has vouched for this test.' };
}

/** A program may show the environment or load other programs; everything else works on its input. */
function judgeJq({ operands: [program, ...paths] }: GivenOptions): Judgement {
  if (program === undefined) return { unsure: 'jq has no program.' };
  if (
    /\b(?:env|ENV|import|include|modulemeta|input_filename|debug|stderr|get_search_list|halt_error)\b/.test(
      program,
    )
  ) {
    return { unsure: 'The program of jq may use more than its input.' };
  }
  return { paths };
}
