import type { LogEntry } from './store.js';

/**
 * The entries of a log that still count, in order: what was rewound is left out, and so are the rewinds. A rewind to
 * what the log does not have changes nothing.
 */
export function currentLine(entries: readonly LogEntry[]): readonly LogEntry[] {
  if (!entries.some(({ entry }) => entry.type === 'rewind')) return entries;
  const places = new Map<string, number>();
  /** The line before each place that somebody went back to. */
  const lines = new Map<number, readonly LogEntry[]>();
  const targets = new Set(entries.map(({ entry }) => (entry.type === 'rewind' ? entry.before : '')));
  let line: LogEntry[] = [];
  for (const [index, one] of entries.entries()) {
    const { entry } = one;
    const id = entry.type === 'message' ? entry.message.id : entry.type === 'rewind' ? entry.id : undefined;
    if (id !== undefined && targets.has(id)) {
      places.set(id, index);
      lines.set(index, [...line]);
    }
    if (entry.type !== 'rewind') line.push(one);
    else if (entry.before !== entry.id) line = [...(lines.get(places.get(entry.before) ?? -1) ?? line)];
  }
  return line;
}

/** The newest rewind that can be taken back: nothing was said since, and nobody has taken it back yet. */
export function lastRewind(entries: readonly LogEntry[]): string | undefined {
  let stack: readonly string[] = [];
  const rewinds = new Set<string>();
  for (const { entry } of entries) {
    if (entry.type === 'rewind') {
      stack = rewinds.has(entry.before) ? stack.slice(0, -1) : [...stack, entry.id];
      rewinds.add(entry.id);
    } else if (entry.type === 'message' || entry.type === 'reset') stack = [];
  }
  return stack.at(-1);
}
