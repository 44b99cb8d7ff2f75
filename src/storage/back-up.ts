import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { keptDescriptor } from './kept-descriptor.js';
import { nameBeside } from './name-beside.js';

const CHUNK_BYTES = 1024 * 1024;

/**
 * Copies the database with its log to `<file>.<kind>-<time>` and answers that name. The copy is whole when the caller
 * holds the write lock meanwhile: others may only move pages from the log into the database, and the log keeps them.
 * Throws system errors, and leaves nothing behind then.
 */
export function backUp(file: string, kind: string): string {
  const name = nameBeside(file, kind);
  // The log takes its name first: a database that has its name has its log too.
  const parts = ['', '-wal'].filter((suffix) => existsSync(file + suffix));
  try {
    for (const suffix of parts) copySynced(file + suffix, `${name}${suffix}.partial`);
    for (const suffix of [...parts].reverse()) renameSync(`${name}${suffix}.partial`, name + suffix);
  } catch (error) {
    for (const suffix of parts) {
      rmSync(`${name}${suffix}.partial`, { force: true });
      rmSync(name + suffix, { force: true });
    }
    throw error;
  }
  return name;
}

function copySynced(from: string, to: string): void {
  const original = keptDescriptor(from);
  if (original === undefined) return;
  const copy = openSync(to, 'wx', fstatSync(original).mode & 0o777);
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let place = 0; ; ) {
      const length = readSync(original, chunk, 0, chunk.length, place);
      if (length === 0) break;
      writeFileSync(copy, chunk.subarray(0, length));
      place += length;
    }
    fsyncSync(copy);
  } finally {
    closeSync(copy);
  }
}
