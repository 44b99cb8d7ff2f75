/** Shorter patterns are read as they are. */
const LONGEST_SHOWN = 20;
const WORDS_SHOWN = 6;

/**
 * A pattern for the screen. A long one with groups was put together by a program, and its brackets tell people nothing:
 * then the words in it, and how long it is.
 */
export function shownPattern(pattern: string): string {
  if (pattern.length <= LONGEST_SHOWN || !pattern.includes('(?:')) return JSON.stringify(pattern);
  const words = patternWords(pattern);
  if (words.length === 0) return JSON.stringify(pattern);
  const more = words.length > WORDS_SHOWN ? ' …' : '';
  return `${words.slice(0, WORDS_SHOWN).join(', ')}${more} (a pattern of ${pattern.length} characters)`;
}

/** The words that a regular expression looks for, each once whatever its case; not what it leaves optional. */
function patternWords(pattern: string): string[] {
  const plain = pattern
    .replace(/\(\?:[^()]*\)[?*]/g, ' ')
    .replace(/\[([^\]\\])[^\]]*\]/g, '$1')
    .replace(/[\p{L}\p{N}][?*]/gu, '')
    .replace(/\\[a-zA-Z]/g, ' ');
  const words = plain.match(/[\p{L}\p{N}_]{2,}/gu) ?? [];
  return [...new Set(words.map((word) => word.toLowerCase().replace(/^_+|_+$/g, '')))].filter(Boolean);
}
