/** What a process started as `victor` ends with; documented in the README. */
export const exitCodes = {
  ok: 0,
  /** The provider or the program failed. */
  failure: 1,
  /** A flag, argument or setting is wrong; nothing was started. */
  usage: 2,
  /** A tool call was refused. The answer is printed all the same. */
  denied: 4,
  /** A limit (provider calls, money, output tokens) ended the turn. */
  limit: 5,
} as const;

/** A process that obeys a signal ends with 128 and the signal's number, as shells expect. */
export function signalExitCode(signal: 'SIGHUP' | 'SIGINT' | 'SIGTERM'): number {
  return { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[signal];
}
