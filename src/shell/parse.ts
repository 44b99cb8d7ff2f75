/** One command as written: its words after quotes were removed, and its harmless redirections. */
export interface ParsedCommand {
  readonly argv: readonly string[];
  readonly redirects: readonly string[];
  /** What stands before it: nothing for the first. */
  readonly joiner: '' | '|' | '&&' | '||' | ';';
}

export type Parsed =
  | { readonly commands: readonly ParsedCommand[] }
  /** Why nobody can be sure what bash would make of it. */
  | { readonly unsure: string };

const MAX_LENGTH = 16 * 1024;
const MAX_COMMANDS = 50;

/** A word that bash leaves as it is. `~` and `^` are plain behind a letter, as in `HEAD~1`. */
const plain = /(?:[A-Za-z0-9_@%+=:,./-]|(?<=[A-Za-z0-9_@~^])[~^])+/y;
const singleQuoted = /'[^']*'/y;
const doubleQuoted = /"[^"\\!$`]*"/y;
/** Only an option may have its value quoted behind it, as in `--include='*.ts'` and `-d','`. */
const optionStart = /^(?:-[A-Za-z]|--[a-z][a-z-]*=[A-Za-z0-9:]*)$/;
const escapedWord = /\\[()!](?=[ \t\n])/y;
const redirect = /(?:(?:[12]?>>?|&>|<)[ \t]*\/dev\/null|[12]?>&[12])(?=[ \t\n;|&]|$)/y;
const joiner = /&&|\|\||[;|\n]/y;
const blanks = /[ \t]*/y;
const blankLines = /[ \t\n]*/y;
/** Words that are no commands where a command is expected. */
const reserved =
  /^(?:if|then|elif|else|fi|for|in|do|done|while|until|case|esac|select|function|time|coproc)$/;

const whyNot: Readonly<Record<string, string>> = {
  $: 'It expands something with $.',
  '`': 'It runs a command inside backticks.',
  '\\': 'A backslash changes what a word means.',
  '!': 'It has an exclamation mark outside single quotes.',
  '*': 'A pattern outside quotes may match a file named like an option.',
  '?': 'A pattern outside quotes may match a file named like an option.',
  '[': 'A pattern outside quotes may match a file named like an option.',
  '{': 'Braces group commands or make several words.',
  '}': 'Braces group commands or make several words.',
  '~': 'A tilde stands for another path.',
  '^': 'It has a caret outside quotes.',
  '(': 'Parentheses start a subshell or a function.',
  ')': 'Parentheses start a subshell or a function.',
  '<': 'It redirects input.',
  '>': 'It redirects output.',
  '#': 'It has a comment.',
  '&': 'It runs something in the background.',
};

/**
 * Reads the small part of bash whose meaning is certain: plain and quoted words, lists and pipelines of them, and
 * redirections to nowhere. All else is `unsure`, so that what bash sees and what we see cannot differ.
 */
export function parseCommand(text: string): Parsed {
  if (text.length > MAX_LENGTH) return { unsure: `It is longer than ${MAX_LENGTH} characters.` };
  if (!/^[\t\n\x20-\x7e]*$/.test(text)) {
    return { unsure: 'It has characters that bash and people see differently.' };
  }
  const commands: ParsedCommand[] = [];
  let at = skip(blankLines, text, 0);
  let before: ParsedCommand['joiner'] = '';
  while (at < text.length) {
    const command = readSimple(text, at);
    if ('unsure' in command) return command;
    if (commands.length === MAX_COMMANDS) return { unsure: `It has more than ${MAX_COMMANDS} commands.` };
    commands.push({ argv: command.argv, redirects: command.redirects, joiner: before });
    const joined = match(joiner, text, command.end);
    if (joined === undefined) {
      // Whatever stopped the words is something that we do not read.
      if (command.end < text.length) return { unsure: whyNot[text[command.end]!] ?? 'It cannot be read.' };
      return { commands };
    }
    before = joined === '\n' ? ';' : (joined as ParsedCommand['joiner']);
    at = command.end + joined.length;
    // Behind a semicolon bash takes line ends too, but not behind a line end a semicolon.
    at = skip(blankLines, text, at);
    if (at === text.length && before !== ';') return { unsure: `It ends with ${before}.` };
  }
  return commands.length === 0 ? { unsure: 'There is no command.' } : { commands };
}

function readSimple(
  text: string,
  start: number,
): { argv: string[]; redirects: string[]; end: number } | { unsure: string } {
  const argv: string[] = [];
  const redirects: string[] = [];
  let at = start;
  for (;;) {
    const nowhere = argv.length > 0 ? match(redirect, text, at) : undefined;
    const word = nowhere === undefined ? readWord(text, at) : undefined;
    if (word && 'unsure' in word) return word;
    if (nowhere !== undefined) {
      redirects.push(nowhere.replaceAll(/[ \t]/g, ''));
      at += nowhere.length;
    } else if (word) {
      if (argv.length === 0) {
        const problem = whyNoName(text.slice(at, word.end));
        if (problem) return { unsure: problem };
      }
      argv.push(word.value);
      at = word.end;
      if (at < text.length && !/[ \t\n;|&]/.test(text[at]!)) return { unsure: whyStopped(text, at) };
    } else {
      if (argv.length > 0) return { argv, redirects, end: at };
      return { unsure: whyNot[text[at] ?? ''] ?? 'A command is missing.' };
    }
    at = skip(blanks, text, at);
  }
}

/** One word, or `undefined` where none starts. */
function readWord(text: string, at: number): { value: string; end: number } | { unsure: string } | undefined {
  const escaped = match(escapedWord, text, at);
  if (escaped !== undefined) return { value: escaped.slice(1), end: at + escaped.length };
  const start = match(plain, text, at) ?? '';
  const quote = at + start.length;
  const mark = text[quote];
  if (mark !== "'" && mark !== '"') return start === '' ? undefined : { value: start, end: quote };
  if (start !== '' && !optionStart.test(start)) return { unsure: 'A word has quotes inside.' };
  const quoted = match(mark === "'" ? singleQuoted : doubleQuoted, text, quote);
  if (quoted === undefined) {
    const inside = /^"[^"\\!$`]*([\\!$`])/.exec(text.slice(quote))?.[1];
    return { unsure: (mark === '"' && inside && whyNot[inside]) || 'A quote is not closed.' };
  }
  return { value: start + quoted.slice(1, -1), end: quote + quoted.length };
}

function whyNoName(written: string): string | undefined {
  if (/^['"\\]/.test(written)) return 'The name of a command is quoted.';
  if (/^[A-Za-z_][A-Za-z0-9_]*\+?=/.test(written)) return 'It sets a variable.';
  if (reserved.test(written)) return `${written} starts something larger than a command.`;
  return undefined;
}

function whyStopped(text: string, at: number): string {
  if (text[at] === "'" || text[at] === '"') return 'A word has quotes inside.';
  return whyNot[text[at]!] ?? 'A word cannot be read.';
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function skip(pattern: RegExp, text: string, at: number): number {
  return at + (match(pattern, text, at) ?? '').length;
}
