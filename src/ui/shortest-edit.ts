export interface Edit {
  readonly kind: 'same' | 'added' | 'removed';
  readonly item: string;
}

/**
 * The shortest way from one list to the other, by Myers, "An O(ND) difference algorithm" (1986), in order; `undefined` when
 * it takes more than `mostEdits` items removed and added.
 */
export function shortestEdit(
  old: readonly string[],
  now: readonly string[],
  mostEdits: number,
): Edit[] | undefined {
  const most = Math.min(mostEdits, old.length + now.length);
  const middle = most + 1;
  /** How far in the old list each diagonal (old index minus new index) has come; one state a number of edits. */
  const reached = new Int32Array(2 * most + 3);
  const steps: Int32Array[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    steps.push(reached.slice(middle - edits - 1, middle + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const below = reached[middle + diagonal - 1] ?? 0;
      const above = reached[middle + diagonal + 1] ?? 0;
      let place = diagonal === -edits || (diagonal !== edits && below < above) ? above : below + 1;
      while (place < old.length && place - diagonal < now.length && old[place] === now[place - diagonal]) {
        place += 1;
      }
      reached[middle + diagonal] = place;
      if (place >= old.length && place - diagonal >= now.length) return walkBack(old, now, steps);
    }
  }
  return undefined;
}

function walkBack(old: readonly string[], now: readonly string[], steps: readonly Int32Array[]): Edit[] {
  const found: Edit[] = [];
  let oldAt = old.length;
  let nowAt = now.length;
  for (let edits = steps.length - 1; edits >= 0; edits -= 1) {
    const reached = steps[edits] ?? new Int32Array();
    const at = (diagonal: number) => reached[edits + 1 + diagonal] ?? 0;
    const diagonal = oldAt - nowAt;
    const down = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const from = edits === 0 ? 0 : down ? diagonal + 1 : diagonal - 1;
    const oldFrom = edits === 0 ? 0 : at(from);
    const nowFrom = oldFrom - from;
    while (oldAt > oldFrom && nowAt > nowFrom && old[oldAt - 1] === now[nowAt - 1]) {
      found.push({ kind: 'same', item: old[oldAt - 1] ?? '' });
      oldAt -= 1;
      nowAt -= 1;
    }
    if (edits === 0) break;
    if (down) found.push({ kind: 'added', item: now[nowAt - 1] ?? '' });
    else found.push({ kind: 'removed', item: old[oldAt - 1] ?? '' });
    oldAt = oldFrom;
    nowAt = nowFrom;
  }
  return found.reverse();
}
