/** A key's text in one line, cut; empty where it has none. A list is its items. */
export function lineOf(value: unknown, most: number): string {
  const line = textOf(value).replaceAll(/\s+/g, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join(', ');
  return isPlain(value) ? String(value) : '';
}

/** The names of a list, or of a text that commas or spaces part; `undefined` where it is neither. */
export function namesOf(value: unknown): readonly string[] | undefined {
  if (value === null || value === undefined) return [];
  const parts = Array.isArray(value) ? value : [value];
  if (!parts.every(isPlain)) return undefined;
  return [...new Set(parts.flatMap((one) => String(one).split(/[\s,]+/)).filter(Boolean))];
}

function isPlain(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
