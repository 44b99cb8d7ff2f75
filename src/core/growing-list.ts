/** Lists of which each longer one begins with the shorter ones. */
interface Line {
  /** Of the longest. */
  length: number;
}

const lines = new WeakMap<readonly unknown[], Line>();

/**
 * The list with more items at its end, frozen. Histories grow like this, by messages that never change, and what was found
 * out of the shorter list holds for the beginning of the longer one: `growsFrom` and `readOnce` know it without a look.
 */
export function grown<Item>(list: readonly Item[], more: readonly Item[]): readonly Item[] {
  const longer = Object.freeze([...list, ...more]);
  const before = lines.get(list);
  // Two that grow from the same list are not alike any more.
  const line = before?.length === list.length ? before : { length: 0 };
  line.length = longer.length;
  lines.set(longer, line);
  return longer;
}

/** Whether a list is known to be the other one with nothing, or with something more, at its end. */
export function growsFrom(list: readonly unknown[], other: readonly unknown[]): boolean {
  const line = lines.get(list);
  return line !== undefined && line === lines.get(other) && list.length >= other.length;
}

/**
 * A reader that shows each item of a growing list to `step` only once, however often the list is read as it grows. What has
 * come of it is the reader's own and changes when a longer list is read: look at it at once. Any other list is read anew.
 */
export function readOnce<Item, State>(
  start: () => State,
  step: (state: State, item: Item) => void,
): (items: readonly Item[]) => State {
  const known = new WeakMap<Line, { readonly state: State; readonly count: number }>();
  return (items) => {
    const line = lines.get(items);
    const before = line && known.get(line);
    const goesOn = before !== undefined && before.count <= items.length;
    const state = goesOn ? before.state : start();
    for (let index = goesOn ? before.count : 0; index < items.length; index += 1) step(state, items[index]!);
    // A shorter list is asked for once and not again; the longer one goes on.
    if (line && (goesOn || !before)) known.set(line, { state, count: items.length });
    return state;
  };
}
