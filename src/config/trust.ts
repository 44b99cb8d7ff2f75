import { realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import * as z from 'zod';
import { ConfigError } from '../core/errors.js';
import type { VictorPaths } from './paths.js';
import { readRegularFile } from './read-regular-file.js';
import { isInside, realDirectory } from './workspace-root.js';
import { writePrivateFile } from './write-private-file.js';

/** A folder whose settings and extensions the user said may run. */
export interface TrustedFolder {
  /** Real path. */
  readonly directory: string;
  /** Which folder it was when it was trusted; another one in its place is not trusted. */
  readonly inode: number;
  readonly device: number;
  /** Milliseconds since 1970. */
  readonly trustedAt: number;
}

type Paths = Pick<VictorPaths, 'trustFile'>;

const MAX_BYTES = 1024 * 1024;
const folder = z.object({
  directory: z.string(),
  inode: z.number(),
  device: z.number(),
  trustedAt: z.number(),
});
const trustFileSchema = z.object({ version: z.literal(1), folders: z.array(folder) });

/** Whether exactly this folder is trusted; folders inside a trusted one are not. */
export async function isTrusted(directory: string, paths: Paths): Promise<boolean> {
  const trusted = await listTrusted(paths);
  if (trusted.length === 0) return false;
  const real = realDirectory(directory);
  const { ino, dev } = statSync(real);
  return trusted.some((one) => one.directory === real && one.inode === ino && one.device === dev);
}

/** Trusts a folder. The root, the home folder and what is around it take `force`. Throws `ConfigError`. */
export async function trustFolder(
  directory: string,
  paths: Paths,
  options: { readonly force?: boolean } = {},
): Promise<TrustedFolder> {
  const real = realDirectory(directory);
  if (isInside(realHome(), real) && !options.force) {
    throw new ConfigError(
      `${real} holds your home folder; everything below it that is no repository would be trusted`,
      {
        advice: 'Trust the folder of one project instead, or pass --force.',
      },
    );
  }
  const { ino, dev } = statSync(real);
  const trusted = { directory: real, inode: ino, device: dev, trustedAt: Date.now() };
  const others = (await listTrusted(paths)).filter((one) => one.directory !== real);
  save(paths, [...others, trusted]);
  return trusted;
}

/** Forgets a folder, also one that is gone; `false` when it was not trusted. */
export async function revokeTrust(directory: string, paths: Paths): Promise<boolean> {
  const all = await listTrusted(paths);
  const names = new Set([directory, realOrSame(directory)]);
  const kept = all.filter((one) => !names.has(one.directory));
  if (kept.length === all.length) return false;
  save(paths, kept);
  return true;
}

/** Every trusted folder, oldest first. Throws `ConfigError` when the file is damaged or not the user's own. */
export async function listTrusted(paths: Paths): Promise<readonly TrustedFolder[]> {
  const read = readRegularFile(paths.trustFile, { maxBytes: MAX_BYTES, ownedByUser: true });
  if (!read.ok && read.missing) return [];
  if (!read.ok)
    throw new ConfigError(`${paths.trustFile} ${read.reason}`, {
      advice: read.advice,
      file: paths.trustFile,
    });
  try {
    return trustFileSchema.parse(JSON.parse(read.text)).folders;
  } catch (error) {
    throw new ConfigError(`${paths.trustFile} is damaged, so no folder counts as trusted`, {
      advice: 'Delete it and run victor trust again where you need it.',
      file: paths.trustFile,
      cause: error,
    });
  }
}

function save(paths: Paths, folders: readonly TrustedFolder[]): void {
  writePrivateFile(paths.trustFile, `${JSON.stringify({ version: 1, folders }, undefined, 2)}\n`);
}

function realHome(): string {
  return realOrSame(homedir());
}

function realOrSame(directory: string): string {
  try {
    return realpathSync.native(directory);
  } catch {
    return directory;
  }
}
