import { existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

/** A source of numbers below `most` that gives the same ones for the same seed. */
export function numbers(seed: number): (most: number) => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return (most) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) % most;
  };
}

/** One way to damage the database at this path; `fresh` says that its log still holds part of what was said. */
export type Damage = (file: string, below: (most: number) => number) => void;

function flip(path: string, count: number, below: (most: number) => number, from = 0): void {
  if (!existsSync(path)) return;
  const bytes = readFileSync(path);
  for (let time = 0; time < count && bytes.length > from; time += 1) {
    const place = from + below(bytes.length - from);
    bytes[place] = bytes[place]! ^ (1 << below(8));
  }
  writeFileSync(path, bytes);
}

function overwrite(path: string, place: number, length: number, value: number): void {
  const bytes = readFileSync(path);
  bytes.fill(value, place, Math.min(place + length, bytes.length));
  writeFileSync(path, bytes);
}

function inside(file: string, sql: string, ...parameters: unknown[]): void {
  const database = new Sqlite(file);
  try {
    database.pragma('foreign_keys = OFF');
    database.prepare(sql).run(...parameters);
  } finally {
    database.close();
  }
}

const page = 4_096;
const pagesOf = (file: string) => Math.max(1, Math.floor(readFileSync(file).length / page));

/** Each kind of damage in words, and how it is done. */
export const damages: Readonly<Record<string, Damage>> = {
  'one flipped bit': (file, below) => flip(file, 1, below),
  'many flipped bits': (file, below) => flip(file, 2 + below(200), below),
  'flipped bits on the first page': (file, below) => {
    const bytes = readFileSync(file);
    for (let time = 0; time <= below(20); time += 1) {
      const place = below(page);
      bytes[place] = bytes[place]! ^ (1 << below(8));
    }
    writeFileSync(file, bytes);
  },
  'flipped bits in the log': (file, below) => flip(`${file}-wal`, 1 + below(30), below, 32),
  'a log that ends anywhere': (file, below) => {
    if (existsSync(`${file}-wal`)) truncateSync(`${file}-wal`, below(readFileSync(`${file}-wal`).length));
  },
  'a file that ends anywhere': (file, below) => truncateSync(file, below(readFileSync(file).length)),
  'a file without a byte': (file) => truncateSync(file, 0),
  'no log': (file) => rmSync(`${file}-wal`, { force: true }),
  'no shared memory': (file) => rmSync(`${file}-shm`, { force: true }),
  'no database, but its log': (file) => rmSync(file),
  'pages of zeros': (file, below) => overwrite(file, below(pagesOf(file)) * page, page * (1 + below(4)), 0),
  'pages of ones': (file, below) => overwrite(file, below(pagesOf(file)) * page, page * (1 + below(4)), 0xff),
  'garbage all over': (file) => writeFileSync(file, 'this is no database, '.repeat(5_000)),
  'rows that are written by half': (file, below) =>
    inside(file, 'UPDATE log SET payload = substr(payload, 1, ?) WHERE rowid % 5 = ?', below(60), below(5)),
  'rows that say something else': (file, below) =>
    inside(file, `UPDATE log SET payload = '{"type":"message","message":7}' WHERE rowid % 7 = ?`, below(7)),
  'rows that are not there': (file, below) => inside(file, 'DELETE FROM log WHERE rowid % 4 = ?', below(4)),
  'a session without its rows': (file) => inside(file, "DELETE FROM log WHERE session_id = 'b'"),
  'rows without their session': (file) => inside(file, "DELETE FROM sessions WHERE id = 'b'"),
  'a clock that went back': (file, below) =>
    inside(file, 'UPDATE log SET created_at = created_at - ? * rowid', 1_000 * below(1e9)),
  'sessions from the future': (file, below) =>
    inside(file, 'UPDATE sessions SET updated_at = ?, created_at = 0', 8.64e15 + below(1_000)),
};
