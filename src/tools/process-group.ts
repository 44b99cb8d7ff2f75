import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that outlived the command that started it. */
export interface Survivor {
  readonly pid: number;
  readonly command: string;
}

const MAX_SURVIVORS = 50;
const MAX_COMMAND_CHARACTERS = 200;

/** Groups whose command is still running or still being killed; none may outlive this process. */
const liveGroups = new Set<number>();

/** From now until `releaseGroup` the group is killed when this process exits. */
export function holdGroup(groupId: number): void {
  if (liveGroups.size === 0) process.on('exit', killLiveGroups);
  liveGroups.add(groupId);
}

export function releaseGroup(groupId: number): void {
  liveGroups.delete(groupId);
  if (liveGroups.size === 0) process.off('exit', killLiveGroups);
}

function killLiveGroups(): void {
  for (const groupId of liveGroups) signalGroup(groupId, 'SIGKILL');
}

/** Signals every process of a group; `false` when none is left. */
export function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-groupId, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Processes that belong to a call: by its process group, or by a mark in their environment, which a process
 * keeps that left the group. Only Linux tells; elsewhere the list is empty.
 */
export async function findSurvivors(groupId: number, mark: string): Promise<Survivor[]> {
  const names = await readdir('/proc').catch(() => []);
  const pids = names.filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map((pid) => survivor(pid, groupId, mark)));
  return found.filter((one) => one !== undefined).slice(0, MAX_SURVIVORS);
}

async function survivor(pid: number, groupId: number, mark: string): Promise<Survivor | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  // The name in parentheses may itself hold spaces and parentheses: state, parent and group follow the last one.
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (!state || state === 'Z' || state === 'X') return undefined;
  if (Number(group) !== groupId) {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    if (!`\0${environment}\0`.includes(`\0${mark}\0`)) return undefined;
  }
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const shown =
    command.split('\0').join(' ').trim() || stat.slice(stat.indexOf('('), stat.lastIndexOf(')') + 1);
  return { pid, command: shown.slice(0, MAX_COMMAND_CHARACTERS) };
}

const POLL_MS = 20;

/** SIGTERM to the whole group, then SIGKILL to what is left of it after `graceMs`; SIGKILL at once where that is 0. */
export async function killGroup(groupId: number, graceMs: number): Promise<void> {
  if (graceMs === 0) {
    signalGroup(groupId, 'SIGKILL');
    return;
  }
  signalGroup(groupId, 'SIGTERM');
  const killAt = performance.now() + graceMs;
  while (signalGroup(groupId, 0)) {
    const leftMs = killAt - performance.now();
    if (leftMs <= 0) {
      signalGroup(groupId, 'SIGKILL');
      return;
    }
    await sleep(Math.min(POLL_MS, leftMs));
  }
}
