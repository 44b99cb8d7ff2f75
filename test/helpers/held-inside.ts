import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryDirectory } from './run-victor.js';

/** What a process holds inside: of everything a name and how many. */
export interface HeldInside {
  /** Of the process and its three streams, by event. */
  readonly listeners: Readonly<Record<string, number>>;
  /** What keeps it running, timers and sockets for example, by kind. */
  readonly resources: Readonly<Record<string, number>>;
  /** Objects that are still in use, in thousands of bytes: all garbage is collected first. */
  readonly heapKilobytes: number;
  /** All memory of the process, without garbage too. */
  readonly residentKilobytes: number;
  /** What Node warned of: an emitter with too many listeners is one. */
  readonly warnings: readonly string[];
}

export interface Observed {
  /** What has to be in the environment of the process that is to be asked. */
  readonly environment: Readonly<Record<string, string>>;
  read(pid: number): Promise<HeldInside>;
}

/** Asks a process started with this environment, whatever it does, without its taking part. */
export function observed(): Observed {
  const file = join(temporaryDirectory(), 'held.json');
  const loaded = new URL('held-inside.mjs', import.meta.url).href;
  return {
    environment: { NODE_OPTIONS: `--import ${loaded}`, VICTOR_TEST_HELD: file },
    async read(pid) {
      rmSync(file, { force: true });
      process.kill(pid, 'SIGUSR2');
      for (let tries = 0; tries < 1_000; tries += 1) {
        await sleep(20);
        try {
          return JSON.parse(readFileSync(file, 'utf8'));
        } catch {
          // Not written yet.
        }
      }
      throw new Error(`Process ${pid} did not say what it holds.`);
    },
  };
}
