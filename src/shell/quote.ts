/** A word as `parseCommand` and bash read it back. A word that came from quotes never needs both kinds of them. */
export function quoteWord(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return word.includes("'") ? `"${word}"` : `'${word}'`;
}
