import type { Checkpoint, CheckpointStore } from '../core/checkpoint.js';
import type { FileRestore, LeftAlone, RestorePlan, RestoreRequest } from '../core/restore.js';
import { type FileNow, fileNow } from './file-now.js';
import { planFile } from './plan-file.js';
import { type Change, settle } from './settle.js';
import { type Group, takeBack } from './take-back.js';

/** What happened to one file, oldest first, and how it is now. */
interface FileHistory {
  readonly path: string;
  readonly changes: readonly Change[];
  readonly now: FileNow;
}

/** Finds out what a request would put back and what it would leave alone. Only looks. */
export async function planRestore(
  store: CheckpointStore,
  sessionId: string,
  request: RestoreRequest,
): Promise<RestorePlan> {
  const checkpoints = [...(await store.listCheckpoints(sessionId))].reverse();
  const histories = await fileHistories(checkpoints);
  const { turns, restore } = takeBack(histories);
  const plan = (points: Group) => planFrom(histories, points, store);
  const { action } = request;
  if (action === 'undo') {
    // A turn of which nothing can be put back does not stand before those that came earlier.
    for (const turn of turns) {
      const found = await plan(turn);
      if (found.files.length > 0) return { action, sessionId, ...found };
    }
    return { action, sessionId, ...(await plan(turns[0] ?? new Map())) };
  }
  if (request.action !== 'rewind') return { action, sessionId, ...(await plan(restore)) };
  const { sequence } = request;
  const later = checkpoints.filter(({ logSequence }) => logSequence >= sequence);
  // The newest first, so that the oldest of each file is what stays.
  const points = new Map(later.reverse().map(({ path, position }) => [path, position]));
  return { action, sessionId, ...(await plan(points)), since: sequence };
}

/** The changes of each file, as far as they happened. */
export async function fileHistories(checkpoints: readonly Checkpoint[]): Promise<readonly FileHistory[]> {
  const byPath = new Map<string, Checkpoint[]>();
  for (const checkpoint of checkpoints) {
    const changes = byPath.get(checkpoint.path);
    if (changes) changes.push(checkpoint);
    else byPath.set(checkpoint.path, [checkpoint]);
  }
  const histories: FileHistory[] = [];
  for (const [path, all] of byPath) {
    const now = await fileNow(path);
    // Of what nobody may look at, only what is certain counts.
    const changes = now.state ? settle(all, now.state) : all.filter(({ sealed }) => sealed);
    if (changes.length > 0) histories.push({ path, changes, now });
  }
  return histories;
}

async function planFrom(histories: readonly FileHistory[], points: Group, store: CheckpointStore) {
  const files: FileRestore[] = [];
  const left: LeftAlone[] = [];
  const sequences: number[] = [];
  for (const { path, changes, now } of histories) {
    const point = points.get(path);
    const first = changes.find(({ position }) => point !== undefined && position >= point);
    if (!first || point === undefined) continue;
    sequences.push(first.logSequence);
    const plan = now.state
      ? planFile(path, changes, point, now.state)
      : { left: { path, reason: now.problem } };
    if (!plan) continue;
    if ('left' in plan) left.push(plan.left);
    else if (await isKept(plan.restore, store)) files.push(plan.restore);
    else left.push({ path, reason: 'What was there before is kept no longer: the store is bounded.' });
  }
  return { since: sequences.length === 0 ? null : Math.min(...sequences), files, left };
}

async function isKept({ kind, target }: FileRestore, store: CheckpointStore): Promise<boolean> {
  if (kind === 'remove' || kind === 'mode' || target.hash === null) return true;
  return (await store.readContent(target.hash)) !== undefined;
}
