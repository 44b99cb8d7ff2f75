import type { Change } from './settle.js';

/** Changes that can be taken back together: by path, the position of the first of them. */
export type Group = ReadonlyMap<string, number>;

export interface TakeBack {
  /** For each turn with a change that is not taken back, newest first: its changes and those of later turns. */
  readonly turns: readonly Group[];
  /** The restore that `redo` takes back; empty for none. */
  readonly restore: Group;
}

type OfPath = Change & { readonly path: string };

/** Folds the changes of a session, by file and oldest first, into what can be taken back. */
export function takeBack(
  histories: readonly { readonly path: string; readonly changes: readonly Change[] }[],
): TakeBack {
  const all: OfPath[] = [];
  const live: OfPath[] = [];
  for (const { path, changes } of histories) {
    all.push(...changes.map((change) => ({ ...change, path })));
    live.push(...liveEdits(changes).map((change) => ({ ...change, path })));
  }
  const turns: Map<string, number>[] = [];
  let turn: string | undefined;
  for (const { turnId, path, position } of live.sort(newestFirst)) {
    if (turnId !== turn) turns.push(new Map(turns.at(-1)));
    turn = turnId;
    turns.at(-1)?.set(path, position);
  }
  return { turns, restore: lastRestore(all.sort(newestFirst).reverse()) };
}

/** The edits of one file that no restore has taken back, or that one has brought back. */
function liveEdits(changes: readonly Change[]): readonly Change[] {
  const before = new Map<number, readonly Change[]>();
  let live: readonly Change[] = [];
  for (const change of changes) {
    before.set(change.position, live);
    if (change.action === 'edit') live = [...live, change];
    else live = before.get(change.back ?? change.position) ?? live;
  }
  return live;
}

/** Restores form a stack that `redo` takes from, until the agent edits something. */
function lastRestore(changes: readonly OfPath[]): Group {
  const restores = new Map<string, Map<string, number>>();
  let stack: readonly Map<string, number>[] = [];
  for (const { action, turnId, path, position } of changes) {
    const known = restores.get(turnId);
    if (action === 'edit') stack = [];
    else if (known) known.set(path, position);
    else {
      const files = new Map([[path, position]]);
      restores.set(turnId, files);
      stack = action === 'redo' ? stack.slice(0, -1) : [...stack, files];
    }
  }
  return stack.at(-1) ?? new Map();
}

function newestFirst(one: Change, other: Change): number {
  return other.position - one.position;
}
