/** What a process started as `victor` ends with; documented in docs/ci.md. */
export const exitCodes = {
  ok: 0,
  /** The provider or the program failed. */
  failure: 1,
  /** A flag, argument or setting is wrong; nothing was started. */
  usage: 2,
  /** A tool call was refused. The answer is printed all the same. */
  denied: 4,
  /** A limit (calls, tokens, money, time, a call repeated in vain) ended the turn. */
  limit: 5,
  /** The answer is not what --json-schema asks for, though the model was told so. */
  invalid: 6,
  /** A workflow waits for a yes that nobody could be asked for. */
  waiting: 7,
} as const;

/** A process that obeys a signal ends with 128 and the signal's number, as shells expect. */
export function signalExitCode(signal: 'SIGHUP' | 'SIGINT' | 'SIGQUIT' | 'SIGTERM'): number {
  return { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 }[signal];
}
