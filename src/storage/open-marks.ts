import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { isRunning, thisProcess } from '../process-identity.js';
import { atExit } from './at-exit.js';

/** What other machines and containers left on a shared disk says nothing for longer than this. */
const FOREIGN_MARK_MS = 24 * 3_600_000;

let count = 0;
const suspect = '-suspect';

export interface OpenMarks {
  /** Processes that have the database open now; this one too, where it opened it before. */
  readonly alive: readonly number[];
  /** Marks of processes that ended without taking them back: they were killed, or the power failed. */
  readonly left: readonly string[];
}

export interface OpenMark {
  /** This process has seen that it can use the database. */
  opened(): void;
  /** Notes the newest row of the log that this process was told is on the disk. */
  acknowledged(row: number): void;
  /** Takes the mark back: this process has ended in order, or is about to. */
  remove(): void;
}

/**
 * Leaves a small file beside the database that says that this process is opening it, and then that it has it open. Where it cannot be written nobody
 * will learn of a crash, which is no reason not to go on.
 */
export function markOpening(file: string): OpenMark {
  count += 1;
  let mark = `${file}-opening-${process.pid}-${count}`;
  const openMark = `${file}-open-${process.pid}-${count}`;
  let descriptor: number | undefined;
  const { host, started } = thisProcess();
  const head = `${host}\n${started}\n`;
  try {
    descriptor = openSync(mark, 'wx', 0o600);
    writeSync(descriptor, head);
  } catch {
    return { opened: () => {}, acknowledged: () => {}, remove: () => {} };
  }
  const forget = atExit(() => rmSync(mark, { force: true }));
  const place = Buffer.byteLength(head);
  return {
    opened() {
      try {
        renameSync(mark, openMark);
        mark = openMark;
      } catch {
        // As above.
      }
    },
    acknowledged(row) {
      if (descriptor === undefined) return;
      try {
        // Not synced: it tells of files that are gone, not of a power cut.
        writeSync(descriptor, `${row}\n`.padStart(20, '0'), place);
      } catch {
        // As above.
      }
    },
    remove() {
      // Once only: the number may be another file's by then.
      if (descriptor === undefined) return;
      forget();
      closeSync(descriptor);
      descriptor = undefined;
      rmSync(mark, { force: true });
    },
  };
}

/** The newest row that any of these processes was told is on the disk; 0 when there was none. */
export function acknowledgedIn(marks: readonly string[]): number {
  return Math.max(0, ...marks.map((mark) => Number(linesOf(mark)[2] || 0)));
}

/** Leaves the mark of a process that ended by force, so that whoever opens the database next looks at every page. */
export function markSuspect(file: string): void {
  try {
    writeFileSync(`${file}-open-0${suspect}`, `${thisProcess().host}\n-\n`, { mode: 0o600 });
  } catch {
    // Where nothing can be written the damage is found again by whoever meets it.
  }
}

export function isSuspectMark(mark: string): boolean {
  return mark.endsWith(suspect);
}

/** Reads the marks beside the database. */
export function openMarks(file: string): OpenMarks {
  const start = `${basename(file)}-open-`;
  const folder = dirname(file);
  const marks = readdirSync(folder).filter((name) => name.startsWith(start));
  const alive: number[] = [];
  const left: string[] = [];
  for (const name of marks) {
    const mark = join(folder, name);
    const pid = Number.parseInt(name.slice(start.length), 10);
    if (isAlive(mark, pid)) alive.push(pid);
    // One that was taken back meanwhile tells of no crash.
    else if (existsSync(mark)) left.push(mark);
  }
  return { alive, left };
}

/** Whether a process that runs is about to open it: it has no mark of one that has, and may be writing already. */
export function isBeingOpened(file: string): boolean {
  const start = `${basename(file)}-opening-`;
  const folder = dirname(file);
  return readdirSync(folder)
    .filter((name) => name.startsWith(start))
    .some((name) => {
      const mark = join(folder, name);
      if (isAlive(mark, Number.parseInt(name.slice(start.length), 10))) return true;
      rmSync(mark, { force: true });
      return false;
    });
}

export function removeMarks(marks: readonly string[]): void {
  for (const mark of marks) rmSync(mark, { force: true });
}

function isAlive(mark: string, pid: number): boolean {
  const [host = '', started = ''] = linesOf(mark);
  const running = isRunning({ host: host || thisProcess().host, pid, started });
  if (running !== undefined) return running;
  try {
    return Date.now() - statSync(mark).mtimeMs < FOREIGN_MARK_MS;
  } catch {
    // It was removed meanwhile.
    return false;
  }
}

function linesOf(mark: string): string[] {
  try {
    return readFileSync(mark, 'utf8').split('\n');
  } catch {
    // Another process has removed it meanwhile.
    return [];
  }
}
