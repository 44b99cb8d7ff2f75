/** Shorter patterns are read as they are. */
const LONGEST_SHOWN = 20;
const WORDS_SHOWN = 6;

/**
 * A pattern for the screen. A long one with groups was put together by a program, and its brackets tell people nothing:
 * then the words in it, and how long it is.
 */
export function shownPattern(pattern: string): string {
  if (pattern.length <= LONGEST_SHOWN || !pattern.includes('(?:')) return quoted(pattern);
  const words = patternWords(pattern);
  if (words.length === 0) return quoted(pattern);
  const more = words.length > WORDS_SHOWN ? ' …' : '';
  return `${words.slice(0, WORDS_SHOWN).join(', ')}${more} (a pattern of ${pattern.length} characters)`;
}

/** Backslashes stay as they are: doubled nobody reads them. */
function quoted(pattern: string): string {
  return `"${pattern.replace(/[\x00-\x1f\x7f]/g, (control) => JSON.stringify(control).slice(1, -1))}"`;
}

/** Where a search looks: a folder or file, and the glob of the files in it; empty for the whole workspace. */
export function shownPlace(path = '.', glob?: string): string {
  const isHere = /^\.?\/?$/.test(path) && path !== '/';
  if (isHere) return glob === undefined ? '' : ` in ${glob}`;
  return glob === undefined ? ` in ${path}` : ` in ${path} (${glob})`;
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
