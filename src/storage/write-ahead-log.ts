import { closeSync, readSync, statSync } from 'node:fs';
import { endianness } from 'node:os';
import { keptDescriptor } from './kept-descriptor.js';
import { openUnlessGone } from './open-unless-gone.js';

/** The format is that of https://www.sqlite.org/fileformat2.html#walformat. */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;

/** What a write-ahead log holds, as far as it can be told without SQLite. */
export interface WriteAheadLog {
  readonly pageSize: number;
  /** The newest whole copy of each page, by page number. */
  readonly pages: ReadonlyMap<number, Buffer>;
  /** A later transaction lies behind bytes that are not what was written: SQLite would drop both without a word. */
  readonly damaged: boolean;
  /** Frames that are whole. */
  readonly frames: number;
}

const INDEX_BYTES = 136;

/** What the processes that have the database open share about its log: frames written, and those brought home of them. */
function sharedIndex(file: string): { written: number; broughtHome: number } | undefined {
  const index = readStart(`${file}-shm`, INDEX_BYTES);
  // Two copies of its head; they differ while one is written.
  const isWhole = index?.compare(index, 0, 48, 48, 96) === 0 && index[12] === 1;
  if (!index || !isWhole) return undefined;
  const number = (at: number) => (endianness() === 'LE' ? index.readUInt32LE(at) : index.readUInt32BE(at));
  return { written: number(16), broughtHome: number(96) };
}

/** Frames of the log that are not in the database yet. */
export function waitingFrames(file: string): number {
  const index = sharedIndex(file);
  return index ? Math.max(0, index.written - index.broughtHome) : 0;
}

/** Frames that were written and synced, and are in neither the log nor the database. Only where none has it open now. */
export function missingFrames(file: string): number {
  const { written, broughtHome } = sharedIndex(file) ?? { written: 0, broughtHome: 0 };
  if (broughtHome >= written) return 0;
  return Math.max(0, written - Math.max(broughtHome, readWriteAheadLog(`${file}-wal`)?.frames ?? 0));
}

function readStart(file: string, bytes: number): Buffer | undefined {
  const descriptor = keptDescriptor(file);
  if (descriptor === undefined) return undefined;
  const start = Buffer.alloc(bytes);
  return readSync(descriptor, start, 0, bytes, 0) === bytes ? start : undefined;
}

/** Reads a log; `undefined` where there is none, or none that begins as one. */
export function readWriteAheadLog(file: string): WriteAheadLog | undefined {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size < HEADER_BYTES) return undefined;
  const log = openUnlessGone(file);
  if (log === undefined) return undefined;
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    readSync(log, header, 0, HEADER_BYTES, 0);
    const pageSize = header.readUInt32BE(8);
    if (header.readUInt32BE(0) >>> 1 !== MAGIC >>> 1 || !isPageSize(pageSize)) return undefined;
    return readFrames(log, header, pageSize, size);
  } finally {
    closeSync(log);
  }
}

export function isPageSize(size: number): boolean {
  return size >= 512 && size <= 65_536 && (size & (size - 1)) === 0;
}

function readFrames(log: number, header: Buffer, pageSize: number, size: number): WriteAheadLog {
  const bigEndian = (header.readUInt32BE(0) & 1) === 1;
  const pages = new Map<number, Buffer>();
  let open = new Map<number, Buffer>();
  let sums: Sums = checksum(header.subarray(0, 24), [0, 0], bigEndian);
  let broken = sums[0] !== header.readUInt32BE(24) || sums[1] !== header.readUInt32BE(28);
  let brokenEnded = false;
  let damaged = false;
  let frames = 0;
  // The next frame's sum goes on from the one that is written here, so that one bad frame does not hide those behind it.
  sums = [header.readUInt32BE(24), header.readUInt32BE(28)];
  const frameBytes = FRAME_HEADER_BYTES + pageSize;
  for (let place = HEADER_BYTES; place + frameBytes <= size; place += frameBytes) {
    const frame = Buffer.alloc(frameBytes);
    readSync(log, frame, 0, frameBytes, place);
    // The salts of an earlier round: from here on the log was not written again.
    if (frame.compare(header, 16, 24, 8, 16) !== 0) break;
    const found = checksum(
      frame.subarray(FRAME_HEADER_BYTES),
      checksum(frame.subarray(0, 8), sums, bigEndian),
      bigEndian,
    );
    sums = [frame.readUInt32BE(16), frame.readUInt32BE(20)];
    const endsTransaction = frame.readUInt32BE(4) !== 0;
    if (found[0] !== sums[0] || found[1] !== sums[1]) {
      broken = true;
      brokenEnded ||= endsTransaction;
      continue;
    }
    frames += 1;
    // A transaction is synced before the next begins: what is broken before one was whole once, and no power cut did it.
    damaged ||= brokenEnded;
    open.set(frame.readUInt32BE(0), frame.subarray(FRAME_HEADER_BYTES));
    if (!endsTransaction) continue;
    brokenEnded ||= broken;
    for (const [number, page] of open) pages.set(number, page);
    open = new Map();
  }
  return { pageSize, pages, damaged, frames };
}

type Sums = readonly [number, number];

/** SQLite's own running sum over 32-bit words, in the byte order that the log's header names. */
function checksum(bytes: Buffer, [first, second]: Sums, bigEndian: boolean): Sums {
  let one = first;
  let two = second;
  for (let at = 0; at < bytes.length; at += 8) {
    const [a, b] = bigEndian
      ? [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)]
      : [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)];
    one = (one + a + two) >>> 0;
    two = (two + b + one) >>> 0;
  }
  return [one, two];
}
