import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { isPageSize, readWriteAheadLog } from './write-ahead-log.js';

/** The format is that of https://www.sqlite.org/fileformat2.html. */
const LEAF_OF_TABLE = 13;
const ROOT_HEADER_BYTES = 100;
const PAGE_SIZE = 4_096;

export type Value = string | number | bigint | Buffer | null;

/**
 * Every row of every table that can still be read out of the pages themselves, without what says where they belong;
 * pages that are free, as far as the list of them can be followed, hold what was deleted and are left out. One page
 * a step.
 */
export function* rowsOfPages(file: string): Generator<readonly Value[][]> {
  const log = readWriteAheadLog(`${file}-wal`);
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const database = size > 0 ? openSync(file, 'r') : undefined;
  try {
    const head = Buffer.alloc(ROOT_HEADER_BYTES);
    if (database !== undefined) readSync(database, head, 0, ROOT_HEADER_BYTES, 0);
    const written = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16);
    const pageSize = log?.pageSize ?? (isPageSize(written) ? written : PAGE_SIZE);
    const count = Math.max(Math.ceil(size / pageSize), ...(log ? log.pages.keys() : []));
    const page = (number: number): Buffer | undefined => {
      if (number < 1 || number > count) return undefined;
      const newer = log?.pages.get(number);
      if (newer) return newer;
      const bytes = Buffer.alloc(pageSize);
      if (database === undefined || readSync(database, bytes, 0, pageSize, (number - 1) * pageSize) === 0)
        return undefined;
      return bytes;
    };
    const free = freePages(page, pageSize);
    for (let number = 1; number <= count; number += 1) {
      const bytes = free.has(number) ? undefined : page(number);
      if (bytes) yield rowsOf(bytes, number === 1 ? ROOT_HEADER_BYTES : 0, page);
    }
  } finally {
    if (database !== undefined) closeSync(database);
  }
}

type PageOf = (number: number) => Buffer | undefined;

function freePages(page: PageOf, pageSize: number): ReadonlySet<number> {
  const free = new Set<number>();
  let trunk = page(1)?.readUInt32BE(32) ?? 0;
  while (trunk !== 0 && !free.has(trunk)) {
    const bytes = page(trunk);
    const leaves = bytes?.readUInt32BE(4) ?? 0;
    if (!bytes || leaves > pageSize / 4 - 2) break;
    free.add(trunk);
    for (let index = 0; index < leaves; index += 1) free.add(bytes.readUInt32BE(8 + 4 * index));
    trunk = bytes.readUInt32BE(0);
  }
  return free;
}

function rowsOf(bytes: Buffer, start: number, page: PageOf): Value[][] {
  if (bytes[start] !== LEAF_OF_TABLE) return [];
  const rows: Value[][] = [];
  const cells = Math.min(bytes.readUInt16BE(start + 3), bytes.length / 2);
  for (let cell = 0; cell < cells; cell += 1) {
    try {
      const payload = payloadAt(bytes, bytes.readUInt16BE(start + 8 + 2 * cell), page);
      if (payload) rows.push(valuesOf(payload));
    } catch {
      // What does not read as a row is none.
    }
  }
  return rows;
}

/** The bytes of a row, those on overflow pages too; `undefined` where they are not all there. */
function payloadAt(bytes: Buffer, at: number, page: PageOf): Buffer | undefined {
  const [length, afterLength] = variable(bytes, at);
  const [, body] = variable(bytes, afterLength);
  const usable = bytes.length;
  if (length <= usable - 35) return body + length <= usable ? bytes.subarray(body, body + length) : undefined;
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fit = least + ((length - least) % (usable - 4));
  const local = fit <= usable - 35 ? fit : least;
  const parts = [bytes.subarray(body, body + local)];
  let rest = length - local;
  let next = bytes.readUInt32BE(body + local);
  const seen = new Set<number>();
  while (rest > 0) {
    const more = page(next);
    if (!more || seen.has(next)) return undefined;
    seen.add(next);
    parts.push(more.subarray(4, 4 + Math.min(rest, usable - 4)));
    rest -= usable - 4;
    next = more.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

function valuesOf(payload: Buffer): Value[] {
  const [headerBytes, first] = variable(payload, 0);
  const values: Value[] = [];
  let place = headerBytes;
  for (let at = first; at < headerBytes; ) {
    const [type, next] = variable(payload, at);
    at = next;
    const [value, after] = valueAt(payload, place, type);
    values.push(value);
    place = after;
  }
  if (place !== payload.length) throw new RangeError('the row is longer or shorter than its header says');
  return values;
}

const integerBytes = [0, 1, 2, 3, 4, 6, 8] as const;

function valueAt(payload: Buffer, at: number, type: number): [Value, number] {
  if (type === 0) return [null, at];
  if (type === 8 || type === 9) return [type - 8, at];
  if (type === 7) return [payload.readDoubleBE(at), at + 8];
  if (type === 6) return [Number(payload.readBigInt64BE(at)), at + 8];
  if (type < 6) return [payload.readIntBE(at, integerBytes[type]!), at + integerBytes[type]!];
  const length = Math.floor((type - 12) / 2);
  if (type < 12 || at + length > payload.length) throw new RangeError('no such value');
  const bytes = payload.subarray(at, at + length);
  return [type % 2 === 0 ? bytes : bytes.toString('utf8'), at + length];
}

/** A number of one to nine bytes, and where it ends. */
function variable(bytes: Buffer, at: number): [value: number, end: number] {
  let value = 0;
  for (let index = 0; index < 9; index += 1) {
    const byte = bytes.readUInt8(at + index);
    if (index === 8) return [value * 256 + byte, at + 9];
    value = value * 128 + (byte & 127);
    if (byte < 128) return [value, at + index + 1];
  }
  return [value, at + 9];
}
