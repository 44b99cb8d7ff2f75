import { spawnSync } from 'node:child_process';

/**
 * Ends a process and all that it and its children have begun, which a process group could not be asked for where the
 * group has the terminal, and is ours. The first goes first: a shell whose command is ended would begin the next one.
 * `ps`: its absolute path; without it the first is ended alone.
 */
export function endTree(pid: number, ps: string | undefined): void {
  const below = ps ? descendantsOf(pid, ps) : [];
  for (const one of [pid, ...below]) {
    try {
      process.kill(one, 'SIGTERM');
    } catch {
      // It has ended by itself.
    }
  }
}

function descendantsOf(pid: number, ps: string): number[] {
  const { stdout = '' } = spawnSync(ps, ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const children = new Map<number, number[]>();
  for (const line of stdout.split('\n')) {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    if (child && parent) children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const found: number[] = [];
  const begun = [pid];
  for (let next = begun.pop(); next !== undefined; next = begun.pop()) {
    const below = children.get(next) ?? [];
    found.push(...below);
    begun.push(...below);
  }
  return found;
}
