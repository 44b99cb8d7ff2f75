/** One thing that the disk, or whoever reads what is acknowledged, has seen; in their order. */
export type DiskOperation =
  | { readonly kind: 'write'; readonly file: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: string; readonly length: number }
  | { readonly kind: 'sync'; readonly file: string }
  | { readonly kind: 'told'; readonly text: string };

const names: Readonly<Record<string, string>> = { d: 'victor.db', w: 'victor.db-wal' };

/** Reads what `record-disk.c` wrote. */
export function readDiskRecord(record: Buffer): DiskOperation[] {
  const operations: DiskOperation[] = [];
  for (let at = 0; at + 14 <= record.length; ) {
    const kind = String.fromCharCode(record[at]!);
    const file = names[String.fromCharCode(record[at + 1]!)] ?? '';
    const offset = Number(record.readBigUInt64LE(at + 2));
    const length = record.readUInt32LE(at + 10);
    at += 14;
    if (kind === 'S') operations.push({ kind: 'sync', file });
    if (kind === 'T') operations.push({ kind: 'truncate', file, length: offset });
    if (kind !== 'W' && kind !== 'A') continue;
    const bytes = record.subarray(at, at + length);
    at += length;
    operations.push(
      kind === 'W' ? { kind: 'write', file, offset, bytes } : { kind: 'told', text: bytes.toString() },
    );
  }
  return operations;
}

const sector = 512;

/**
 * The files as a power cut after these operations may leave them: all that was synced, and of what came after it any part,
 * in whole sectors. `below` chooses.
 */
export function afterPowerCut(
  operations: readonly DiskOperation[],
  below: (most: number) => number,
): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const file of Object.values(names)) {
    const own = operations.filter((one) => one.kind !== 'told' && one.file === file);
    const lastSync = own.findLastIndex(({ kind }) => kind === 'sync');
    const ends = own.map((one) => (one.kind === 'write' ? one.offset + one.bytes.length : 0));
    const content = Buffer.alloc(Math.max(0, ...ends));
    let length = 0;
    for (const [index, operation] of own.entries()) {
      const survives = index < lastSync || below(2) === 0;
      if (operation.kind === 'truncate' && survives) {
        content.fill(0, operation.length);
        length = operation.length;
      }
      if (operation.kind !== 'write') continue;
      const { offset, bytes } = operation;
      for (let start = 0; start < bytes.length; start += sector) {
        if (index > lastSync && below(2) === 0) continue;
        const part = bytes.subarray(start, start + sector);
        part.copy(content, offset + start);
        length = Math.max(length, offset + start + part.length);
      }
    }
    files.set(file, content.subarray(0, length));
  }
  return files;
}
