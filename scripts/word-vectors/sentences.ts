import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from './sources.js';

/** Of one file of documentation, so that no one program is most of what there is. */
const SENTENCES_PER_FILE = 120;
const FEWEST_WORDS = 4;
const MOST_WORDS = 25;

/** One sentence a meaning, with the words that have it, and what the dictionary gives as examples. */
export function dictionarySentences(source: Source): string[] {
  const sentences: string[] = [];
  for (const part of ['noun', 'verb', 'adj', 'adv']) {
    for (const line of readFileSync(join(source.folder, 'dict', `data.${part}`), 'latin1').split('\n')) {
      const bar = line.indexOf(' | ');
      if (bar < 0 || line.startsWith('  ')) continue;
      const fields = line.slice(0, bar).split(' ');
      const count = Number.parseInt(fields[3]!, 16);
      const words = Array.from({ length: count }, (_, index) =>
        fields[4 + 2 * index]!.replace(/\(.*\)/, '').replaceAll('_', ' '),
      );
      const gloss = line.slice(bar + 3).trim();
      const examples = [...gloss.matchAll(/"([^"]+)"/g)].map((match) => match[1]!);
      const meaning = gloss.replace(/;?\s*"[^"]*"/g, '').replace(/^[\s;]+|[\s;]+$/g, '');
      sentences.push(`${words.join(', ')}: ${meaning}`, ...examples);
    }
  }
  return sentences;
}

/** The distinct whole sentences in the comments of type declarations. */
export function documentationSentences(sources: readonly Source[]): string[] {
  const sentences = new Set<string>();
  for (const { folder } of sources) {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.d.ts'),
    );
    for (const file of files.sort()) {
      let room = SENTENCES_PER_FILE;
      for (const sentence of commentSentences(readFileSync(join(folder, file), 'utf8'))) {
        if (sentences.has(sentence)) continue;
        sentences.add(sentence);
        room -= 1;
        if (room === 0) break;
      }
    }
  }
  return [...sentences];
}

function* commentSentences(source: string): Generator<string> {
  for (const [, comment = ''] of source.matchAll(/\/\*\*(.*?)\*\//gs)) {
    const text = comment.replace(/^[ \t]*\*/gm, '').replace(/```.*?```/gs, '');
    for (const paragraph of text.split(/\n\s*\n|\n\s*@\w+/)) {
      const line = paragraph
        .replace(/\{@link ([^}]*)\}/g, '$1')
        .replace(/[`*]+/g, '')
        .replace(/\s+/g, ' ')
        .trim();
      for (const sentence of line.split(/(?<=[.!?]) (?=[A-Z])/)) if (isPlain(sentence)) yield sentence;
    }
  }
}

function isPlain(sentence: string): boolean {
  const words = sentence.split(' ').length;
  return (
    /^[A-Z]/.test(sentence) && !/[{}]|https?:/.test(sentence) && words >= FEWEST_WORDS && words <= MOST_WORDS
  );
}

/** `count` of them, the same ones every time, from all over the list. */
export function sample<T>(items: readonly T[], count: number): T[] {
  // A multiplicative generator modulo a prime (Lehmer), enough to shuffle by.
  let state = 20_231;
  const keyed = items.map((item) => {
    state = (state * 48_271) % 2_147_483_647;
    return { item, key: state };
  });
  return keyed
    .sort((a, b) => a.key - b.key)
    .slice(0, count)
    .map(({ item }) => item);
}
