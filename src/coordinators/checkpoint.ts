import { resolve } from 'node:path';
import type { Checkpoint, CheckpointStore, FileState } from '../core/checkpoint.js';
import type * as contract from '../core/coordinator.js';
import type { RestoreResult, Turn } from '../core/coordinator.js';
import { newId } from '../core/id.js';
import type { ToolCall } from '../core/message.js';
import type { FileDiff, RestoreOutcome, RestorePlan, RestoreRequest } from '../core/restore.js';
import type { Tool, WrittenFile } from '../core/tool.js';
import { toolPaths } from '../core/tool-paths.js';
import { writablePath } from '../tools/resolve-path.js';
import { applyRestore } from '../undo/apply-restore.js';
import { type FileNow, fileNow } from '../undo/file-now.js';
import { MadeFolders } from '../undo/made-folders.js';
import { planFile } from '../undo/plan-file.js';
import { planRestore } from '../undo/plan-restore.js';
import { sessionDiff } from '../undo/session-diff.js';
import { sameState, settle } from '../undo/settle.js';

export interface CheckpointCoordinatorOptions {
  readonly store: CheckpointStore;
  readonly findTool: (name: string, sessionId: string) => Tool | undefined;
  /** Absolute path that relative paths start from. */
  readonly cwd: string;
  /** Absolute path of a private folder that unfinished writes are noted in. */
  readonly noteDirectory: string;
}

/** Keeps each file as it was before a change, and puts it back only while it still is what Victor wrote. */
export class CheckpointCoordinator implements contract.CheckpointCoordinator {
  readonly #store: CheckpointStore;
  readonly #findTool: CheckpointCoordinatorOptions['findTool'];
  readonly #cwd: string;
  readonly #noteDirectory: string;
  readonly #folders = new MadeFolders();

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
      const path = await this.#realPath(given);
      const file = await fileNow(path);
      // A folder or a device: the tool refuses it anyway.
      if (file.problem !== undefined) {
        if (file.refused) continue;
        throw new Error(file.problem);
      }
      const id = newId();
      await this.#store.saveCheckpoint(
        {
          id,
          sessionId: turn.sessionId,
          action: 'edit',
          turnId: turn.id,
          path,
          before: file.state,
          after: null,
          back: null,
          createdAt: Date.now(),
        },
        file.content,
      );
      await this.#folders.before(id, path);
      saved.push({ id, path });
    }
    return saved;
  }

  async seal(ids: readonly string[], written?: readonly WrittenFile[]): Promise<void> {
    for (const id of ids) {
      const checkpoint = await this.#store.getCheckpoint(id);
      if (!checkpoint) continue;
      const { path, before } = checkpoint;
      const told = written?.find((one) => one.path === path);
      await this.#folders.after(id);
      if (written && !told) await this.#store.discardCheckpoint(id);
      else if (told && told.before !== before.hash)
        throw new Error(`${path} changed in the moment before it was written.`);
      else {
        const after = await stateAfter(path, before, told);
        if (after) await this.#store.sealCheckpoint(id, after);
      }
    }
  }

  async discard(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const checkpoint = await this.#store.getCheckpoint(id);
      const file = checkpoint && (await fileNow(checkpoint.path));
      if (!file?.state || !sameState(file.state, checkpoint!.before)) continue;
      this.#folders.forget(id);
      await this.#store.discardCheckpoint(id);
    }
  }

  /** Newest first, without edits that changed nothing or never ended. */
  async list(sessionId: string): Promise<readonly Checkpoint[]> {
    const all = await this.#store.listCheckpoints(sessionId);
    return all.filter(({ sealed, before, after }) => sealed && after !== null && !sameState(before, after));
  }

  async restore(id: string): Promise<RestoreResult> {
    const checkpoint = await this.#store.getCheckpoint(id);
    if (!checkpoint) return { restored: false, path: '', reason: `There is no checkpoint ${id}.` };
    const { path, sessionId, position } = checkpoint;
    const now = await fileNow(path);
    if (now.problem !== undefined) return { restored: false, path, reason: now.problem };
    const all = await this.#store.listCheckpoints(sessionId);
    const changes = settle(all.filter((one) => one.path === path).reverse(), now.state);
    const plan = planFile(path, changes, position, now.state);
    if (!plan) return { restored: false, path, reason: 'It was undone already.' };
    if ('left' in plan) return { restored: false, ...plan.left };
    const since = checkpoint.logSequence;
    const files = [plan.restore];
    const { restored, left } = await this.apply({ action: 'undo', sessionId, since, files, left: [] });
    if (!restored[0]) return { restored: false, path, reason: left[0]?.reason ?? '' };
    const reason = plan.restore.kind === 'remove' ? 'Removed the new file.' : 'Put back as it was.';
    return { restored: true, path, reason };
  }

  preview(sessionId: string, request: RestoreRequest): Promise<RestorePlan> {
    return planRestore(this.#store, sessionId, request);
  }

  apply(plan: RestorePlan): Promise<RestoreOutcome> {
    return applyRestore(plan, {
      store: this.#store,
      noteDirectory: this.#noteDirectory,
      folders: this.#folders,
    });
  }

  diff(sessionId: string): Promise<readonly FileDiff[]> {
    return sessionDiff(this.#store, sessionId);
  }

  /** Where a write would land; what cannot be told is for the tool to refuse. */
  async #realPath(given: string): Promise<string> {
    try {
      return (await writablePath(given, { cwd: this.#cwd })).realPath;
    } catch {
      return resolve(this.#cwd, given);
    }
  }
}

/** What a tool left; what it told itself counts, because somebody else may have written since. */
async function stateAfter(
  path: string,
  before: FileState,
  told: WrittenFile | undefined,
): Promise<FileState | undefined> {
  const now: FileNow = await fileNow(path);
  const seen = now.problem === undefined ? now.state : undefined;
  if (!told) return seen;
  // Tools that tell keep the mode of what they replace.
  return { hash: told.after, mode: told.after === null ? null : (before.mode ?? seen?.mode ?? null) };
}
