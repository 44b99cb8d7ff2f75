import type { CheckpointStore } from '../core/checkpoint.js';
import type { FileDiff } from '../core/restore.js';
import { decodeText } from '../tools/text-file.js';
import { fileHistories } from './plan-restore.js';
import { sameState } from './settle.js';

const changedByOthers = 'somebody else changed it too; the diff has both';
const unknown = 'Victor was stopped while it wrote this file';

/** Every file that a session left otherwise than it found it, by path. */
export async function sessionDiff(store: CheckpointStore, sessionId: string): Promise<readonly FileDiff[]> {
  const checkpoints = [...(await store.listCheckpoints(sessionId))].reverse();
  const diffs: FileDiff[] = [];
  for (const { path, changes, now } of await fileHistories(checkpoints)) {
    const { before } = changes[0]!;
    const { after } = changes.at(-1)!;
    const notes: string[] = [];
    if (now.problem !== undefined) {
      diffs.push({ path, before: null, after: null, notes: [now.problem] });
      continue;
    }
    if (sameState(before, now.state)) continue;
    const whole = changes.every((change, index) => {
      const next = changes[index + 1]?.before ?? now.state;
      return change.after === null || change.after.hash === next.hash;
    });
    if (!whole) notes.push(changedByOthers);
    if (after === null) notes.push(unknown);
    const old = before.hash === null ? null : await store.readContent(before.hash);
    if (old === undefined) notes.push('what was there before is kept no longer');
    if (before.mode !== null && now.state.mode !== null && before.mode !== now.state.mode)
      notes.push(`mode ${octal(before.mode)} -> ${octal(now.state.mode)}`);
    const texts = [old ?? null, now.content].map((content) => content && textOf(content));
    if (texts.includes(undefined)) notes.push('it is no text');
    const readable = old !== undefined && !texts.includes(undefined);
    const [was = null, is = null] = readable ? texts : [];
    diffs.push({ path, before: was, after: is, notes });
  }
  return diffs.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** A text that can be shown by lines; `undefined` for anything else. */
function textOf(content: Uint8Array): string | undefined {
  const { encoding, text } = decodeText(Buffer.from(content));
  return encoding === 'binary' || encoding === 'not-utf-8' ? undefined : text;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(3, '0');
}
