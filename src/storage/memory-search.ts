import type { Message } from '../core/message.js';
import { folded, isPhraseAt, type Phrase, searchableText, wordsOf } from './search-words.js';

/** One message with what a search looks at. */
export interface SearchedMessage {
  readonly words: readonly string[];
}

export function searchedMessage(message: Message): SearchedMessage {
  return { words: wordsOf(folded(searchableText(message))) };
}

/** The constants that FTS5 has too: how soon a word said again counts no more, and how much a long message is discounted. */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;

/** The messages that have every phrase, the best first by BM25 (Robertson and others, 1994); of equal ones the later. */
export function rankedMatches<Searched extends SearchedMessage>(
  messages: readonly Searched[],
  phrases: readonly Phrase[],
): readonly Searched[] {
  const counts = messages.map(({ words }) => phrases.map((phrase) => occurrences(words, phrase)));
  const averageLength = messages.reduce((sum, { words }) => sum + words.length, 0) / messages.length;
  const weights = phrases.map((_, at) => {
    const having = counts.filter((count) => (count[at] ?? 0) > 0).length;
    return Math.max(1e-6, Math.log((messages.length - having + 0.5) / (having + 0.5)));
  });
  const scored = messages.flatMap((message, position) => {
    const count = counts[position] ?? [];
    if (count.some((times) => times === 0)) return [];
    const length = 1 - LENGTH_SHARE + (LENGTH_SHARE * message.words.length) / averageLength;
    const score = weights.reduce((sum, weight, at) => {
      const times = count[at] ?? 0;
      return sum + (weight * times * (SATURATION + 1)) / (times + SATURATION * length);
    }, 0);
    return [{ message, position, score }];
  });
  scored.sort((a, b) => b.score - a.score || b.position - a.position);
  return scored.map(({ message }) => message);
}

function occurrences(words: readonly string[], phrase: Phrase): number {
  let count = 0;
  for (let index = 0; index <= words.length - phrase.words.length; index += 1)
    if (isPhraseAt(words, index, phrase)) count += 1;
  return count;
}
