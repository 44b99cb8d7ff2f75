import { isHijackingVariable, isSecretVariable } from '../core/command-variable.js';
import { isPassedVariable } from './passed-variables.js';

const proxy = /^(?:https?|ftp|all)_proxy$/i;

/** Nothing may wait for a person: no pager, no editor, no password prompt. Colour would come back as noise. */
const unattended = {
  PAGER: 'cat',
  GIT_PAGER: 'cat',
  MANPAGER: 'cat',
  SYSTEMD_PAGER: 'cat',
  EDITOR: 'false',
  VISUAL: 'false',
  GIT_EDITOR: 'false',
  GIT_TERMINAL_PROMPT: '0',
  TERM: 'dumb',
  NO_COLOR: '1',
};
/** Every shell makes these anew. */
const ofEveryShell = new Set(['PWD', 'OLDPWD', 'SHLVL', '_']);

/** What a child process gets of an environment; `named` is what the user gives besides: names, and beginnings with a `*`. */
export function childEnvironment(
  environment: NodeJS.ProcessEnv,
  named: readonly string[] = [],
): Record<string, string> {
  const child: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    const given = value === undefined ? undefined : givenValue(name, value, named);
    if (given !== undefined) child[name] = given;
  }
  return { ...child, ...unattended };
}

/** The variables that are set and that a child does not get. */
export function withheldVariables(environment: NodeJS.ProcessEnv, named: readonly string[] = []): string[] {
  return Object.keys(environment)
    .filter((name) => !Object.hasOwn(unattended, name) && !ofEveryShell.has(name))
    .filter((name) => givenValue(name, environment[name] ?? '', named) === undefined)
    .sort();
}

function givenValue(name: string, value: string, named: readonly string[]): string | undefined {
  if (isHijackingVariable(name)) return undefined;
  if (named.includes(name)) return value;
  if (proxy.test(name)) return withoutUser(value);
  if (isSecretVariable(name, value)) return undefined;
  const isNamed = named.some((one) => one.endsWith('*') && name.startsWith(one.slice(0, -1)));
  return isNamed || isPassedVariable(name) ? value : undefined;
}

/** An address without `user:password@`; a password may hold an @, and a slash that nobody encoded. */
function withoutUser(address: string): string {
  return address.replace(/^((?:[a-z][a-z0-9+.-]*:)?\/\/)?.*@/i, '$1');
}
