import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Timing {
  readonly wallMs: number;
  /** User and system time of the process and its children. */
  readonly cpuMs: number;
}

export interface Command {
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end and times the whole process, from outside, with what bash's `time` says. */
export async function timeCommand({ argv, cwd, env }: Command): Promise<Timing> {
  const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null 2>/dev/null </dev/null';
  const child = spawn('bash', ['--norc', '-c', script, 'bash', ...argv], {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  await once(child, 'close');
  const [wall, user, system] = text.trim().split(/\s+/).map(Number);
  if (wall === undefined || user === undefined || system === undefined)
    throw new Error(`No times in: ${text}`);
  return { wallMs: wall * 1_000, cpuMs: (user + system) * 1_000 };
}

/** Milliseconds since 1970 with a fraction; comparable between processes of one machine. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** Starts a command with nothing to read; its output is thrown away. */
export function start({ argv, cwd, env }: Command): ChildProcess {
  const [file, ...rest] = argv;
  return spawn(file!, rest, { cwd, env, stdio: 'ignore' });
}

/** Milliseconds of processor time that this process has taken: what another process does says nothing here. */
export function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Median of the ratios a[i] / b[i]: pairs measured one after the other share the machine's mood. */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, index) => value / b[index]!));
}
