import { isHijackingVariable } from '../core/command-variable.js';
import { withheldVariables } from './child-environment.js';

/** Shorter words stand in any text. */
const SHORTEST_NAME = 3;

interface Ran {
  readonly command: string;
  readonly output: string;
  readonly failed: boolean;
}

/**
 * Tells of variables that are set and that a command did not get, when it asks for them by name, or fails and names them.
 * Without it nobody would know why they are missing. Never a value.
 */
export function withheldRemark(
  { command, output, failed }: Ran,
  environment: NodeJS.ProcessEnv,
  named: readonly string[],
): string[] {
  const missed = withheldVariables(environment, named).filter((name) => {
    if (name.length < SHORTEST_NAME || !/^\w+$/.test(name) || wordIn(name, command, '=')) return false;
    return asksFor(name, command) || (failed && wordIn(name, output));
  });
  const never = missed.filter(isHijackingVariable);
  const others = missed.filter((name) => !isHijackingVariable(name));
  const list = [...named, ...others].join(', ');
  return [
    ...(others.length > 0
      ? [
          `${others.join(', ')}: set, but not given to commands. The user can give it: victor config set commandEnvironment '[${list}]'`,
        ]
      : []),
    ...(never.length > 0
      ? [`${never.join(', ')}: set, but never given to a command, because of what it makes programs run.`]
      : []),
  ];
}

/** `$NAME`, `${NAME…}`, `printenv NAME`, `process.env.NAME`, `environ['NAME']`. */
function asksFor(name: string, command: string): boolean {
  return ['\\$\\{?', '\\bprintenv [^\\n]*', '(?:\\benv|environ|getenv|ENV)\\W{1,3}'].some((before) =>
    new RegExp(`${before}(?<!\\w)${name}(?!\\w)`).test(command),
  );
}

function wordIn(name: string, text: string, after = ''): boolean {
  return new RegExp(`(?<!\\w)${name}(?!\\w)${after}`).test(text);
}
