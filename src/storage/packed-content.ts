import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';

/** A content as it is kept: smaller where that is worth it, in parts that are each written in a moment. */
export interface PackedContent {
  /** Bytes of the content itself. */
  readonly size: number;
  readonly deflated: boolean;
  readonly parts: readonly Uint8Array[];
}

/** Bytes of one part: a transaction with it does not hold up a screen. */
export const PART_BYTES = 512 * 1_024;
/** Less than this, in bytes, is kept as it is. */
const SMALLEST_DEFLATED = 256;
/** A content that shrinks by less than a tenth is kept as it is: reading it back is then only a copy. */
const WORTH_IT = 0.9;

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Compresses in a thread of Node's, not in this one. */
export async function packContent(content: Uint8Array): Promise<PackedContent> {
  const size = content.byteLength;
  const smaller = size < SMALLEST_DEFLATED ? undefined : await deflate(content);
  const deflated = smaller !== undefined && smaller.byteLength <= size * WORTH_IT;
  const bytes = deflated ? smaller : content;
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.byteLength || at === 0; at += PART_BYTES)
    parts.push(bytes.subarray(at, at + PART_BYTES));
  return { size, deflated, parts };
}

/** The content again; `undefined` when it is not what hashes to `hash` any more: what is damaged is never restored. */
export async function unpackContent(
  hash: string,
  { deflated, parts }: Omit<PackedContent, 'size'>,
): Promise<Uint8Array | undefined> {
  const bytes = Buffer.concat(parts);
  const content = deflated ? await inflate(bytes).catch(() => undefined) : bytes;
  const same = content && createHash('sha256').update(content).digest('hex') === hash;
  return same ? new Uint8Array(content) : undefined;
}
