import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll } from 'vitest';

const typeScript = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const path = (name: string) => fileURLToPath(new URL(`../fixtures/config/${name}`, import.meta.url));
const cleanEnvironment = () => ({ PATH: process.env.PATH });

export interface Outcome {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly notices?: readonly string[];
  readonly error?: { readonly name: string; readonly message: string; readonly advice?: string };
  readonly stoodIn?: string;
  /** The most memory that the process ever had. */
  readonly megabytes?: number;
}

export interface Job {
  readonly cwd: string;
  readonly home: string;
  readonly trust?: boolean;
}

/** A process that loads settings where it is told, so that a hang or a crash there is a failed test here. */
export function startLoader(): { load(job: Job): Promise<Outcome> } {
  let child: ChildProcess | undefined;
  afterAll(() => {
    child?.kill('SIGKILL');
  });
  return {
    load(job) {
      child ??= fork(path('config-loader.ts'), {
        execArgv: ['--import', typeScript],
        env: cleanEnvironment(),
      });
      const current = child;
      return new Promise((resolve, reject) => {
        const fail = (why: string) => {
          current.kill('SIGKILL');
          child = undefined;
          reject(new Error(`loading ${job.cwd}: ${why}`));
        };
        const timer = setTimeout(() => fail('no answer within 15 s'), 15_000);
        const crashed = () => fail('the process crashed');
        current.once('exit', crashed);
        current.once('message', (outcome) => {
          clearTimeout(timer);
          current.off('exit', crashed);
          resolve(outcome as Outcome);
        });
        current.send(job);
      });
    },
  };
}

/** Runs a fixture program in `cwd` to its end; answers its output. */
export function runFixture(name: string, cwd: string, args: readonly string[], home: string): string {
  const run = spawnSync(process.execPath, [path(name), ...args], {
    cwd,
    env: { ...cleanEnvironment(), HOME: home },
    encoding: 'utf8',
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  if (run.signal) throw new Error(`${name} did not end: ${run.signal}\n${run.stderr}`);
  return run.stdout.trim();
}
