/** What is read of a text longer than `characters`: half of them at its beginning and half at its end. */
export function shortened(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return `${text.slice(0, characters / 2)}\n${text.slice(-characters / 2)}`;
}
