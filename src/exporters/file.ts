import { randomUUID } from 'node:crypto';
import { type FileHandle, link, lstat, open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { AnalyticsEvent, AnalyticsExporter } from '../core/extension.js';
import { exporterId } from '../delivery/exporter-id.js';
import { checkOptions } from './check-options.js';
import { csvHeader, csvRow } from './csv.js';
import { delivered, notDelivered } from './export-result.js';
import { fileProblem, openPrivateFile } from './private-file.js';

export const optionsSchema = z.strictObject({
  /** The file to append to; a relative path starts from `baseDirectory`. Its folder must exist. */
  path: z.string().min(1, 'expected the path of a file'),
  /** One JSON object a line (JSONL), or a table. */
  format: z.enum(['jsonl', 'csv']).default('jsonl'),
  /** Absolute; the working directory when absent. */
  baseDirectory: z.string().optional(),
});

export type FileExporterOptions = z.input<typeof optionsSchema>;

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const LINE_PAUSE_MS = 20;

/** Appends each event as one line. Several processes may share the file: every export is one append. */
export function createFileExporter(given: FileExporterOptions): AnalyticsExporter {
  const options = checkOptions('file', optionsSchema, given);
  const path = resolve(options.baseDirectory ?? process.cwd(), options.path);
  const append = options.format === 'csv' ? appendTable : appendLines;
  return {
    name: 'file',
    id: exporterId('file', [path, options.format]),
    async export(events) {
      if (events.length === 0) return delivered(0);
      try {
        await append(path, events);
        return delivered(events.length);
      } catch (error) {
        return notDelivered(fileProblem(path, error));
      }
    },
  };
}

async function appendLines(path: string, events: readonly AnalyticsEvent[]): Promise<void> {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  await appending(path, async (handle) => ((await isTorn(handle)) ? `\n${lines}` : lines));
}

async function appendTable(path: string, events: readonly AnalyticsEvent[]): Promise<void> {
  await makeWithHeader(path);
  const rows = events.map(csvRow).join('');
  await appending(path, async (handle) => {
    if ((await handle.stat()).size === 0) return `${csvHeader}${rows}`;
    if (!(await isTorn(handle))) return rows;
    return (await isInsideQuotes(handle)) ? `"\n${rows}` : `\n${rows}`;
  });
}

async function appending(path: string, text: (handle: FileHandle) => Promise<string>): Promise<void> {
  const handle = await openPrivateFile(path);
  try {
    await handle.appendFile(await text(handle));
    // Reported as delivered means that it survives a crash.
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** A new table appears with its header in it, or two processes that start at once would both write one. */
async function makeWithHeader(path: string): Promise<void> {
  if (await exists(path)) return;
  const draft = `${path}.${randomUUID()}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(csvHeader);
    // Where it cannot be made, because it is there by now or the disk knows no links, the append goes on alone.
    await link(draft, path).catch(() => {});
  } finally {
    await handle.close();
    await rm(draft, { force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
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

/** Whether a torn table ends in the middle of a quoted cell, which would swallow every row to come. */
async function isInsideQuotes(handle: FileHandle): Promise<boolean> {
  let inside = false;
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) {
    for (const byte of chunk as Buffer) if (byte === QUOTE) inside = !inside;
  }
  return inside;
}
