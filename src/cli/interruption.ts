import { AbortedError } from '../core/errors.js';
import { signalExitCode } from './exit-code.js';

/** Turns signals into one AbortSignal, so that a turn ends with what it did saved. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** What the process should end with; `undefined` while nothing interrupted it. */
  readonly exitCode: number | undefined;
  /** Interrupts for another reason than a signal: nobody reads the answer any more. */
  stop(exitCode: number): void;
  /** Gives the signals back. */
  release(): void;
}

/** A turn that does not end this long after it was told to is left behind. */
const graceMs = 4_000;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** From now on SIGINT, SIGTERM, SIGHUP and SIGQUIT interrupt; the second one ends the process on the spot. */
export function catchSignals(): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;

  const stop = (code: number) => {
    if (exitCode !== undefined) return;
    exitCode = code;
    setTimeout(() => process.exit(code), graceMs).unref();
    controller.abort(new AbortedError());
  };
  const onSignal = (signal: NodeJS.Signals) => {
    const code = signalExitCode(signal as (typeof signals)[number]);
    if (exitCode !== undefined) process.exit(code);
    stop(code);
  };
  for (const signal of signals) process.on(signal, onSignal);

  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    stop,
    release() {
      for (const signal of signals) process.removeListener(signal, onSignal);
    },
  };
}
