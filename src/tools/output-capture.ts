import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../core/id.js';
import { createSecretFilter } from '../core/secret-filter.js';
import { formatBytes, modelText } from './model-text.js';
import { privateDirectory } from './pending-writes.js';
import { TailBuffer } from './tail-buffer.js';

export interface CapturedOutput {
  /** The first bytes; all of them when nothing is left out. */
  readonly head: Buffer;
  /** The last bytes after what is left out. */
  readonly tail: Buffer;
  /** Bytes between head and tail that are not here. */
  readonly truncatedBytes: number;
  readonly totalBytes: number;
  /** Where the whole output is, when it did not fit and a folder was given. */
  readonly file: string | undefined;
  /** Bytes in that file: the output may be longer than what is kept on disk. */
  readonly fileBytes: number;
}

export interface OutputCaptureOptions {
  /** Bytes kept in memory, a third of them from the start. */
  readonly maxBytes: number;
  /** Private folder for outputs that do not fit. */
  readonly directory?: string | undefined;
  readonly maxFileBytes: number;
}

/** Bytes waiting for the disk above which the source should pause, and below which it may go on. */
const PAUSE_AT_BYTES = 4_000_000;
const RESUME_AT_BYTES = 1_000_000;

/** Keeps the head and the tail of an endless output in fixed memory, and the whole of it on disk up to a cap. */
export class OutputCapture {
  /** Called when the disk has caught up after `write` answered `false`. */
  onDrain: (() => void) | undefined;

  private readonly options: OutputCaptureOptions;
  private readonly headBytes: number;
  private readonly secrets = createSecretFilter();
  private head: Buffer[] = [];
  private headLength = 0;
  private readonly tail: TailBuffer;
  private total = 0;
  private file: { readonly path: string; readonly handle: Promise<FileHandle | undefined> } | undefined;
  private fileBytes = 0;
  private fileFailed = false;
  private waitingBytes = 0;
  private paused = false;
  private writing: Promise<void> = Promise.resolve();

  constructor(options: OutputCaptureOptions) {
    this.options = options;
    this.headBytes = Math.floor(options.maxBytes / 3);
    this.tail = new TailBuffer(options.maxBytes - this.headBytes);
  }

  /** Takes a chunk, which the caller must not reuse. Answers `false` when the source should pause until `onDrain`. */
  write(chunk: Buffer): boolean {
    // Before anything is cut: half a key at the edge of what is kept would not be known for one.
    return this.keep(this.secrets ? this.secrets.push(chunk) : chunk);
  }

  private keep(chunk: Buffer): boolean {
    const before = this.total;
    this.total += chunk.length;
    if (this.options.directory !== undefined && this.total > this.options.maxBytes) {
      if (before <= this.options.maxBytes) this.spill(this.kept());
      this.spill(chunk);
    }
    const room = this.headBytes - this.headLength;
    if (room > 0) {
      const part = Buffer.from(chunk.subarray(0, room));
      this.head.push(part);
      this.headLength += part.length;
    }
    this.tail.push(chunk.subarray(Math.max(0, room)));
    if (this.waitingBytes > PAUSE_AT_BYTES) this.paused = true;
    return !this.paused;
  }

  async end(): Promise<CapturedOutput> {
    if (this.secrets) this.keep(this.secrets.end());
    await this.writing;
    const file = await this.closeFile();
    const tail = this.tail.bytes();
    return {
      head: Buffer.concat(this.head),
      tail,
      truncatedBytes: this.total - this.headLength - tail.length,
      totalBytes: this.total,
      file,
      fileBytes: this.fileBytes,
    };
  }

  /** The path of the file if it holds what it should; half a file on a full disk only takes space. */
  private async closeFile(): Promise<string | undefined> {
    const handle = await this.file?.handle;
    if (!this.file || !handle) return undefined;
    await handle.close().catch(() => {});
    if (!this.fileFailed) return this.file.path;
    await unlink(this.file.path).catch(() => {});
    return undefined;
  }

  private kept(): Buffer {
    return Buffer.concat([...this.head, this.tail.bytes()]);
  }

  /** Queues bytes for the disk. A disk that fails costs the file, never the command. */
  private spill(chunk: Buffer): void {
    const bytes = chunk.subarray(0, Math.max(0, this.options.maxFileBytes - this.fileBytes));
    if (bytes.length === 0 || this.fileFailed) return;
    this.file ??= this.createFile();
    const { handle } = this.file;
    this.fileBytes += bytes.length;
    this.waitingBytes += bytes.length;
    this.writing = this.writing.then(async () => {
      try {
        await (await handle)?.writeFile(bytes);
      } catch {
        this.fileFailed = true;
      }
      this.waitingBytes -= bytes.length;
      if (this.paused && this.waitingBytes < RESUME_AT_BYTES) {
        this.paused = false;
        this.onDrain?.();
      }
    });
  }

  private createFile() {
    const directory = this.options.directory ?? '';
    const path = join(directory, `output-${newId()}.txt`);
    const create = async () => {
      await privateDirectory(directory);
      return open(path, 'wx', 0o600);
    };
    return { path, handle: create().catch(() => undefined) };
  }
}

/** The output as a model reads it: decoded once, cleaned, with a line where bytes are left out. */
export function outputText(output: CapturedOutput): string {
  if (output.truncatedBytes === 0)
    return modelText(Buffer.concat([output.head, output.tail]).toString('utf8'));
  const head = withoutHalfCharacter(output.head);
  const tail = output.tail.subarray(firstCharacter(output.tail));
  const rest = output.file
    ? `the ${output.fileBytes < output.totalBytes ? `first ${formatBytes(output.fileBytes)} are` : 'whole is'} in ${output.file}`
    : 'it was not kept';
  const gap = `[${formatBytes(output.truncatedBytes)} left out here; ${rest}]`;
  return `${modelText(head.toString('utf8'))}\n${gap}\n${modelText(tail.toString('utf8'))}`;
}

/** A cut must not turn the character it went through into a replacement character. */
function withoutHalfCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

function firstCharacter(bytes: Buffer): number {
  let start = 0;
  while (start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return start;
}
