interface Place {
  /** UTF-16 indices of the input. */
  readonly start: number;
  readonly end: number;
  /** What there is of it, without its mark and quotes. */
  readonly query: string;
}

/** What is being written at the cursor and can be completed. */
export type Word =
  | (Place & { readonly kind: 'command' })
  | (Place & { readonly kind: 'value'; readonly command: string })
  | (Place & { readonly kind: 'mention' });

/** UTF-16 units before the cursor: of a huge paste no key looks at more. */
const mostLookedAt = 4_096;

/** The name of a command, its argument, or a file mention, when the cursor stands at its end; `undefined` for all else. */
export function wordAt(text: string, cursor: number): Word | undefined {
  if (/^\S/.test(text.slice(cursor, cursor + 1)) || text.startsWith('!')) return undefined;
  const near = text.slice(Math.max(0, cursor - mostLookedAt), cursor);
  const line = near.slice(near.lastIndexOf('\n') + 1);
  const at = (query: string, length: number) => ({ start: cursor - length, end: cursor, query });
  if (line.length === cursor) {
    const [name] = /^\/(?:[a-z?]?[\w-]*|[\w-]+(?::[\w.-]*)+)$/i.exec(line) ?? [];
    if (name !== undefined) return { kind: 'command', ...at(name.slice(1), name.length) };
    const [, command, value] = /^\/([a-z-]+)[ \t]+(\S*)$/i.exec(line) ?? [];
    const isValue = command !== undefined && value !== undefined && !value.startsWith('@');
    if (isValue) return { kind: 'value', command: command.toLowerCase(), ...at(value, value.length) };
  }
  const [, mark] = /(?:^|[\s([{<,;:='])(@(?:"[^"]*|[^\s"]*))$/.exec(line) ?? [];
  if (mark === undefined) return undefined;
  return { kind: 'mention', ...at(mark.replace(/^@"?/, ''), mark.length) };
}
