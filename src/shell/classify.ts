import { isSecretPath } from '../core/secret-path.js';
import { guessCommands, redirectedFrom } from './guess.js';
import { type ParsedCommand, parseCommand } from './parse.js';
import { quoteWord } from './quote.js';
import { readOnlyCommands } from './read-only-commands.js';
import { shownSecret } from './shown-secrets.js';
import type { ShellVerdict, SimpleCommand } from './verdict.js';

export type { ShellVerdict, SimpleCommand } from './verdict.js';

const strictness = { allow: 0, ask: 1, deny: 2 } as const;

/** Says of a command line whether it only reads. Pure: it looks at the text alone, and asks where it is not sure. */
export function classifyCommand(command: string): ShellVerdict {
  const parsed = parseCommand(command);
  if ('unsure' in parsed) return unsureVerdict(command, parsed.unsure);
  const commands = parsed.commands.map(classifySimple);
  const strictest = commands.reduce((one, other) =>
    strictness[other.verdict] > strictness[one.verdict] ? other : one,
  );
  const { verdict, reason } = strictest;
  if (verdict !== 'allow') return { verdict, reason, commands, exact: true };
  return { verdict, reason, commands, exact: true, script: scriptOf(parsed.commands, commands) };
}

function classifySimple({ argv, redirects }: ParsedCommand): SimpleCommand {
  const [name, ...words] = argv as [string, ...string[]];
  const judge = readOnlyCommands.get(name);
  const judgement = judge?.(words) ?? { unsure: `${name} is not known to read only.` };
  const paths = 'unsure' in judgement ? [] : judgement.paths.filter((path) => path !== '-');
  const told = { argv, redirects, paths };
  const secret =
    'unsure' in judgement ? shownSecret(argv) : (judgement.shown ?? judgement.paths).find(isSecretPath);
  if (secret !== undefined) return { ...told, ...denied(secret), run: argv };
  if ('unsure' in judgement) return { ...told, verdict: 'ask', reason: judgement.unsure, run: argv };
  const device = paths.find((path) => /^\/+(?:dev|proc|sys)(?:\/|$)/.test(path) && path !== '/dev/null');
  if (device !== undefined)
    return { ...told, verdict: 'ask', reason: `${device} is no common file.`, run: argv };
  return {
    ...told,
    verdict: 'allow',
    reason: `${name} only reads here.`,
    run: [name, ...(judgement.guarded ?? words)],
  };
}

function unsureVerdict(text: string, reason: string): ShellVerdict {
  const commands = guessCommands(text).map((argv): SimpleCommand => {
    const secret = shownSecret(argv) ?? redirectedFrom(argv).find(isSecretPath);
    const judged = secret === undefined ? ({ verdict: 'ask', reason } as const) : denied(secret);
    return { argv, redirects: [], paths: [], run: argv, ...judged };
  });
  const deny = commands.find((command) => command.verdict === 'deny');
  return { verdict: deny?.verdict ?? 'ask', reason: deny?.reason ?? reason, commands, exact: false };
}

function denied(path: string): Pick<SimpleCommand, 'verdict' | 'reason'> {
  return { verdict: 'deny', reason: `${path} holds secrets.` };
}

function scriptOf(parsed: readonly ParsedCommand[], commands: readonly SimpleCommand[]): string {
  return commands
    .map(({ run, redirects }, index) =>
      [parsed[index]!.joiner, ...run.map(quoteWord), ...redirects].join(' ').trim(),
    )
    .join(' ');
}
