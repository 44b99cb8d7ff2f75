import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { ApprovalStore, ProjectApproval } from '../core/approval-store.js';
import { withoutHeldSecrets } from '../core/held-secrets.js';
import { redact } from '../core/redact.js';
import { type FolderIdentity, folderIdentity } from './folder-identity.js';
import type { VictorPaths } from './paths.js';
import { isUsersOwn, readRegularFile } from './read-regular-file.js';
import { writePrivateFile } from './write-private-file.js';

/** One approval as it is kept, for people to read. */
export interface KeptApproval extends Pick<ProjectApproval, 'tool' | 'what' | 'scripts'> {
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly approvedAt: number;
}

const MAX_BYTES = 1024 * 1024;
/** Of one folder; the oldest are forgotten, and asked again. */
const MOST_APPROVALS = 500;
const contentSchema = z.object({
  directory: z.string(),
  tool: z.string(),
  what: z.string(),
  scripts: z.array(z.string()),
  approvedAt: z.number(),
});

/**
 * What the user allowed for every session in one folder, outside of every workspace: a private file for each, whose name
 * is the hash of what it covers. Looking one up reads nothing, processes that write at once do not meet, and what one
 * forgets, the others do not find any more. A key is nowhere in clear, because a command may hold a password.
 */
export class KeptApprovals implements ApprovalStore {
  readonly #directory: string;
  readonly #paths: Pick<VictorPaths, 'approvalsDirectory'>;
  #folder: { readonly identity: FolderIdentity; readonly path: string } | undefined;

  /** Approvals of exactly this folder, an absolute path. Nothing is read or written yet. */
  constructor(directory: string, paths: Pick<VictorPaths, 'approvalsDirectory'>) {
    this.#directory = directory;
    this.#paths = paths;
  }

  /** Throws `ConfigError` when the folder is gone. */
  has(key: string): boolean {
    const stats = lstatSync(this.#fileOf(key), { throwIfNoEntry: false });
    return stats?.isFile() === true && isUsersOwn(stats);
  }

  /** Throws `ConfigError` when it cannot be written. */
  add({ key, tool, what, scripts }: ProjectApproval): void {
    const { directory } = this.#opened().identity;
    const content = { directory, tool, what: withoutSecrets(what), scripts, approvedAt: Date.now() };
    writePrivateFile(this.#fileOf(key), `${JSON.stringify(content, undefined, 2)}\n`);
    for (const { file } of this.list().slice(0, -MOST_APPROVALS)) this.forget(file);
  }

  /** Oldest first. One that cannot be read is told as such: it may hold all the same. Throws `ConfigError`. */
  list(): readonly KeptApproval[] {
    const { path } = this.#opened();
    const approvals = namesIn(path)
      .filter((name) => /^[0-9a-f]{64}\.json$/.test(name))
      .flatMap((name) => keptIn(join(path, name)));
    return approvals.sort(
      (one, other) => one.approvedAt - other.approvedAt || (one.file < other.file ? -1 : 1),
    );
  }

  forget(file: KeptApproval['file']): void {
    rmSync(file, { force: true });
  }

  #fileOf(key: string): string {
    return join(this.#opened().path, `${hashOf(key)}.json`);
  }

  #opened() {
    if (this.#folder === undefined) {
      const identity = folderIdentity(this.#directory);
      const name = hashOf([identity.directory, identity.inode, identity.device].join('\0'));
      this.#folder = { identity, path: join(this.#paths.approvalsDirectory, name) };
    }
    return this.#folder;
  }
}

function keptIn(file: string): KeptApproval[] {
  const read = readRegularFile(file, { maxBytes: MAX_BYTES, ownedByUser: true });
  // Another process forgot it just now.
  if (!read.ok && read.missing) return [];
  try {
    if (!read.ok) return [unreadable(file, read.reason)];
    const { tool, what, scripts, approvedAt } = contentSchema.parse(JSON.parse(read.text));
    return [{ file, tool, what, scripts, approvedAt }];
  } catch {
    return [unreadable(file, 'is damaged')];
  }
}

function unreadable(file: string, reason: string): KeptApproval {
  return { file, tool: '?', what: `${file} ${reason}`, scripts: [], approvedAt: 0 };
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function withoutSecrets(text: string): string {
  return withoutHeldSecrets(redact(text));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
