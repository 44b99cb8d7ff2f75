import { closeSync, lstatSync, openSync, readSync } from 'node:fs';
import * as z from 'zod';
import { readRegularFile } from '../config/read-regular-file.js';
import { writePrivateFile } from '../config/write-private-file.js';
import { ConfigError } from '../core/errors.js';
import { isRecord } from '../core/is-record.js';
import { presets } from '../providers/presets.js';
import { cutBelow, DEEPEST } from './plain-data.js';
import { type Recording, recordingFormat, recordingVersion } from './recording.js';

const LARGEST_BYTES = 512 * 1024 * 1024;
/** Levels of a recording around the bodies in it. */
const LEVELS_AROUND = 8;
/** Items in the lists of all requests, with those that a request shares with the one before. */
const MOST_ITEMS = 5_000_000;
const begins = new RegExp(`^\\s*\\{\\s*"format"\\s*:\\s*"${recordingFormat}"`);

/** Made when it is needed, because most processes read no recording. */
function recordingSchema() {
  const texts = z.record(z.string(), z.string());
  const failure = z.object({ kind: z.string().optional(), code: z.string().optional(), message: z.string() });
  return z.object({
    format: z.literal(recordingFormat),
    version: z.literal(recordingVersion),
    victor: z.string(),
    ended: z.enum(['complete', 'failed', 'interrupted']),
    exchanges: z.array(
      z.object({
        request: z.object({
          provider: z.string(),
          baseURL: z.url({ protocol: /^https?$/ }),
          method: z.string(),
          path: z.string(),
          headers: texts,
          body: z.unknown(),
          same: z.record(z.string(), z.union([z.literal(true), z.int().nonnegative()])).optional(),
        }),
        answer: z
          .object({
            status: z.int().min(200).max(599),
            headers: texts,
            chunks: z.array(z.object({ afterMs: z.number(), text: z.string() })),
          })
          .optional(),
        end: z.union([z.enum(['complete', 'left']), failure]),
      }),
    ),
  });
}

/** Throws `ConfigError` when something is there that a recording must not replace. */
export function checkReplaceable(file: string): void {
  const status = statusOf(file);
  if (!status) return;
  if (status.isSymbolicLink()) {
    throw new ConfigError(`${file} is a symbolic link, and what it leads to is not overwritten`, {
      advice: 'Name the file itself after --record.',
    });
  }
  if (status.isFile() && (status.size === 0 || begins.test(beginningOf(file)))) return;
  throw new ConfigError(`${file} is there already and is no recording, so that it is not overwritten`, {
    advice: 'Name another file after --record.',
  });
}

/** All or nothing, for its owner only. Throws `ConfigError` when it cannot be written. */
export function writeRecording(file: string, recording: Recording): void {
  // Between the start and now somebody may have put something else there.
  checkReplaceable(file);
  writePrivateFile(file, `${JSON.stringify(recording, undefined, 1)}\n`);
}

/** Throws `ConfigError` that says what is wrong with the file. */
export function readRecording(file: string): Recording {
  const read = readRegularFile(file, { maxBytes: LARGEST_BYTES });
  if (!read.ok) {
    throw new ConfigError(`the recording ${file} ${read.reason}`, { advice: read.advice });
  }
  let value: unknown;
  try {
    value = JSON.parse(read.text);
  } catch (cause) {
    throw invalid(file, 'is no JSON', cause);
  }
  const { format, version } = (value ?? {}) as Partial<Recording>;
  if (format !== recordingFormat) throw invalid(file, 'is no recording of Victor');
  if (version !== recordingVersion) {
    throw invalid(file, `has the version ${version}, and this Victor plays ${recordingVersion}`);
  }
  if (cutBelow(value, DEEPEST + LEVELS_AROUND)) throw invalid(file, 'is nested too deeply to be played');
  const result = recordingSchema().safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw invalid(file, `is damaged at ${issue?.path.join('.')}: ${issue?.message}`);
  }
  if (result.data.exchanges.length === 0) throw invalid(file, 'holds no request');
  const recording = result.data as Recording;
  checkProviders(file, recording);
  checkItems(file, recording);
  return recording;
}

/** A recording may be a stranger's: its provider becomes a setting, where a path would be a module to load. */
function checkProviders(file: string, { exchanges }: Recording): void {
  const other = exchanges.find(({ request }) => !Object.hasOwn(presets, request.provider));
  if (!other) return;
  throw invalid(
    file,
    `names ${JSON.stringify(other.request.provider.slice(0, 80))}, which is no provider that can be played`,
  );
}

/** A few bytes may stand for all items of the request before. */
function checkItems(file: string, { exchanges }: Recording): void {
  let total = 0;
  let before = new Map<string, number>();
  for (const { request } of exchanges) {
    const { body, same = {} } = request;
    const lengths = new Map(
      Object.entries(isRecord(body) ? body : {}).map(([name, one]) => [
        name,
        Array.isArray(one) ? one.length : 0,
      ]),
    );
    for (const [name, count] of Object.entries(same)) {
      const earlier = before.get(name) ?? 0;
      const shared = count === true ? earlier : Math.min(count, earlier);
      lengths.set(name, shared + (count === true ? 0 : (lengths.get(name) ?? 0)));
      if (count !== true) total += shared;
    }
    if (total > MOST_ITEMS) throw invalid(file, `stands for more than ${MOST_ITEMS} items`);
    before = lengths;
  }
}

function invalid(file: string, what: string, cause?: unknown): ConfigError {
  return new ConfigError(`${file} ${what}`, { advice: 'Make a recording with --record FILE.', cause });
}

function statusOf(file: string) {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch (cause) {
    throw new ConfigError(`${file} cannot be a recording: ${(cause as Error).message}`, {
      advice: 'Name another file after --record.',
      cause,
    });
  }
}

function beginningOf(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(200);
    return bytes.subarray(0, readSync(descriptor, bytes)).toString();
  } finally {
    closeSync(descriptor);
  }
}
