/** Words that say nothing about what is asked; they are left out of every comparison. */
const stopWords = new Set(
  (
    'a about above after again all also am an and any are as at be because been before being below between both but by ' +
    'can could did do does doing down each either few for from further get gets got had has have having he her here ' +
    'hers him his how i if in into is it its itself just let like may me might mine more most must my need needs no nor ' +
    'not now of off on once only or other our ours out over own please same shall she should so some such than that the ' +
    'their them then there these they this those through to too under until up upon us very want wants was we were what ' +
    'when where whether which while who whom whose why will with within without would yes you your yours ' +
    // What apostrophes leave behind: don't, I'll, we've, it's.
    'don doesn didn isn aren wasn weren won ll ve re s t d m'
  ).split(' '),
);

export function isStopWord(word: string): boolean {
  return stopWords.has(word);
}

/** The parts of one identifier, in lower case: `parseHTTPRequest_v2` gives parse, http, request, v2. */
export function splitIdentifier(identifier: string): string[] {
  if (isAscii(identifier)) return splitAscii(identifier);
  return identifier
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '')
    .map((part) => part.toLowerCase());
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

export const OTHER = 0;
export const LOWER = 1;
export const UPPER = 2;
const DIGIT = 3;
/** What each ASCII character is for the borders of words. */
export const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z]/.test(character)) return LOWER;
  if (/[A-Z]/.test(character)) return UPPER;
  return /\d/.test(character) ? DIGIT : OTHER;
});

/** The same as the expressions below say, some ten times as fast: most text is ASCII, and all of it is split. */
function splitAscii(text: string): string[] {
  const parts: string[] = [];
  let start = -1;
  let previous = OTHER;
  const end = (at: number) => {
    if (start >= 0) parts.push(text.slice(start, at).toLowerCase());
  };
  for (let index = 0; index < text.length; index++) {
    const kind = kinds[text.charCodeAt(index)]!;
    if (kind === OTHER) {
      end(index);
      start = -1;
    } else if (start < 0) {
      start = index;
    } else if (
      (kind === UPPER && previous !== UPPER) ||
      (kind === UPPER && previous === UPPER && kinds[text.charCodeAt(index + 1)] === LOWER)
    ) {
      end(index);
      start = index;
    }
    previous = kind;
  }
  end(text.length);
  return parts;
}

/**
 * The words of a text in order, in lower case, identifiers split into their parts. Stop words are kept.
 * Scripts without spaces between words come out as one word a run, which still matches itself.
 */
export function splitWords(text: string): string[] {
  return splitIdentifier(text.normalize('NFKC'));
}

/**
 * A light English stem: endings of number, tense and a few nouns of action go, so that `sessions`, `storing` and
 * `stored` meet `session` and `store`. It is a key for comparison, not always a word.
 */
export function stem(word: string): string {
  if (word.length <= 3 || !/^[a-z]+$/.test(word)) return word;
  return withoutFinalE(withoutTense(singular(word)));
}

/** The stems of a text's words without stop words, in order, repeats kept. */
export function stems(text: string): string[] {
  const found: string[] = [];
  for (const word of splitWords(text)) {
    if (!stopWords.has(word)) found.push(stem(word));
  }
  return found;
}

/** Each distinct stem of a text, in order, with the word that was first written for it. */
export function distinctTerms(text: string): Map<string, string> {
  const words = new Map<string, string>();
  for (const word of splitWords(text)) {
    const key = stem(word);
    if (!stopWords.has(word) && !words.has(key)) words.set(key, word);
  }
  return words;
}

function singular(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/.test(word)) return word.slice(0, -2);
  if (word.endsWith('s') && !/(?:ss|us|is)$/.test(word)) return word.slice(0, -1);
  return word;
}

function withoutTense(word: string): string {
  const match = /^([^aeiouy]*[aeiouy].*?)(?:ing|ed|er|ly|ation|ion|ment)$/.exec(word);
  const root = match?.[1];
  if (root === undefined || root.length < 3) return word;
  // `stopped` and `running` double the last letter, `calling` and `passed` do not.
  return /([^aeiouylsz])\1$/.test(root) ? root.slice(0, -1) : root;
}

function withoutFinalE(word: string): string {
  return word.length > 4 && word.endsWith('e') ? word.slice(0, -1) : word;
}
