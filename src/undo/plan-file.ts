import type { FileState } from '../core/checkpoint.js';
import type { FileRestore, LeftAlone, RestoreKind } from '../core/restore.js';
import { type Change, sameState } from './settle.js';

/** What becomes of one file when every change from `point` on is taken back; `undefined` when it is so already. */
export type FilePlan = { readonly restore: FileRestore } | { readonly left: LeftAlone } | undefined;

const cutOff = 'Victor was stopped while it wrote this file, so nobody can tell what it left.';

/**
 * Goes back from the newest change for as long as each found what the one before it left. Where somebody else changed the
 * file in between, it stops: what they wrote is what the file is put back to.
 */
export function planFile(path: string, changes: readonly Change[], point: number, now: FileState): FilePlan {
  const last = changes.at(-1);
  if (!last || last.position < point) return undefined;
  if (!last.after) return { left: { path, reason: cutOff } };
  if (last.after.hash !== now.hash) return { left: { path, reason: changedSince(last.after, now) } };
  let at = changes.length - 1;
  let mode = sameMode(last.after, now);
  while (at > 0 && changes[at - 1]!.position >= point) {
    const { after } = changes[at - 1]!;
    if (after?.hash !== changes[at]!.before.hash) break;
    mode &&= sameMode(after!, changes[at]!.before);
    at -= 1;
  }
  const { before, position } = changes[at]!;
  const cut = at > 0 && changes[at - 1]!.position >= point;
  // A mode that somebody else has set stays.
  const target = mode || before.hash === null || now.hash === null ? before : { ...before, mode: now.mode };
  if (sameState(target, now)) return cut ? { left: { path, reason: inBetween } } : undefined;
  // Whoever has set another mode on a new file has made it theirs.
  if (target.hash === null && !sameMode(last.after, now)) return { left: { path, reason: otherMode } };
  const note = cut ? 'only back to how it was when somebody else changed it between two edits' : '';
  const kind = kindOf(now, target);
  return { restore: { path, kind, expected: now, target, back: position, note } };
}

const inBetween = 'It was changed between two edits of Victor; what was there before that is not put back.';

const otherMode = 'Victor made it, but its mode was changed since, so it is not removed.';

function kindOf(now: FileState, target: FileState): RestoreKind {
  if (target.hash === null) return 'remove';
  if (now.hash === null) return 'create';
  return now.hash === target.hash ? 'mode' : 'content';
}

function sameMode(one: FileState, other: FileState): boolean {
  return one.mode === other.mode;
}

function changedSince(after: FileState, now: FileState): string {
  if (now.hash === null) return 'It was deleted since Victor wrote it.';
  if (after.hash === null) return 'Victor deleted it, and there is another file in its place now.';
  return 'It is no longer what Victor wrote, so it is left alone. Restore it by hand.';
}
