import { placeholdersIn } from './placeholders.js';
import { MisplacedError, PLACE, type ShellWord, simpleCommands } from './shell-words.js';

const advice = 'hand the value to a script as an argument instead (sh step.sh {{input}})';

const keywords = new Set('if then elif else fi while until do done esac { } ! time'.split(' '));

/** They run or compute what other commands of the step have put into variables. */
const evaluate = new Set('alias coproc declare eval function let local trap typeset'.split(' '));

/** The shell's own commands that may run, compute or assign what their arguments say: all but those that take text as text. */
const ownCommands = new Set(
  `. [ bg bind break builtin caller command compgen complete compopt continue dirs disown enable exec exit export fc fg getopts
  hash help history jobs logout mapfile popd pwd read readarray readonly return set shift shopt source suspend test times type
  ulimit umask unalias unset wait`.split(/\s+/),
);

/** Their words name variables, and the name of one may hold a command. */
const takeNames = new Set('compgen getopts mapfile read readarray unset'.split(' '));

/** Numbers that the shell computes, out of variables too. */
const ownNumber = /^(?:BASHPID|EPOCH.*|E?UID|HISTCMD|LINENO|OPT.*|PPID|S?RANDOM|SECONDS)$/;

/** Variables that say what runs, or that no value of another has a place in. */
const ownVariable =
  /^(?:BASH.*|COMP.*|DIRSTACK|DYLD_.*|ENV|FUNC.*|GROUPS|HIST.*|IFS|LD_.*|MAIL.*|PATH|PROMPT.*|PS\d|SHELLOPTS|TMOUT|_)$/;

/**
 * Why a placeholder of this command cannot be filled in with a quoted word: it stands in quotes, a comment, a here-document or
 * an expansion, where the quotes would be text, or where the shell computes or runs what a word says. What this cannot tell is
 * refused, too.
 */
export function placeInQuotes(command: string): string | undefined {
  const places = new Map(placeholdersIn(command).map(({ at, text }) => [at, text]));
  if (places.size === 0) return undefined;
  const lines = [command, command.replaceAll('\\\n', '')];
  if (lines.some((line) => /<<|\(\(|\$\{|`|\$\[|\[\[|=\(/.test(line)))
    return `{{…}} would not stay one word where the command has one of << (( [[ =( \${ $[ and backquotes: ${advice}`;
  try {
    for (const words of simpleCommands(command, places)) {
      const problem = problemOf(words);
      if (problem !== undefined) return `${problem}: ${advice}`;
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof MisplacedError)) throw error;
    return error.message.includes(': ') ? error.message : `${error.message}: ${advice}`;
  }
}

function problemOf(words: readonly ShellWord[]): string | undefined {
  let at = 0;
  for (; at < words.length; at += 1) {
    const { bare } = words[at]!;
    const variable = /^([A-Za-z_]\w*)\+?=/.exec(bare)?.[1];
    if (variable !== undefined) {
      if (ownNumber.test(variable))
        return `{{…}} stands in a command that sets ${variable}, which the shell computes`;
      if (isPlace(words[at]) && ownVariable.test(variable))
        return `{{…}} is given to ${variable}, which is the shell's own`;
    } else if (!keywords.has(bare) && !(words[at - 1]?.bare === 'time' && /^--?p?$/.test(bare))) break;
  }
  const [name, ...given] = words.slice(at);
  if (!name) return undefined;
  if (name.bare === 'for' || name.bare === 'select') return problemOfLoop(given);
  if (name.bare === 'case') return undefined;
  if (evaluate.has(name.plain)) return `{{…}} stands in a command that has ${name.plain}`;
  if (namesByVariable(name, given))
    return `{{…}} stands in a command where ${name.plain} takes a name out of a variable`;
  if (isPlace(name)) return '{{…}} stands where the name of a command does';
  if (!given.some(isPlace)) return undefined;
  if (ownCommands.has(name.plain)) return `{{…}} is an argument of ${name.plain}, which is the shell's own`;
  if (/[{}]/.test(name.plain) || (/[$*?[]/.test(name.plain) && !name.plain.includes('/')))
    return '{{…}} is an argument of a command whose name is not plain';
  return name.plain === 'printf' ? problemOfFormat(given) : undefined;
}

/** A variable may have come by the value. */
function namesByVariable({ plain }: ShellWord, given: readonly ShellWord[]): boolean {
  if (!given.some((word) => word.plain.includes('$'))) return false;
  if (plain === 'printf') return given[0]?.plain.startsWith('-v') === true;
  if (plain === 'test' || plain === '[') return given.some((word) => /^-[vR]$/.test(word.plain));
  return takeNames.has(plain);
}

function problemOfLoop([variable, ...rest]: readonly ShellWord[]): string | undefined {
  if (variable && (isPlace(variable) || ownNumber.test(variable.plain) || ownVariable.test(variable.plain)))
    return `{{…}} stands in a loop whose variable is not plain`;
  const body = rest.findIndex(({ bare }) => bare === 'do' || bare === '{');
  return body === -1 ? undefined : problemOf(rest.slice(body + 1));
}

/** An option may name a variable. */
function problemOfFormat(given: readonly ShellWord[]): string | undefined {
  const format = given[given[0]?.plain === '--' ? 1 : 0];
  const isFixed = format && !/^[-$]/.test(format.plain) && !/[${}*?[]/.test(format.bare) && !isPlace(format);
  return isFixed ? undefined : '{{…}} is an argument of a printf whose first argument is no format';
}

function isPlace(word: ShellWord | undefined): boolean {
  return word?.plain.includes(PLACE) === true;
}
