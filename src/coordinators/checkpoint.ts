import { createHash } from 'node:crypto';
import { readFile, realpath, stat, unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import type * as contract from '../core/coordinator.js';
import type { RestoreResult, Turn } from '../core/coordinator.js';
import { messageOf } from '../core/describe-failure.js';
import { newId } from '../core/id.js';
import type { ToolCall } from '../core/message.js';
import type { Checkpoint, CheckpointStore } from '../core/store.js';
import type { Tool } from '../core/tool.js';
import { toolPaths } from '../core/tool-paths.js';
import { atomicWrite } from '../tools/atomic-write.js';

export interface CheckpointCoordinatorOptions {
  readonly store: CheckpointStore;
  readonly findTool: (name: string, sessionId: string) => Tool | undefined;
  /** Absolute path that relative paths start from. */
  readonly cwd: string;
  /** Absolute path of a private folder that unfinished writes are noted in. */
  readonly noteDirectory: string;
}

/** The largest file that is kept; larger ones are not edited, because the edit could not be undone. */
const MAX_KEPT_BYTES = 64 * 1_024 * 1_024;

/** Keeps each file as it was before an edit, and puts it back only while it still is what the agent wrote. */
export class CheckpointCoordinator implements contract.CheckpointCoordinator {
  readonly #store: CheckpointStore;
  readonly #findTool: CheckpointCoordinatorOptions['findTool'];
  readonly #cwd: string;
  readonly #noteDirectory: string;

  constructor(options: CheckpointCoordinatorOptions) {
    this.#store = options.store;
    this.#findTool = options.findTool;
    this.#cwd = options.cwd;
    this.#noteDirectory = options.noteDirectory;
  }

  async save(
    call: ToolCall,
    turn: Pick<Turn, 'id' | 'sessionId'>,
  ): Promise<readonly { id: string; path: string }[]> {
    const tool = this.#findTool(call.name, turn.sessionId);
    const paths = tool?.kind === 'edit' ? toolPaths(tool, call) : [];
    if (!paths) throw new Error(`Nobody can tell what ${call.name} would change.`);
    const saved: { id: string; path: string }[] = [];
    for (const given of paths) {
      const path = await realpath(resolve(this.#cwd, given)).catch(() => resolve(this.#cwd, given));
      const file = await stat(path).catch(() => undefined);
      if (file && !file.isFile()) continue; // The tool refuses it anyway.
      if (file && file.size > MAX_KEPT_BYTES) throw new Error(`${given} is larger than 64 MB.`);
      const checkpoint: Checkpoint = {
        id: newId(),
        sessionId: turn.sessionId,
        turnId: turn.id,
        path,
        before: file ? await readFile(path) : null,
        mode: file ? file.mode & 0o7777 : null,
        afterHash: null,
        createdAt: Date.now(),
        restored: false,
      };
      await this.#store.saveCheckpoint(checkpoint);
      saved.push({ id: checkpoint.id, path });
    }
    return saved;
  }

  async seal(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const checkpoint = await this.#store.getCheckpoint(id);
      const now = checkpoint && (await contentHash(checkpoint.path));
      if (now) await this.#store.sealCheckpoint(id, now);
    }
  }

  /** Newest first, without edits that changed nothing. */
  async list(sessionId: string): Promise<readonly Checkpoint[]> {
    const all = await this.#store.listCheckpoints(sessionId);
    return all.filter(
      ({ afterHash, before }) => afterHash !== null && afterHash !== (before && hash(before)),
    );
  }

  async restore(id: string): Promise<RestoreResult> {
    const checkpoint = await this.#store.getCheckpoint(id);
    if (!checkpoint) return { restored: false, path: '', reason: `There is no checkpoint ${id}.` };
    const { path, before, mode, afterHash } = checkpoint;
    if (checkpoint.restored) return { restored: false, path, reason: 'It was undone already.' };
    const changed = 'The file is no longer what Victor wrote, so it was left alone. Restore it by hand.';
    if ((await contentHash(path)) !== afterHash) return { restored: false, path, reason: changed };
    try {
      if (before === null) await unlink(path);
      else {
        const noteDirectory = this.#noteDirectory;
        await atomicWrite({
          path,
          content: before,
          expectedHash: afterHash,
          mode: mode ?? undefined,
          noteDirectory,
        });
      }
    } catch (error) {
      return { restored: false, path, reason: messageOf(error) };
    }
    await this.#store.markRestored(id);
    return {
      restored: true,
      path,
      reason: before === null ? 'Removed the new file.' : 'Put back as it was.',
    };
  }
}

async function contentHash(path: string): Promise<string | null> {
  const content = await readFile(path).catch(() => null);
  return content && hash(content);
}

function hash(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
