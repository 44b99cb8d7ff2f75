/** Variables that make a program run or load something else than what was asked for. */
const hijacking =
  /^(?:GIT_CONFIG.*|GIT_EXEC_PATH|LD_.*|DYLD_.*|GCONV_PATH|BASH_FUNC_.*|BASH_ENV|ENV|PROMPT_COMMAND|SHELLOPTS|BASHOPTS|PS4|NODE_OPTIONS|PERL5OPT|PERL5DB|RUBYOPT|PYTHONSTARTUP|JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|_JAVA_OPTIONS)$/;
/** Names that say the value is a secret; provider keys are among them. */
const secretName = /TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|KEY/i;
/** `protocol://user:password@host` */
const secretValue = /^[a-z][a-z0-9+.-]*:\/\/[^\s/@]*:[^\s@]*@/i;

/** Whether no setting can give it to a command. */
export function isHijackingVariable(name: string): boolean {
  return hijacking.test(name);
}

/** Whether only its exact name in a setting gives it to a command. */
export function isSecretVariable(name: string, value: string): boolean {
  return secretName.test(name) || secretValue.test(value);
}
