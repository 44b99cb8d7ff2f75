import type { Phrase, Question, Term } from './question.js';

/** Forms below this quality only help to rank what was found; they are never searched for on their own. */
export const SEARCHED_QUALITY = 0.5;

/** Tells how well a text meets each term of a question. */
export interface Matcher {
  /** For each term, in the question's order: the quality of its best form in the text, 0 when absent. */
  qualities(text: string): number[];
  /** Positions of the phrases that stand in the text. */
  phrases(text: string): number[];
}

export function createMatcher(question: Question): Matcher {
  const terms = question.terms.map((term) =>
    term.forms.map(({ source, quality }) => ({ expression: compile(source), quality })),
  );
  const phrases = question.phrases.map((phrase) => compile(phraseSource(phrase), 'i'));
  return {
    qualities: (text) =>
      terms.map((forms) =>
        forms.reduce(
          (best, one) => (one.quality > best && one.expression?.test(text) ? one.quality : best),
          0,
        ),
      ),
    phrases: (text) => phrases.flatMap((expression, position) => (expression?.test(text) ? [position] : [])),
  };
}

/** One search for any good form of a term. */
export function termSource(term: Term): string {
  return term.forms
    .filter((form) => form.quality >= SEARCHED_QUALITY)
    .map((form) => form.source)
    .join('|');
}

/** Two words next to each other in any convention; meant to be matched without regard to case. */
function phraseSource({ first, second }: Phrase): string {
  return `${phraseWord(first)}\\w{0,4}[\\s_.-]?${phraseWord(second)}`;
}

function phraseWord(term: Term): string {
  const shortest = term.word.replace(/(?:ies|es|s|ing|ed|e|y)$/, '');
  const root = shortest.length >= 3 ? shortest : term.word;
  return root.replace(/[^\p{L}\p{N}_]/gu, '.');
}

function compile(source: string, flags?: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch {
    // A form made from the user's own text that is no expression matches nothing.
    return undefined;
  }
}
