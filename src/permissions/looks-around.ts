import type { SimpleCommand } from '../shell/classify.js';
import { type OptionList, readOptions } from '../shell/options.js';

/** Programs that come upon files nobody named: they look through folders, git's history or a list. */
const looking =
  /^(?:rg|ag|ack|[efz]?grep|find|fd|fdfind|git|tar|bsdtar|zip|7z|cpio|rsync|scp|xargs|parallel)$/;
/** Programs that take whole folders where one is named. */
const takingFolders = /^(?:cp|mv|ln|install|diff|cmp)$/;
/** Programs whose words are, or hold, other commands. */
const wrapping =
  /^(?:sudo|doas|env|nice|ionice|nohup|time|timeout|command|builtin|exec|stdbuf|setsid|busybox|watch|strace|script|flock|taskset)$/;
const shells = /^(?:sh|bash|dash|zsh|ksh|fish|eval)$/;

/** Subcommands of git that show what is in files, or what it has kept of them. */
const showing =
  /^(?:show|diff|log|grep|blame|annotate|stash|cat-file|archive|format-patch|whatchanged|range-diff|difftool|bundle|fast-export|reflog)$/;
/** Subcommands that show no line of a file, with these options. */
const writing = /^(?:add|commit|push|pull|fetch|checkout|switch|init)$/;
const writingOptions: OptionList =
  '-m: -a -A -u -b: -B: -c: -C: -q -f --message: --all --amend --no-edit --allow-empty --quiet --force --set-upstream --force-with-lease --tags --rebase --ff-only';

function nameOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}

/** The program that is started; of one that starts others every word may be one. */
function programs({ argv }: SimpleCommand): readonly string[] {
  const name = nameOf(argv[0] ?? '');
  return wrapping.test(name) ? argv.map(nameOf) : [name];
}

/** Whether git only records or moves what is there: what its words say is no file to be shown. */
export function onlyRecords({ argv }: Pick<SimpleCommand, 'argv'>): boolean {
  if (argv[0] !== 'git' || !writing.test(argv[1] ?? '')) return false;
  const options = readOptions(argv.slice(2), writingOptions);
  return !('unknown' in options);
}

/** Whether it asks git, in a way that is known to read only, for what is in files. */
export function showsHistory({ argv }: SimpleCommand): boolean {
  return nameOf(argv[0] ?? '') === 'git' && argv.some((word) => showing.test(word));
}

/** Whether a command that nobody has vouched for may come upon any file at all. */
export function looksAround(command: SimpleCommand): boolean {
  if (command.verdict === 'allow' || onlyRecords(command)) return false;
  return programs(command).some((name) => looking.test(name) || shells.test(name)) && !runsScript(command);
}

/** `bash build.sh` runs a script of the user's own; with `-c` the command is in the words. */
function runsScript({ argv }: SimpleCommand): boolean {
  return shells.test(nameOf(argv[0]!)) && argv[0] !== 'eval' && !argv.some((word) => /^-[a-z]*c/.test(word));
}

export function takesFolders(command: SimpleCommand): boolean {
  return programs(command).some((name) => takingFolders.test(name));
}

/** Words that keep secrets out of what a command comes upon; they are there only when a whole line runs as judged. */
const guard = /^(?::\(top,exclude|--exclude(?:-dir)?=|--iglob=!)/;

/** Whether it is git that only reads as long as nothing that the repository configures is obeyed. */
export function needsHardening({ argv, verdict }: SimpleCommand): boolean {
  return verdict === 'allow' && argv[0] === 'git' && argv[1] !== '--version';
}

const obeying =
  /^(?:add|am|checkout|cherry-pick|commit|merge|mv|pull|push|rebase|reset|restore|revert|rm|switch)$/;

/** Whether it is git that starts what the repository configures in any case: hooks, filters, what watches its files. */
export function obeysRepository({ argv }: SimpleCommand): boolean {
  return argv[0] === 'git' && obeying.test(argv[1] ?? '');
}

/** Whether it may show secrets that it comes upon when it runs as it was written. */
export function needsGuards(command: SimpleCommand): boolean {
  const { argv, run, verdict } = command;
  if (verdict === 'allow') return run.some((word) => guard.test(word) && !argv.includes(word));
  return programs(command).some((name) => {
    if (name === 'git') return !onlyRecords(command) && argv.some((word) => showing.test(word));
    if (name === 'find') return argv.some((word) => /^-(?:exec|ok)/.test(word));
    return /^(?:rg|ag|ack|[efz]?grep)$/.test(name);
  });
}
