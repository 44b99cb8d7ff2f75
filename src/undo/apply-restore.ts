import type { CheckpointStore } from '../core/checkpoint.js';
import { messageOf } from '../core/describe-failure.js';
import { newId } from '../core/id.js';
import type { FileRestore, LeftAlone, RestoreOutcome, RestorePlan } from '../core/restore.js';
import { fileNow } from './file-now.js';
import type { MadeFolders } from './made-folders.js';
import { restoreFile } from './restore-file.js';
import { sameState } from './settle.js';

export interface ApplyOptions {
  readonly store: CheckpointStore;
  /** Absolute path of a private folder that unfinished writes are noted in. */
  readonly noteDirectory: string;
  readonly folders: MadeFolders;
}

/**
 * Puts each file back that still is as the plan found it. A restore is a change like any other: what it replaces is kept
 * before, so that it can be taken back itself, and a crash at any moment leaves a file that is the one or the other.
 */
export async function applyRestore(plan: RestorePlan, options: ApplyOptions): Promise<RestoreOutcome> {
  const id = newId();
  const restored: FileRestore[] = [];
  const left: LeftAlone[] = [...plan.left];
  for (const file of plan.files) {
    const reason = await applyOne(file, plan, id, options).catch(messageOf);
    if (reason === undefined) restored.push(file);
    else left.push({ path: file.path, reason });
  }
  await options.folders.removeEmpty(await changesTakenBack(restored, plan.sessionId, options.store));
  return { restored, left };
}

/** The changes of files that are gone now, by their ids. */
async function changesTakenBack(
  restored: readonly FileRestore[],
  sessionId: string,
  store: CheckpointStore,
): Promise<readonly string[]> {
  const removed = new Map(
    restored.flatMap(({ kind, path, back }) => (kind === 'remove' ? [[path, back]] : [])),
  );
  if (removed.size === 0) return [];
  const all = await store.listCheckpoints(sessionId);
  return all.filter(({ path, position }) => position >= (removed.get(path) ?? Infinity)).map(({ id }) => id);
}

async function applyOne(
  file: FileRestore,
  { sessionId, action }: RestorePlan,
  turnId: string,
  { store, noteDirectory, folders }: ApplyOptions,
): Promise<string | undefined> {
  const { path, expected, target, back } = file;
  const content = target.hash === null ? new Uint8Array() : await store.readContent(target.hash);
  const needsContent = file.kind === 'content' || file.kind === 'create';
  if (needsContent && !content) return 'What was there before is kept no longer.';
  const now = await fileNow(path);
  if (now.problem !== undefined) return now.problem;
  if (!sameState(now.state, expected)) return 'It changed a moment ago, so it is left alone.';
  const id = newId();
  const made = { id, sessionId, action, turnId, path, before: now.state, after: target, back };
  await store.saveCheckpoint({ ...made, createdAt: Date.now() }, now.content);
  await folders.before(id, path);
  try {
    await restoreFile(file, content ?? new Uint8Array(), noteDirectory);
  } catch (error) {
    folders.forget(id);
    await store.discardCheckpoint(id);
    throw error;
  }
  await folders.after(id);
  await store.sealCheckpoint(id, target);
  return undefined;
}
