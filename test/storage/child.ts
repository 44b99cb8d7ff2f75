import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterFile } from '../helpers/after-file.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const fixtures = join(root, 'test/fixtures/storage');
let built: string | undefined;

/** The folder of the fixtures as JavaScript: 60 processes that each translate TypeScript would take most of the time. */
function programs(): string {
  if (built) return built;
  const folder = mkdtempSync(join(tmpdir(), 'victor-programs-'));
  afterFile(() => {
    built = undefined;
    rmSync(folder, { recursive: true, force: true });
  });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  buildSync({
    entryPoints: readdirSync(fixtures)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(fixtures, name)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['better-sqlite3'],
  });
  built = folder;
  return folder;
}

export interface Child {
  readonly process: ChildProcess;
  /** The complete lines it has printed so far, without `ready`. */
  readonly lines: readonly string[];
  /** Resolves when it has loaded everything and waits. */
  readonly ready: Promise<void>;
  go(): void;
  /** Resolves with its lines when it is gone. */
  readonly ended: Promise<readonly string[]>;
}

/** Starts a program of test/fixtures/storage. `limitKb` caps the size of every file it writes. */
export function startChild(
  name: string,
  args: readonly string[],
  options: { preload?: string; limitKb?: number; environment?: Readonly<Record<string, string>> } = {},
): Child {
  const preload = options.preload === undefined ? [] : ['--import', join(fixtures, options.preload)];
  const command = [process.execPath, ...preload, join(programs(), name.replace('.ts', '.mjs')), ...args];
  const limit = options.limitKb === undefined ? '' : `ulimit -f ${options.limitKb}; `;
  const child = spawn('bash', ['--norc', '-c', `${limit}exec "$@"`, 'bash', ...command], {
    cwd: root,
    env: { ...process.env, ...options.environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.on('error', () => {});
  const lines: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') resolve();
      else lines.push(line);
    });
    child.once('exit', (code) => reject(new Error(`${name} ended early with code ${code}`)));
  });
  ready.catch(() => {});
  return {
    process: child,
    lines,
    ready,
    go: () => void child.stdin.write('go\n'),
    ended: once(child, 'close').then(() => lines),
  };
}

/** Runs one program to its end and answers its lines. */
export async function runChild(...parameters: Parameters<typeof startChild>): Promise<readonly string[]> {
  const child = startChild(...parameters);
  await child.ready;
  child.go();
  return child.ended;
}

/** Lets programs that are all loaded begin at once. */
export async function startTogether(children: readonly Child[]): Promise<void> {
  await Promise.all(children.map((child) => child.ready));
  for (const child of children) child.go();
}
