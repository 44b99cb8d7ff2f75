/** Whether the words of one command are those that a rule names. */
export type CommandMatcher = (argv: readonly string[]) => boolean;

/**
 * `git status` means just these words, `git status:*` (or `git status *`) these and any that follow. Compared word by
 * word, so that a rule for `git log` never covers `git logout`.
 */
export function compileCommand(pattern: string): CommandMatcher {
  const prefix = /(?::| )\*$/.test(pattern);
  const words = pattern
    .replace(/(?::| )\*$/, '')
    .trim()
    .split(/\s+/);
  return (argv) =>
    (prefix ? argv.length >= words.length : argv.length === words.length) &&
    words.every((word, index) => word === argv[index]);
}

/** The same for a rule that refuses: a path in front of the program's name, or words that only wrap it, hide nothing. */
export function compileRefusal(pattern: string): CommandMatcher {
  const matches = compileCommand(pattern);
  return (argv) => {
    if (matches(argv)) return true;
    const program = argv[0]?.slice(argv[0].lastIndexOf('/') + 1) ?? '';
    if (program !== argv[0] && matches([program, ...argv.slice(1)])) return true;
    return argv.some(
      (_, index) => index > 0 && wrappers.has(nameOf(argv[index - 1]!)) && matches(argv.slice(index)),
    );
  };
}

/** Whether text that nobody could take apart holds the words of a rule anywhere: enough to refuse it. */
export function compileMention(pattern: string): CommandMatcher {
  const prefix = compileCommand(pattern.replace(/(?::| )\*$/, '').concat(':*'));
  return (words) =>
    words.some((word, index) => prefix([nameOf(word), ...words.slice(index + 1, index + 1 + MOST_WORDS)]));
}

/** More words than any rule has. */
const MOST_WORDS = 50;

const wrappers = new Set([
  'sudo',
  'doas',
  'env',
  'nice',
  'nohup',
  'time',
  'command',
  'exec',
  'xargs',
  'setsid',
  'stdbuf',
  'builtin',
]);

function nameOf(word: string): string {
  return word.slice(word.lastIndexOf('/') + 1);
}
