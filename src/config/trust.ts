import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import * as z from 'zod';
import { ConfigError } from '../core/errors.js';
import { type FolderIdentity, folderIdentity, isSameFolder } from './folder-identity.js';
import { type FolderItem, programItem } from './folder-items.js';
import type { VictorPaths } from './paths.js';
import { readRegularFile } from './read-regular-file.js';
import { isInside } from './workspace-root.js';
import { writePrivateFile } from './write-private-file.js';

/** A folder whose settings and extensions the user said may run. */
export interface TrustedFolder extends FolderIdentity {
  /** Milliseconds since 1970. */
  readonly trustedAt: number;
  /** What of it the user has seen and confirmed, as hashes; what is not among them does not load. */
  readonly pins: readonly string[];
}

type Paths = Pick<VictorPaths, 'trustFile'>;

const MAX_BYTES = 1024 * 1024;
/** Of one folder; the oldest are forgotten, and asked again. */
const MOST_PINS = 500;
const folder = z.object({
  directory: z.string(),
  inode: z.number(),
  device: z.number(),
  trustedAt: z.number(),
  // Trust from before there were pins confirms nothing by itself.
  pins: z.array(z.string()).default([]),
});
const trustFileSchema = z.object({ version: z.literal(1), folders: z.array(folder) });

/** Whether exactly this folder is trusted; folders inside a trusted one are not. */
export async function isTrusted(directory: string, paths: Paths): Promise<boolean> {
  return (await findTrusted(directory, paths)) !== undefined;
}

/** What is stored of exactly this folder, while it is still the folder that was trusted. */
export async function findTrusted(directory: string, paths: Paths): Promise<TrustedFolder | undefined> {
  const trusted = await listTrusted(paths);
  if (trusted.length === 0) return undefined;
  const folder = folderIdentity(directory);
  return trusted.find((one) => isSameFolder(one, folder));
}

/** Which settings files that are programs may run in a folder: those that were confirmed as they are now. */
export async function mayRun(directory: string, paths: Paths): Promise<(file: string) => boolean> {
  const pins = new Set((await findTrusted(directory, paths))?.pins);
  return (file) => pins.has(programItem(file).pin ?? '');
}

/**
 * Trusts a folder, and of what it brings these items, besides those confirmed before. The root, the home folder and
 * what is around it take `force`. Throws `ConfigError`.
 */
export async function trustFolder(
  directory: string,
  paths: Paths,
  items: readonly Pick<FolderItem, 'pin'>[],
  options: { readonly force?: boolean } = {},
): Promise<TrustedFolder> {
  const identity = folderIdentity(directory);
  const real = identity.directory;
  if (holdsHome(real) && !options.force) {
    throw new ConfigError(
      `${real} holds your home folder; everything below it that is no repository would be trusted`,
      {
        advice: 'Trust the folder of one project instead, or pass --force.',
      },
    );
  }
  const all = await listTrusted(paths);
  const others = all.filter((one) => one.directory !== real);
  const before = all.find((one) => isSameFolder(one, identity));
  const pins = [...new Set([...(before?.pins ?? []), ...items.flatMap(({ pin }) => pin ?? [])])];
  const trusted = {
    ...identity,
    trustedAt: Date.now(),
    pins: pins.slice(-MOST_PINS),
  };
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

/** Whether a folder (a real path) is the home folder or around it: trust of it is trust of nearly everything. */
export function holdsHome(directory: string): boolean {
  return isInside(realOrSame(homedir()), directory);
}

function realOrSame(directory: string): string {
  try {
    return realpathSync.native(directory);
  } catch {
    return directory;
  }
}
