/** Names that say the value is a secret; provider keys are among them. */
const secretName = /TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|KEY/i;
/** Variables that make a program run or load something else than what was asked for. */
const hijacking =
  /^(?:GIT_CONFIG.*|LD_.*|DYLD_.*|BASH_FUNC_.*|NODE_OPTIONS|BASH_ENV|ENV|PROMPT_COMMAND|SHELLOPTS|BASHOPTS|PS4)$/;
/** Colour would come back as noise; programs that see both of these and NO_COLOR complain about it. */
const forcedColour = /^(?:FORCE_COLOR|CLICOLOR_FORCE)$/;

/** Nothing may wait for a person: no pager, no editor, no password prompt. */
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

/** What a child process gets of an environment; `allowed` names secrets that it may have all the same. */
export function childEnvironment(
  environment: NodeJS.ProcessEnv,
  allowed: readonly string[] = [],
): Record<string, string> {
  const child: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || hijacking.test(name) || forcedColour.test(name)) continue;
    if (secretName.test(name) && !allowed.includes(name)) continue;
    child[name] = value;
  }
  return { ...child, ...unattended };
}
