/** A line that begins a key: with a space behind the colon, or nothing, so that an address is none. */
const keyLine = /^(["']?)([A-Za-z_][\w-]*)\1[ \t]*:(?:[ \t]+(.*))?$/;
const item = /^[ \t]*-[ \t]+(.*)$/;

/**
 * Reads `key: value` line by line, and takes values as they are written: colons and quotes in them are text. What follows a
 * key and is none goes on with it, as items where all of it begins with a dash. Of a key that stands there twice the first
 * counts, because a text that goes on may hold what looks like one.
 */
export function keysByLine(head: string): ReadonlyMap<string, unknown> {
  const parts = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of head.split('\n')) {
    const [, , key, rest = ''] = keyLine.exec(line) ?? [];
    if (key !== undefined) {
      current = [rest.trim()];
      if (!parts.has(key)) parts.set(key, current);
    } else if (!/^(?:#|\s*$)/.test(line)) current?.push(line.trim());
  }
  return new Map([...parts].map(([key, [first = '', ...more]]) => [key, valueIn(first, more)]));
}

function valueIn(first: string, more: readonly string[]): unknown {
  if (first === '' && more.length > 0) {
    const items = more.map((line) => item.exec(line)?.[1]);
    if (items.every((one) => one !== undefined)) return items.map(unquoted);
  }
  // The list of one line; `[file] [focus]` is a text.
  const [, inner] = (more.length === 0 && /^\[([^[\]]*)\]$/.exec(first)) || [];
  if (inner !== undefined) return inner.split(',').map(unquoted).filter(Boolean);
  const begins = /^[|>][+-]?\d?$/.test(first) ? [] : [first];
  return unquoted([...begins, ...more].join('\n').trim());
}

/** Without quotes around all of it. */
function unquoted(text: string): string {
  const whole = text.trim();
  const [, , inner] = /^(["'])([\s\S]*)\1$/.exec(whole) ?? [];
  return inner === undefined ? whole : inner.trim();
}
