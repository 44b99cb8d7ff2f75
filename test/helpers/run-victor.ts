import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterFile } from './after-file.js';

export const launcher = fileURLToPath(new URL('../../bin/victor.js', import.meta.url));

export interface VictorOptions {
  /** What is piped into standard input; nothing at all when absent. */
  readonly input?: string | Buffer;
  /** Leaves standard input open and silent. */
  readonly holdInput?: true;
  /** On top of an environment without keys, colours or configuration. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The process is killed and the test fails when it takes longer. */
  readonly timeoutMs?: number;
}

export interface VictorResult {
  /** `null` when a signal that nobody handled ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** A fresh folder that is gone after the tests of this file. */
export function temporaryDirectory(name = 'victor-test-'): string {
  const folder = mkdtempSync(join(tmpdir(), name));
  // A killed process may still be making its last file.
  afterFile(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }));
  return folder;
}

let home: string | undefined;

/** One home for all runs of a test file, unless a run brings its own VICTOR_HOME. */
export function victorHome(): string {
  if (home === undefined) {
    home = temporaryDirectory('victor-home-');
    afterFile(() => {
      home = undefined;
    });
    mkdirSync(join(home, 'victor'), { mode: 0o700 });
  }
  return join(home, 'victor');
}

/** What Victor sees when a test says nothing: a path to run things from, a home of its own, and no more. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const victor = victorHome();
  return {
    PATH: process.env.PATH ?? '',
    HOME: join(victor, '..'),
    TMPDIR: tmpdir(),
    LANG: 'C.UTF-8',
    VICTOR_HOME: victor,
    ...extra,
  };
}

/** Runs the built `victor` to its end as a user would. */
export async function runVictor(args: readonly string[], options: VictorOptions = {}): Promise<VictorResult> {
  return finish(startVictor(args, options), options);
}

/** Starts it and hands the process over, for tests that send signals or read as it writes. */
export function startVictor(args: readonly string[], options: VictorOptions = {}): ChildProcess {
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd: options.cwd ?? temporaryDirectory(),
    env: cleanEnvironment(options.env),
    stdio: [options.input === undefined && !options.holdInput ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  // A child that ends before it has read everything is no failure of the test.
  child.stdin?.on('error', () => {});
  if (!options.holdInput) child.stdin?.end(options.input);
  return child;
}

/** What has not ended by then hangs. No measure of anything: a machine may have other things to do. */
export const hangMs = 150_000;

/** Collects what a started process writes until it ends. */
export async function finish(
  child: ChildProcess,
  { timeoutMs = hangMs }: Pick<VictorOptions, 'timeoutMs'> = {},
): Promise<VictorResult> {
  const startedAt = performance.now();
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`victor did not end within ${timeoutMs} ms.\n${text(stdout)}\n${text(stderr)}`));
    }, timeoutMs);
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout: text(stdout), stderr: text(stderr), ms: performance.now() - startedAt });
    });
  });
}

/** Runs a shell line in which `victor` stands for the built launcher. */
export async function runShell(line: string, options: VictorOptions = {}): Promise<VictorResult> {
  const child = spawn(
    'bash',
    ['--norc', '-c', `set -o pipefail\nvictor() { "$VICTOR_NODE" "$VICTOR_LAUNCHER" "$@"; }\n${line}`],
    {
      cwd: options.cwd ?? temporaryDirectory(),
      env: { ...cleanEnvironment(options.env), VICTOR_NODE: process.execPath, VICTOR_LAUNCHER: launcher },
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    },
  );
  child.stdin?.on('error', () => {});
  child.stdin?.end(options.input);
  return finish(child, options);
}
