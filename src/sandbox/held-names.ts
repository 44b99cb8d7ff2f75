import { chmodSync, lstatSync, renameSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { HELD_NAME_MODE, isHeldName } from '../core/held-name.js';
import { startTicks } from '../process-identity.js';
import { namesIn, type SpareFolders } from './spare-folders.js';

export interface HeldNames {
  readonly names: readonly string[];
  /**
   * Whether the folder at this path is still the one that kept the name. All the while a mount was over it for the command, so
   * what is in it has been put there by somebody else.
   */
  isKept(path: string): boolean;
  /** Answers whether no command of any process needs them any more. */
  release(): boolean;
}

/** What this process holds, by the name that has its mark inside. */
const held = new Map<string, { commands: number; readonly names: Set<string> }>();
let mark: string | undefined;

/**
 * Keeps missing names of one folder free, each by a folder, which a mount needs to be put over. A folder, since git passes
 * over empty ones, and nothing that looks at files sees it. The first of them holds a mark of each process that runs
 * commands here: the last one to leave takes the names away. A name is left out when something is there, or when nobody may
 * make anything there, the command included.
 */
export function holdNames(paths: readonly string[], spare: SpareFolders): HeldNames {
  const place = paths.find((path) => putMark(path, spare));
  if (place === undefined) return { names: [], isKept: () => false, release: () => true };
  const others = paths.filter((path) => path !== place && makeHeld(path, spare));
  const own = held.get(place) ?? { commands: 0, names: new Set<string>() };
  held.set(place, own);
  own.commands += 1;
  for (const name of others) own.names.add(name);
  const names = [place, ...others];
  const folders = new Map(names.map((name) => [name, identity(name)]));
  return {
    names,
    isKept(path) {
      const before = folders.get(path);
      return before !== undefined && before === identity(path);
    },
    release() {
      own.commands -= 1;
      if (own.commands > 0) return false;
      held.delete(place);
      return leave(place, [...own.names], spare);
    },
  };
}

/** Puts our mark into a held name; whoever is leaving meanwhile sees it and stays, or is waited for. */
function putMark(place: string, spare: SpareFolders): boolean {
  const ours = join(place, `held-${ownMark()}`);
  // The last one to leave may remove it between the two steps.
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (!makeHeld(place, spare)) return false;
    if (lstat(ours) === undefined && !spare.take(ours)) continue;
    for (let wait = 0; wait < 100 && isAnyAlive(place, 'leaving'); wait += 1) sleepOneMillisecond();
    return true;
  }
  return false;
}

function leave(place: string, names: readonly string[], spare: SpareFolders): boolean {
  const leaving = join(place, `leaving-${ownMark()}`);
  try {
    renameSync(join(place, `held-${ownMark()}`), leaving);
  } catch {
    // Somebody has cleared it away.
  }
  const isNeeded = isAnyAlive(place, 'held');
  if (!isNeeded) for (const name of names) free(name, spare);
  spare.putBack(leaving);
  if (!isNeeded) free(place, spare);
  return !isNeeded;
}

/** Makes an ordinary folder of a name that a killed Victor held, where somebody has put something there since. */
export function endHold(path: string, spare: SpareFolders): void {
  const stats = lstat(path);
  if (!stats?.isDirectory() || (stats.mode & 0o7777) !== HELD_NAME_MODE) return;
  if (!isHeldName(path, stats)) free(path, spare);
}

/** Removes a held name, with the marks of a Victor that was killed. What somebody else put there stays, as their folder. */
function free(name: string, spare: SpareFolders): void {
  for (const one of namesIn(name)) if (isMark(one) && !isAlive(one)) spare.putBack(join(name, one));
  const stats = lstat(name);
  if (stats === undefined) return;
  if (isHeldName(name, stats)) return void spare.putBack(name);
  try {
    if ((stats.mode & 0o7777) === HELD_NAME_MODE) chmodSync(name, 0o755);
  } catch {
    // It is gone, or not ours.
  }
}

/** Whether a name is held from now on. Two that begin in the same instant may both put a folder there: the last one stays. */
function makeHeld(path: string, spare: SpareFolders): boolean {
  const stats = lstat(path);
  return stats === undefined ? spare.take(path) || isHeldName(path, lstat(path)) : isHeldName(path, stats);
}

function isAnyAlive(place: string, kind: 'held' | 'leaving'): boolean {
  return namesIn(place).some((name) => name.startsWith(`${kind}-`) && isAlive(name) && !isOwn(name));
}

/** Of a folder, for as long as it exists; numbers are used again, so none where the file system does not say when it was made. */
function identity(path: string): string | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  if (!stats?.isDirectory() || stats.birthtimeNs <= 0n) return undefined;
  return `${stats.dev}-${stats.ino}-${stats.birthtimeNs}`;
}

/** `<process>-<when it started>-<thread>`: another process with the same number started at another time. */
function ownMark(): string {
  mark ??= `${process.pid}-${startTicks(process.pid) ?? 0}-${threadId}`;
  return mark;
}

function isOwn(name: string): boolean {
  return name.endsWith(`-${ownMark()}`);
}

function isMark(name: string): boolean {
  return /^(?:held|leaving)(?:-\d+){3}$/.test(name);
}

function isAlive(name: string): boolean {
  const [, pid, start] = name.split('-');
  return startTicks(Number(pid)) === start;
}

function sleepOneMillisecond(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

function lstat(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
