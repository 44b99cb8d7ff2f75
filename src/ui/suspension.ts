import { setTimeout as sleep } from 'node:timers/promises';
import type { HandOver } from './hand-over.js';

export interface Suspension {
  /** Ctrl+Z: stops the process and those it was started with, until the shell lets them go on. */
  suspend(): void;
  close(): void;
}

export interface SuspensionOptions {
  readonly handOver: HandOver;
  readonly stdout: NodeJS.WriteStream;
  /** Nobody could have brought the process back, so that it goes on. */
  onNobody(): void;
}

/** A process that was not stopped after this long will not be. */
const stopMs = 100;

/** Stops and goes on as a shell's job does: the terminal is the shell's meanwhile. */
export function createSuspension({ handOver, stdout, onNobody }: SuspensionOptions): Suspension {
  let stopping = false;

  /** `pid`: 0 for the whole process group. Resolves when the process goes on, with whether it was stopped at all. */
  async function stop(pid: number): Promise<boolean> {
    let continued = false;
    const onContinued = () => {
      continued = true;
    };
    process.on('SIGCONT', onContinued);
    process.off('SIGTSTP', onStop);
    process.kill(pid, 'SIGTSTP');
    await sleep(stopMs);
    // The timer may be seen before the signal.
    await new Promise(setImmediate);
    process.off('SIGCONT', onContinued);
    process.on('SIGTSTP', onStop);
    return continued;
  }

  async function begin(pid: number): Promise<void> {
    if (stopping) return;
    stopping = true;
    const lent = await handOver.lend(() => {
      stdout.write('Victor is suspended: fg brings it back.\n');
      return stop(pid);
    });
    // An editor that has the terminal stops with its whole job.
    const continued = lent ?? (await stop(process.pid));
    stopping = false;
    if (!continued) onNobody();
  }

  const onStop = () => void begin(process.pid);
  /** A shell has had the terminal although nobody lent it: the process was stopped by force. */
  const onContinue = () => {
    if (!stopping) void handOver.lend(async () => {});
  };

  process.on('SIGTSTP', onStop).on('SIGCONT', onContinue);
  return {
    suspend: () => void begin(0),
    close() {
      process.off('SIGTSTP', onStop).off('SIGCONT', onContinue);
    },
  };
}
