import type { Checkpoint, FileState } from '../core/checkpoint.js';

/** A change that happened. `after` is `null` when a crash left nobody to say what was written. */
export type Change = Pick<
  Checkpoint,
  'position' | 'action' | 'turnId' | 'before' | 'after' | 'back' | 'logSequence'
>;

export function sameState(one: FileState, other: FileState): boolean {
  return one.hash === other.hash && one.mode === other.mode;
}

/**
 * The changes of one file that happened, oldest first, without those that changed nothing. Of a change that was not
 * sealed the file itself tells, as the next change found it, or as it is `now`.
 */
export function settle(changes: readonly Checkpoint[], now: FileState): readonly Change[] {
  return changes.flatMap((change, index) => {
    const { before, after, sealed } = change;
    if (sealed) return after && sameState(before, after) ? [] : [change];
    const found = changes[index + 1]?.before ?? now;
    if (sameState(found, before)) return [];
    if (after && sameState(found, after)) return [change];
    // Only its mode is another one: nobody wrote it.
    if (found.hash === before.hash && after?.hash !== before.hash) return [];
    return [{ ...change, after: null }];
  });
}
