import { newId } from '../core/id.js';
import { isRunning, thisProcess } from '../process-identity.js';

/** A name for whoever sends: machine, process, and one of the senders in it. */
export function newHolder(): string {
  const { host, pid, started } = thisProcess();
  return `${pid}@${host}/${started}/${newId()}`;
}

/** Whether this holder was a process of this machine that has ended. Of another machine nobody can tell. */
export function isGone(holder: string): boolean {
  const [, pid, host, started] = /^(\d+)@(.*)\/([^/]*)\/[^/]*$/s.exec(holder) ?? [];
  if (pid === undefined || host === undefined || started === undefined) return false;
  return isRunning({ host, pid: Number(pid), started }) === false;
}
