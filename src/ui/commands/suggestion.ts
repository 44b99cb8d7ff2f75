import { nearest } from '../../config/nearest.js';

/** ` Did you mean X?` for a word that is the beginning of a name or nearly one; nothing otherwise. */
export function suggestion(word: string, names: readonly string[], prefix = ''): string {
  const begun = names.find((name) => name.startsWith(word.toLowerCase()));
  const meant = begun ?? nearest(word, names);
  return meant === undefined ? '' : ` Did you mean ${prefix}${meant}?`;
}
