import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** One process of one machine, told from every later process that is given the same number. */
export interface ProcessIdentity {
  /** The machine, and on Linux the process-id namespace: a container counts on its own. */
  readonly host: string;
  readonly pid: number;
  /** When it started: the boot of the machine, and clock ticks since then; empty where the system does not say. */
  readonly started: string;
}

let own: ProcessIdentity | undefined;

export function thisProcess(): ProcessIdentity {
  own ??= { host: thisHost(), pid: process.pid, started: startOf(process.pid) };
  return own;
}

/** Whether that process runs; `undefined` where it cannot be seen from here, which is another machine or container. */
export function isRunning({ host, pid, started }: ProcessIdentity): boolean | undefined {
  if (host !== thisProcess().host) return undefined;
  if (!answersSignals(pid)) return false;
  const now = startOf(pid);
  // Where the start cannot be read, a process with that number has to do.
  return now === '' || started === '' || now === started;
}

/**
 * When a process started, in clock ticks since the machine did; `undefined` where there is no such process or no /proc,
 * `ended` for a zombie.
 */
export function startTicks(pid: number): string | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === '') return undefined;
  // The second field is the name in parentheses, with whatever characters it likes; the start is the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? 'ended' : fields[19];
}

function startOf(pid: number): string {
  const ticks = startTicks(pid);
  return ticks === undefined ? '' : `${textOf('/proc/sys/kernel/random/boot_id')} ${ticks}`;
}

function thisHost(): string {
  return `${hostname()} ${linkOf('/proc/self/ns/pid')}`.trim();
}

function answersSignals(pid: number): boolean {
  // 0 would be the whole group of this process.
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}
