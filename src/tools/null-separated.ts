/** Splits a stream of bytes at NUL, as tools print file names. */
export class NullSeparated {
  private rest: Buffer = Buffer.alloc(0);

  /** The records that ended in this chunk. */
  add(chunk: Buffer): Buffer[] {
    const records: Buffer[] = [];
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
      records.push(Buffer.from(bytes.subarray(start, end)));
      start = end + 1;
    }
    this.rest = Buffer.from(bytes.subarray(start));
    return records;
  }
}
