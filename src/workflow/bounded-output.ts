const MOST_CHARACTERS = 16_000;
const KEPT_OF_START = 4_000;

/** As much of an output as a later step is given: its start and more of its end, and how much is missing between them. */
export function boundedOutput(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const start = text.slice(0, KEPT_OF_START).toWellFormed();
  const end = text.slice(KEPT_OF_START - MOST_CHARACTERS).toWellFormed();
  return `${start}\n[… ${text.length - start.length - end.length} characters are left out here …]\n${end}`;
}
