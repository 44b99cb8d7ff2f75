import type { LogRecord } from '../core/store.js';
import { runInThread } from './sqlite-thread.js';

/** Below this, making a thread takes longer than the append. In characters. */
const LARGE = 500_000;
/** For other processes; who waits longer does so on a timer of the main thread. */
const WAIT_MS = 1_000;

/** A text, so that it needs no file of its own in the bundle. Posts the row and its number in the session, or a code. */
const source = `
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { module, file, timeout, entry, change, touch, insert } = workerData;
let answer;
try {
  const payload = JSON.stringify(entry);
  const Sqlite = require(module);
  const database = new Sqlite(file, { timeout, fileMustExist: true });
  try {
    // As every connection of a write-ahead log: who asked syncs it behind the commit, and others bring it home.
    database.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0;');
    const append = database.transaction(() => {
      const sequence = database.prepare(touch).pluck().get(change);
      if (sequence === undefined) return {};
      const { lastInsertRowid } = database.prepare(insert).run(change.id, sequence, entry.type, payload, change.now);
      return { appended: { row: Number(lastInsertRowid), sequence } };
    });
    answer = append.immediate();
  } finally {
    database.close();
  }
} catch (error) {
  answer ??= { code: String(error.code), message: String(error.message) };
}
parentPort.postMessage(answer);
`;

export interface Appended {
  /** The row in the database. */
  readonly row: number;
  /** The number in the session. */
  readonly sequence: number;
}

export interface ThreadAppend {
  readonly file: string;
  readonly entry: LogRecord;
  /** What the statements get, as the main thread would give it. */
  readonly change: { readonly id: string; readonly now: number };
  readonly touch: string;
  readonly insert: string;
}

export interface ThreadAnswer {
  /** Missing where there is no such session. */
  readonly appended?: Appended;
  /** Why it failed, as SQLite names it. */
  readonly code?: string;
  readonly message?: string;
}

/** Appends an entry in a thread of its own. `undefined` where that ended without an answer: it may have been appended. */
export function appendInThread(task: ThreadAppend): Promise<ThreadAnswer | undefined> {
  return runInThread(source, { ...task, timeout: WAIT_MS }, { isWaitedFor: true });
}

/** Whether making JSON of this and writing it takes so long that keys would wait for it. */
export function isLarge(value: unknown): boolean {
  let left = LARGE;
  const look = (part: unknown): boolean => {
    if (typeof part === 'string') left -= part.length;
    else if (typeof part === 'object' && part !== null)
      for (const name in part) if (look((part as Record<string, unknown>)[name])) break;
    return left < 0;
  };
  return look(value);
}
