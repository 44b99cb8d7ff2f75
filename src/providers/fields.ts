/** An object off the wire, of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** The members of whatever a server sent; none of what is no object. */
export function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
