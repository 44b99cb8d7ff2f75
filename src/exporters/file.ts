import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExtensionError } from '../core/errors.js';
import type { AnalyticsEvent, AnalyticsExporter, ExportResult } from '../core/extension.js';

export interface FileExporterOptions {
  /** The file to append to; a relative path starts from `baseDirectory`. Its folder must exist. */
  readonly path: string;
  /** Absolute; the working directory when absent. */
  readonly baseDirectory?: string;
}

const NEWLINE = 0x0a;
const LINE_PAUSE_MS = 20;

/**
 * Appends each event as one line of JSON (JSONL). Several processes may share the file: every export is one append.
 * The file is made readable for its owner only. Links are refused, so that nobody can lead the lines into another file.
 */
export function createFileExporter(options: FileExporterOptions): AnalyticsExporter {
  const path = resolve(options.baseDirectory ?? process.cwd(), checkedPath(options));
  return {
    name: 'file',
    async export(events): Promise<ExportResult> {
      if (events.length === 0) return { success: true, exportedCount: 0 };
      try {
        await append(path, events);
        return { success: true, exportedCount: events.length };
      } catch (error) {
        return { success: false, exportedCount: 0, error: `${path}: ${reason(error)}` };
      }
    },
  };
}

async function append(path: string, events: readonly AnalyticsEvent[]): Promise<void> {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;
  // Not blocking, or opening a pipe that nobody reads would wait for ever.
  const handle = await open(path, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    if (!(await handle.stat()).isFile()) throw Object.assign(new Error(), { code: 'EINVAL' });
    const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
    await handle.appendFile((await isTorn(handle)) ? `\n${lines}` : lines);
    // Reported as delivered means that it survives a crash.
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** A process that died in the middle of a line must not spoil the next one. A line still being written is given time. */
async function isTorn(handle: FileHandle): Promise<boolean> {
  if (await endsWithNewline(handle)) return false;
  await sleep(LINE_PAUSE_MS);
  return !(await endsWithNewline(handle));
}

async function endsWithNewline(handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return true;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === NEWLINE;
}

function checkedPath(options: FileExporterOptions): string {
  const advice = 'Write `exporters: [[file, { path: analytics.jsonl }]]`.';
  const unknown = Object.keys(options).find((key) => key !== 'path' && key !== 'baseDirectory');
  if (unknown) throw new ExtensionError(`The file exporter has no option "${unknown}".`, { advice });
  if (typeof options.path !== 'string' || options.path === '') {
    throw new ExtensionError('The file exporter needs a path.', { advice });
  }
  return options.path;
}

function reason(error: unknown): string {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}

const reasons: Readonly<Record<string, string>> = {
  ELOOP: 'is a symbolic link, which is refused; name the file itself',
  EISDIR: 'is a folder; name a file in it',
  EINVAL: 'is not a regular file; name another one',
  ENXIO: 'is not a regular file; name another one',
  ENOENT: 'its folder does not exist; make it',
  ENOTDIR: 'a part of the path is not a folder',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};
