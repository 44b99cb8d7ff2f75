/** The first `count` UTF-16 units of a text, one less where that would halve a character. */
function textStart(text: string, count: number): string {
  return text.slice(0, isHalved(text, count) ? count - 1 : count);
}

/** The last `count` UTF-16 units of a text, one less where that would halve a character. */
function textEnd(text: string, count: number): string {
  const start = text.length - count;
  return text.slice(isHalved(text, start) ? start + 1 : start);
}

/** A text of at most `limit` UTF-16 units: itself, or its beginning and its end with `note` between them. */
export function startAndEnd(text: string, limit: number, note: string): string {
  if (text.length <= limit) return text;
  const half = Math.max(0, Math.floor((limit - note.length - 2) / 2));
  return `${textStart(text, half)}\n${note}\n${textEnd(text, half)}`;
}

function isHalved(text: string, place: number): boolean {
  const before = text.charCodeAt(place - 1);
  const after = text.charCodeAt(place);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
