import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll } from 'vitest';
import { hangMs } from '../helpers/run-victor.js';

const path = (name: string) => fileURLToPath(new URL(`../fixtures/config/${name}`, import.meta.url));
const packages = fileURLToPath(new URL('../../node_modules', import.meta.url));
const cleanEnvironment = () => ({ PATH: process.env.PATH });

/**
 * A fixture as plain JavaScript, so that Node itself, and neither vitest nor tsx, loads what it loads. Every package of
 * this repository is installed beside it unless `install` says otherwise.
 */
export function compileFixture(
  name: string,
  install = (folder: string): void => symlinkSync(packages, join(folder, 'node_modules')),
): { program: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'victor-fixture-'));
  install(folder);
  const outfile = join(folder, 'fixture.mjs');
  buildSync({
    entryPoints: [path(name)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  });
  return { program: outfile, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A process that answers one message with one, so that a hang or a crash there is a failed test here. */
export function startFixture<Job extends object, Answer>(name: string): (job: Job) => Promise<Answer> {
  const { program, remove } = compileFixture(name);
  let child: ChildProcess | undefined;
  afterAll(() => {
    child?.kill('SIGKILL');
    remove();
  });
  return (job) => {
    child ??= fork(program, { env: cleanEnvironment(), execArgv: [] });
    const current = child;
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        clearTimeout(timer);
        current.kill('SIGKILL');
        child = undefined;
        reject(new Error(`${name} with ${JSON.stringify(job)}: ${why}`));
      };
      const timer = setTimeout(() => fail(`no answer within ${hangMs} ms`), hangMs);
      const crashed = () => fail('the process crashed');
      current.once('exit', crashed);
      current.once('message', (answer) => {
        clearTimeout(timer);
        current.off('exit', crashed);
        resolve(answer as Answer);
      });
      current.send(job);
    });
  };
}

/** Sends one job to a compiled fixture of its own, and answers what that answers. */
export function runProgram<Answer>(program: string, job: object): Promise<Answer> {
  const child = fork(program, { env: cleanEnvironment(), execArgv: [], timeout: hangMs });
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`${program} ended without an answer`)));
    child.once('message', (answer) => {
      resolve(answer as Answer);
      child.kill();
    });
    child.send(job);
  });
}

/** Runs a fixture in `cwd` to its end; answers its output. */
export function runFixture(name: string, cwd: string, args: readonly string[], home: string): string {
  const { program, remove } = compileFixture(name);
  const run = spawnSync(process.execPath, [program, ...args], {
    cwd,
    env: { ...cleanEnvironment(), HOME: home },
    encoding: 'utf8',
    timeout: hangMs,
    killSignal: 'SIGKILL',
  });
  remove();
  if (run.signal) throw new Error(`${name} did not end: ${run.signal}\n${run.stderr}`);
  return run.stdout.trim();
}
