import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { FileError, fileError } from './file-error.js';
import { formatBytes } from './model-text.js';
import { openRegularFile } from './open-file.js';

/** Files up to this size, in bytes, are read whole, can be edited, and are remembered by hash. */
export const MAX_WHOLE_FILE_BYTES = 16_000_000;
/** Bytes at the start of a file that decide whether it is text. */
export const SAMPLE_BYTES = 8_192;

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'not-utf-8' | 'binary';

export interface TextContent {
  readonly encoding: Encoding;
  /** Without the byte order mark, line ends as they are. U+FFFD stands for bytes that are not UTF-8. */
  readonly text: string;
  readonly bom: boolean;
}

export interface WholeFile {
  readonly bytes: Buffer;
  /** SHA-256 of the bytes, in hex. */
  readonly hash: string;
  readonly stats: Stats;
}

export function contentHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What the first bytes of a file say about its encoding; UTF-8 here only means that nothing speaks against it. */
export function sampleEncoding(sample: Buffer): Exclude<Encoding, 'not-utf-8'> {
  const bomIsUtf32 = sample.length >= 4 && sample.readUInt32LE(0) === 0xfeff;
  if (!bomIsUtf32 && sample.length >= 2) {
    if (sample[0] === 0xff && sample[1] === 0xfe) return 'utf-16le';
    if (sample[0] === 0xfe && sample[1] === 0xff) return 'utf-16be';
  }
  return sample.subarray(0, SAMPLE_BYTES).includes(0) ? 'binary' : 'utf-8';
}

export function decodeText(bytes: Buffer): TextContent {
  const encoding = sampleEncoding(bytes);
  if (encoding === 'binary') return { encoding, text: '', bom: false };
  if (encoding !== 'utf-8') return { encoding, text: new TextDecoder(encoding).decode(bytes), bom: true };
  const bom = bytes.length >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const text = bytes.toString('utf8', bom ? 3 : 0);
  // Only a text with replacement characters can come from bytes that are not UTF-8.
  const faithful = !text.includes('\ufffd') || encodeText(text, bom).equals(bytes);
  return { encoding: faithful ? 'utf-8' : 'not-utf-8', text, bom };
}

export function encodeText(text: string, bom: boolean): Buffer {
  return Buffer.from(bom ? `\ufeff${text}` : text, 'utf8');
}

/** Bytes that can be changed as text and written back without touching anything else. */
export function editableText(bytes: Buffer, shown: string): TextContent {
  const content = decodeText(bytes);
  if (content.encoding === 'utf-8') return content;
  const name = {
    'utf-16le': 'UTF-16LE',
    'utf-16be': 'UTF-16BE',
    'not-utf-8': 'not valid UTF-8',
    binary: 'binary',
  }[content.encoding];
  throw new FileError(
    'encoding',
    `${shown} is ${name}; only UTF-8 text can be changed, and nothing is converted.`,
    {
      advice: 'Use Bash with a tool for this encoding (iconv, for example), or ask the user.',
    },
  );
}

/** Text that UTF-8 can hold; a lone surrogate would silently become U+FFFD. */
export function assertWellFormed(text: string, field: string): void {
  if (/\p{Cs}/u.test(text)) {
    throw new FileError('encoding', `${field} contains a lone surrogate, which is not a character.`, {
      advice: 'Send the whole character.',
    });
  }
}

/** Reads a regular file of at most `MAX_WHOLE_FILE_BYTES`, with its hash. */
export async function readWholeFile(realPath: string, shown: string): Promise<WholeFile> {
  const { handle, stats } = await openRegularFile(realPath, shown);
  try {
    if (stats.size > MAX_WHOLE_FILE_BYTES) throw tooLarge(stats.size, shown);
    const bytes = await readAll(handle, stats.size, shown);
    return { bytes, hash: contentHash(bytes), stats };
  } catch (error) {
    throw fileError(error, 'read', shown);
  } finally {
    await handle.close();
  }
}

/** Reads to the end whatever the size said: pseudo files claim to be empty, and logs grow. */
export async function readAll(handle: FileHandle, expectedBytes: number, shown: string): Promise<Buffer> {
  let buffer = Buffer.allocUnsafe(expectedBytes + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
    // A short read of exactly what was promised is the end; what grows afterwards is found by the hash.
    if (length === expectedBytes) return buffer.subarray(0, length);
    if (length > MAX_WHOLE_FILE_BYTES) throw tooLarge(length, shown);
    if (length === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2 + 4_096);
  }
}

function tooLarge(bytes: number, shown: string): FileError {
  const limit = formatBytes(MAX_WHOLE_FILE_BYTES);
  return new FileError(
    'too-large',
    `${shown} has ${formatBytes(bytes)}; files over ${limit} are not changed.`,
    {
      advice: 'Use Bash (sed, for example), or ask the user.',
    },
  );
}
