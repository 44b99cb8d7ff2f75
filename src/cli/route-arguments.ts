import type { Option } from 'commander';

/**
 * Brings what people type into the one form Commander parses, `command [flags] [arguments]`:
 * bare `victor` and `victor -c` are `chat`, bare `victor sessions` lists them, `victor -p "…"` is `ask`, and flags may
 * stand before the command. A first argument of several words is a prompt: for a chat on a terminal, else for `ask`.
 */
export function routeArguments(
  argv: readonly string[],
  commands: ReadonlySet<string>,
  options: readonly Option[],
  onTerminal: boolean,
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
  // No command has a space in its name; a single word may be a misspelt one, which the parser says.
  if (/\s/.test(first)) {
    const printed = [...leading, ...rest].some((argument) =>
      /^--(?:json|json-schema|output-format)(?:=|$)/.test(argument),
    );
    return [onTerminal && !printed ? 'chat' : 'ask', ...leading, ...rest];
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
