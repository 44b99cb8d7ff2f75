import { splitIdentifier } from '../../relevance/terms.js';

/** One way a term may be written, as a regular expression source that ripgrep and JavaScript read alike. */
export interface Form {
  readonly source: string;
  /** 1 for the word itself, less for looser forms. */
  readonly quality: number;
}

/** Shorter words must end where they end: `port` is in `portNumber`, but not in `portion`. */
const PREFIX_LENGTH = 5;

/**
 * A word as code writes it: alone, inside snake_case, or with a capital inside camelCase. Matching is case-sensitive,
 * because the capital is what tells `maxPort` from `import`.
 */
export function formsOfWord(word: string, quality: number): Form[] {
  const whole = singular(word);
  const sources = [whole, inflectionRoot(word), derivationRoot(word)];
  const forms: Form[] = [];
  sources.forEach((text, looseness) => {
    if (text === undefined || sources.indexOf(text) < looseness) return;
    forms.push({ source: wordSource(text, looseness > 0), quality: quality * (1 - 0.2 * looseness) });
  });
  return forms;
}

/** An identifier as it stands, and the same words in the other conventions. */
export function formsOfIdentifier(identifier: string): Form[] {
  const name = identifier.replace(/^--|\(\)$/g, '');
  const forms = [{ source: bounded(escapePattern(name)), quality: 1 }];
  const parts = splitIdentifier(name);
  if (parts.length > 1) {
    const loose = parts.map(
      (part) => `(?:${escapePattern(part)}|${capitalised(part)}|${part.toUpperCase()})`,
    );
    forms.push({ source: loose.join('[_.-]?'), quality: 0.8 });
  }
  const last = name.split('.').at(-1);
  if (last !== undefined && last !== name && last.length > 2) {
    forms.push({ source: bounded(escapePattern(last)), quality: 0.6 });
  }
  return forms;
}

export function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, (character) =>
    character === '/' || character === '-' ? character : `\\${character}`,
  );
}

/** `isRoot` says that the word goes on after it. */
function wordSource(word: string, isRoot: boolean): string {
  const lower = spelled(word);
  if (!/^[a-z0-9]+$/.test(word)) return uncased(word) ? lower : `${lower}|${spelled(capitalised(word))}`;
  const capital = spelled(capitalised(word));
  const upper = word.toUpperCase();
  if (isRoot || word.length >= PREFIX_LENGTH) return `(?:\\b|_)${lower}|${capital}|${upper}`;
  const ending = '(?:e?s|ed|d|ing)?(?:\\b|_|[A-Z0-9])';
  return `(?:(?:\\b|_)${lower}|${capital})${ending}|(?:\\b|_)${upper}S?(?:\\b|_)`;
}

/** Both spellings of words that English writes in two ways; a final y may have become an i. */
function spelled(word: string): string {
  return escapePattern(word)
    .replace(/(?<=.{4})i[sz](?=e|a|i|$)/, 'i[sz]')
    .replace(/olou?r/, 'olou?r')
    .replace(/(?<=[^aeiou]{1}[^aeiou]?)y$/, '[yi]');
}

function uncased(word: string): boolean {
  return word.toLowerCase() === word.toUpperCase();
}

function bounded(source: string): string {
  return `${/^\w/.test(source) ? '\\b' : ''}${source}${/\w$/.test(source) ? '\\b' : ''}`;
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Only the ending of number goes, so that the form still reads as a prefix of what stands in the code. */
function singular(word: string): string {
  if (/(?:ss|us|is)$/.test(word) || word.length < 4) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:sses|shes|ches|xes)$/.test(word)) return word.slice(0, -2);
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** Without the ending of tense: `stored` and `storing` give `stor`, which `store` begins with. */
function inflectionRoot(word: string): string | undefined {
  const root = /^([a-z]{3,}?)(?:ing|ed|es|e)$/.exec(word)?.[1];
  if (root === undefined || !/[aeiouy]/.test(root)) return undefined;
  const single = /([^aeiouylsz])\1$/.test(root) ? root.slice(0, -1) : root;
  return single.length >= 4 ? single : undefined;
}

/** What a noun of action was made from: `selection` gives `select`, `parser` gives `pars`. */
function derivationRoot(word: string): string | undefined {
  const action = /^([a-z]{5,})(?:ion|ment|al)s?$/.exec(word)?.[1];
  const actor = /^([a-z]{4,}?)(?:er|or)s?$/.exec(word)?.[1];
  return action ?? actor;
}
