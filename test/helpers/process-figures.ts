import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const ticksPerSecond = 100;

/** Seconds of processor time that the process has taken with all its threads, but not its children (proc(5), `stat`). */
export function cpuSeconds(pid: number): number {
  // The name in parentheses may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Megabytes (10^6 bytes) of memory that the process has in use now. */
export function residentMegabytes(pid: number): number {
  return statusMegabytes(pid, 'VmRSS');
}

/** The most megabytes that the process has ever had in use. */
export function peakMegabytes(pid: number): number {
  return statusMegabytes(pid, 'VmHWM');
}

function statusMegabytes(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
  return (Number(kilobytes) * 1_024) / 1e6;
}

/** What the process holds of the system now: of everything a name and how many. Descriptors are named by what they lead to. */
export function heldByProcess(pid: number): Record<string, number> {
  const threads = readdirSync(`/proc/${pid}/task`);
  const held: Record<string, number> = {
    threads: threads.length,
    children: threads.flatMap((thread) => childrenOf(pid, thread)).length,
  };
  for (const descriptor of readdirSync(`/proc/${pid}/fd`)) {
    const name = `descriptor ${leadsTo(`/proc/${pid}/fd/${descriptor}`)}`;
    held[name] = (held[name] ?? 0) + 1;
  }
  return held;
}

/** A file by its path; of a socket or a pipe, which have only a number, the kind. */
function leadsTo(descriptor: string): string {
  try {
    return readlinkSync(descriptor).replace(/:\[\d+\]$/, '');
  } catch {
    return 'that has just been closed';
  }
}

function childrenOf(pid: number, thread: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean);
  } catch {
    // The thread has just ended.
    return [];
  }
}

/** The slope of a line through all points, by least squares. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = mean(points.map(({ x }) => x));
  const height = mean(points.map(({ y }) => y));
  const over = points.reduce((sum, { x, y }) => sum + (x - middle) * (y - height), 0);
  return over / points.reduce((sum, { x }) => sum + (x - middle) ** 2, 0);
}
