import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

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
  options: { imports?: readonly string[]; limitKb?: number } = {},
): Child {
  const fixture = (file: string) => `${root}test/fixtures/storage/${file}`;
  const imports = ['tsx', ...(options.imports ?? []).map(fixture)].flatMap((module) => ['--import', module]);
  const command = [process.execPath, ...imports, fixture(name), ...args];
  const limit = options.limitKb === undefined ? '' : `ulimit -f ${options.limitKb}; `;
  const child = spawn('bash', ['-c', `${limit}exec "$@"`, 'bash', ...command], {
    cwd: root,
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
