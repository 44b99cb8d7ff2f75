import { ConfigError } from '../core/errors.js';
import type { Message } from '../core/message.js';

/** Words in a row that a message must have; the last one may be only how a word begins. */
export interface Phrase {
  readonly words: readonly string[];
  readonly prefix: boolean;
}

/** A longer text is found by parts, so that indexing one never takes long; all words must be in one part. */
const PART_CHARACTERS = 50_000;
/** Row ids have eight bits for the part; what lies behind goes into the last one. */
const MOST_PARTS = 256;

/** Scripts that are written without spaces: each character is a word, and a query in them is a phrase. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/gu;

const ascii = /^[\u0000-\u007f]*$/;
const betweenWords = /[^\p{L}\p{N}\p{M}\u0000-\u007f]+/gu;

/** What of a message is searched: its text, and all texts that its calls were given. */
export function searchableText({ role, content, toolCalls = [] }: Message): string {
  if (role === 'system') return '';
  const calls = toolCalls.flatMap(({ name, input, invalidInput }) => [
    name,
    ...textsIn(input),
    invalidInput ?? '',
  ]);
  return [content, ...calls].filter((text) => text !== '').join('\n');
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The text in parts that are indexed one by one, cut between words where there is a space to cut at. */
export function textParts(text: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  while (parts.length < MOST_PARTS - 1 && text.length - start > PART_CHARACTERS) {
    const window = text.slice(start, start + PART_CHARACTERS);
    const space = Math.max(window.lastIndexOf(' '), window.lastIndexOf('\n'));
    const end = start + (space > PART_CHARACTERS / 2 ? space : PART_CHARACTERS);
    parts.push(text.slice(start, end));
    start = end;
  }
  parts.push(text.slice(start));
  return parts;
}

/**
 * A text in which words are what stands between anything but letters and digits of ASCII, and anything above it: what the
 * tokenizer `ascii` of FTS5 takes apart. Accents go, so that a search need not know them.
 */
export function folded(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(betweenWords, ' ')
    .replace(unspaced, ' $& ');
}

/** The words of a text that was folded. */
export function wordsOf(foldedText: string): readonly string[] {
  return foldedText.match(/[a-z0-9\u0080-\u{10ffff}]+/gu) ?? [];
}

/** What the user typed as phrases that a message must have, all of them. */
export function parseQuery(query: string): readonly Phrase[] {
  const pieces = query.match(/"[^"]*"\*?|[^\s"]+/g) ?? [];
  const phrases = pieces
    .map((piece): Phrase => ({ words: wordsOf(folded(piece)), prefix: /[\p{L}\p{N}]"?\*$/u.test(piece) }))
    .filter(({ words }) => words.length > 0);
  if (phrases.length > 0) return phrases;
  throw new ConfigError('there is no word to search for', {
    advice: 'Give at least one with a letter or a digit in it.',
  });
}

/** The phrases as FTS5 takes them. A word has nothing in it that would end the quotes. */
export function matchExpression(phrases: readonly Phrase[]): string {
  return phrases.map(({ words, prefix }) => `"${words.join(' ')}"${prefix ? ' *' : ''}`).join(' ');
}

/** Whether the phrase begins at this word. */
export function isPhraseAt(
  words: readonly string[],
  index: number,
  { words: wanted, prefix }: Phrase,
): boolean {
  return wanted.every((word, offset) => {
    const found = words[index + offset];
    return found === word || (prefix && offset === wanted.length - 1 && found?.startsWith(word) === true);
  });
}
