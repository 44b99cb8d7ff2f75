import type { Option } from 'commander';
import { ConfigError } from '../core/errors.js';

/**
 * Brings what people type into the one form Commander parses, `command [flags] [arguments]`:
 * bare `victor` and `victor -c` are `chat`, bare `victor sessions` lists them, `victor -p "…"` is `ask`, and flags may stand before the command.
 * Throws ConfigError when the first argument is clearly a prompt and no command.
 */
export function routeArguments(
  argv: readonly string[],
  commands: ReadonlySet<string>,
  options: readonly Option[],
): string[] {
  const { leading, print, rest } = splitLeadingFlags(argv, commands, options);
  const [first] = rest;
  if (print) return ['ask', ...leading, ...rest];
  if (leading.some((flag) => ['-h', '--help', '-V', '--version'].includes(flag))) {
    return first !== undefined && commands.has(first) ? [first, ...leading] : leading;
  }
  if (first === undefined || first === '--') return ['chat', ...leading, ...rest];
  if (commands.has(first)) return withSubcommand([first, ...leading, ...rest.slice(1)]);

  const printAt = rest.findIndex((argument) => argument === '-p' || argument === '--print');
  const endOfFlags = rest.indexOf('--');
  if (printAt > 0 && (endOfFlags < 0 || printAt < endOfFlags)) {
    return ['ask', ...leading, ...rest.slice(0, printAt), ...rest.slice(printAt + 1)];
  }
  if (/\s/.test(first)) {
    throw new ConfigError('that looks like a prompt, but no command comes before it', {
      advice: 'Run victor ask "…" for one answer, or victor chat "…" to start a chat with it.',
    });
  }
  return [...rest];
}

function withSubcommand([command = '', ...rest]: string[]): string[] {
  const [next] = rest;
  const lists =
    command === 'sessions' && (next?.startsWith('-') ?? true) && next !== '-h' && next !== '--help';
  return lists ? [command, 'list', ...rest] : [command, ...rest];
}

function splitLeadingFlags(
  argv: readonly string[],
  commands: ReadonlySet<string>,
  options: readonly Option[],
): { leading: string[]; print: boolean; rest: readonly string[] } {
  const leading: string[] = [];
  let print = false;
  let index = 0;
  for (; index < argv.length; index++) {
    const argument = argv[index] as string;
    if (!argument.startsWith('-') || argument === '-' || argument === '--') break;
    if (argument === '-p' || argument === '--print') {
      print = true;
      continue;
    }
    leading.push(argument);
    const option = options.find((one) => one.short === argument || one.long === argument);
    const next = argv[index + 1];
    if (option === undefined || next === undefined) continue;
    const isValue = option.required || (option.optional && !next.startsWith('-') && !commands.has(next));
    if (isValue) {
      leading.push(next);
      index++;
    }
  }
  return { leading, print, rest: argv.slice(index) };
}
