import { runInThread } from './sqlite-thread.js';

/** A text, so that it needs no file of its own in the bundle. Posts the first value that a pragma answers, or a code. */
const source = `
'use strict';
const { parentPort, workerData } = require('node:worker_threads');
const { module, file, readonly, timeout, pragma } = workerData;
try {
  const Sqlite = require(module);
  const database = new Sqlite(file, { readonly, timeout, fileMustExist: true });
  let value;
  try {
    value = database.pragma(pragma, { simple: true });
  } finally {
    // Before the answer: who has it may count on this connection being gone.
    database.close();
  }
  parentPort.postMessage({ value });
} catch (error) {
  parentPort.postMessage({ code: String(error.code) });
}
`;

export interface ThreadPragma {
  readonly file: string;
  readonly pragma: string;
  readonly readonly: boolean;
  /** Milliseconds that SQLite may wait for other processes. */
  readonly timeout: number;
}

/** Runs a pragma that takes long, in a thread that nobody's exit waits for. `undefined` where no thread can be had. */
export function pragmaInThread(
  task: ThreadPragma,
): Promise<{ readonly value?: unknown; readonly code?: string } | undefined> {
  return runInThread(source, task);
}
