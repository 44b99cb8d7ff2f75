import { isStopWord, splitIdentifier, splitWords, stem } from '../../relevance/terms.js';
import { equivalentsOf, irregularBase, neighboursOf } from './concepts.js';
import type { DefinitionKind } from './definition.js';
import { type Form, formsOfIdentifier, formsOfWord } from './forms.js';
import type { Subjects } from './subjects.js';

/** One thing asked about, with every way it may be written in the code. */
export interface Term {
  /** As the user wrote it, in lower case. */
  readonly word: string;
  /** 1 for the subject of the question, less for verbs and generic nouns. */
  readonly weight: number;
  readonly forms: readonly Form[];
}

/** Two words that belong together, `context window`: found as `contextWindow` and `context_window` too. */
export interface Phrase {
  readonly first: Term;
  readonly second: Term;
}

export type Asked = 'definition' | 'usage' | 'any';

export interface Question {
  /** The most telling first. */
  readonly terms: readonly Term[];
  readonly phrases: readonly Phrase[];
  readonly asked: Asked;
  /** The kinds of definition that the question names: "in which table", "what class". */
  readonly kinds: readonly DefinitionKind[];
  /** What kinds of file are likelier than usual to hold the answer. */
  readonly about: { readonly tests: boolean; readonly documents: boolean; readonly settings: boolean };
}

const MAX_TERMS = 6;
const MAX_PHRASES = 5;

/** Words of asking: they say what is wanted of the code, not which code. */
const askingWords = new Set(
  (
    'know see figure understand mean means defined define defines definition declared declare declaration implemented ' +
    'implement implements implementation located lives live living happen happens happening work works working come comes ' +
    'coming exist exists go goes going call called calls caller callers use used uses using usage usages referenced ' +
    'references imported imports code codebase source logic place places part parts line lines repo repository project ' +
    'program here thing things stuff way kind sort actually exactly currently really responsible involved related ' +
    'relevant documented documentation readme docs ok okay thanks thank hi hello hey victor many much often'
  ).split(' '),
);

/** At the start of a request these are orders to us; later on they are part of what is asked about. */
const orders = new Set(
  (
    'explain describe tell show find search look locate give list help point say print please grep fix add write ' +
    'implement refactor rename improve optimize optimise debug review summarize summarise'
  ).split(' '),
);
const ORDER_POSITION = 2;

/** Words that many places share: they help to rank, but they are not the subject. */
const genericWords = new Set(
  (
    'decide decided decides choose chosen determine determined determines handle handled handles handling compute computed ' +
    'calculate calculated process processed processes make made makes set sets apply applied applies perform performed ' +
    'control controls controlled manage managed manages trigger triggered do done get gets take takes taken turn turned ' +
    'add added adds change changed changes built build builds create created creates file files data value values name ' +
    'names type types object objects function functions method methods class classes module modules app application ' +
    'test tests tested new different same first last second next actual given correct support supported contain contains ' +
    'include included provide provides provided allow allows allowed accept accepts need needed start started end ' +
    'internally under passed pass passes return returned returns'
  ).split(' '),
);
const SUBJECT_WEIGHT = 1;
const ACTION_WEIGHT = 0.7;
export const GENERIC_WEIGHT = 0.4;

const USAGE = /\b(?:us(?:ed|es|age|ages)|call(?:ed|s|ers?)|referenced|imported|invoked)\b/i;
const COMPOUND = /(?<![\w-])[\p{L}][\p{L}\p{N}]*(?:-[\p{L}\p{N}]{2,})+(?![\w-])/gu;
const DEFINITION =
  /\b(?:where|which|what)\b|\b(?:defin|declar|implement|locat|decid|stored|handled|computed|set up|configured)/i;

export function readQuestion(text: string, subjects: Subjects): Question {
  const terms: Term[] = [];
  const add = (term: Term) => {
    if (!terms.some((one) => one.word === term.word)) terms.push(term);
  };
  for (const identifier of subjects.identifiers) addIdentifier(identifier, add);
  for (const quoted of subjects.quoted) for (const part of words(quoted)) add(wordTerm(part, 1));
  for (const path of subjects.paths) {
    for (const part of splitIdentifier(path.replace(/\.\w+$/, '')))
      if (!isNoise(part)) add(wordTerm(part, 0.5));
  }

  for (const compound of subjects.rest.match(COMPOUND) ?? []) {
    if (!compound.split('-').some(isNoise))
      add({ word: compound, weight: 1.2, forms: formsOfIdentifier(compound) });
  }
  const chain = contentChain(subjects.rest);
  const told = chain.filter((word): word is string => word !== undefined);
  const content = told.filter((word) => !askingWords.has(word));
  for (const word of content.length > 0 || terms.length > 0 ? content : told) {
    add(wordTerm(word, weightOf(word)));
  }

  const ranked = terms
    .map((term, order) => ({ term, order }))
    .sort((a, b) => b.term.weight - a.term.weight || a.order - b.order)
    .slice(0, MAX_TERMS)
    .map(({ term }) => term);
  return {
    terms: ranked,
    phrases: phrasesOf(chain, subjects.rest, ranked),
    asked: askedFor(text),
    kinds: kindsAsked(text),
    about: {
      tests: /\btest(?:s|ed|ing)?\b|\bspecs?\b|\bfixtures?\b/i.test(text),
      documents:
        /\bdocument(?:ed|ation)?\b|\bdocs?\b|\breadme\b|\binstall(?:ed|ation)?\b|\bchangelog\b|\bguide\b/i.test(
          text,
        ),
      settings:
        /\bdependenc(?:y|ies)\b|\bpackages?\b|\bscripts?\b|\bversions?\b|\bci\b|\bworkflows?\b|\blint|\bcompiler\b|\bbuild\b/i.test(
          text,
        ),
    },
  };
}

/** A request without a subject of its own ("and where is it used?") speaks of the one before. */
export function refersBack(text: string, question: Question, subjects: Subjects): boolean {
  if (subjects.paths.length + subjects.identifiers.length + subjects.quoted.length > 0) return false;
  const points = /\b(?:it|its|they|them|their|that|this one|those|these|there)\b/i.test(text);
  const continues = /^\W*(?:and|but|also|so|ok|then|what about|how about)\b/i.test(text);
  const own = question.terms.filter((term) => term.weight > GENERIC_WEIGHT).length;
  return own === 0 ? points || continues : own === 1 && points;
}

function askedFor(text: string): Asked {
  if (USAGE.test(text) && !/\bis called\b.*\bwhat\b/i.test(text)) return 'usage';
  return DEFINITION.test(text) ? 'definition' : 'any';
}

function kindsAsked(text: string): DefinitionKind[] {
  const named = [
    ...text.matchAll(
      /\b(?:which|what)\s+(?:\w+\s+)?(table|class|struct|function|method|type|interface|enum|constant|variable)\b/gi,
    ),
  ];
  return named.map((match) => {
    const word = match[1]?.toLowerCase() ?? '';
    if (word === 'table') return 'table';
    if (/^(?:function|method)$/.test(word)) return 'function';
    if (/^(?:class|struct)$/.test(word)) return 'class';
    return /^(?:constant|variable)$/.test(word) ? 'variable' : 'type';
  });
}

/** The words of a text in order, with `undefined` where other words stood between. */
function contentChain(text: string): (string | undefined)[] {
  const chain: (string | undefined)[] = [];
  for (const run of text.split(/[.,;:!?()[\]{}"“”]+/)) {
    splitWords(run).forEach((word, position) => {
      const isOrder = position < ORDER_POSITION && orders.has(word);
      chain.push(isNoise(word) || isOrder ? undefined : word);
    });
    chain.push(undefined);
  }
  return chain;
}

/** A participle names what is done to the subject: telling, but less so than the subject. */
function weightOf(word: string): number {
  if (genericWords.has(word)) return GENERIC_WEIGHT;
  return /^[a-z]{3,}(?:ed|ing)$/.test(word) || irregularBase(word) !== word ? ACTION_WEIGHT : SUBJECT_WEIGHT;
}

function words(text: string): string[] {
  return splitWords(text).filter((word) => !isNoise(word));
}

function isNoise(word: string): boolean {
  return isStopWord(word) || (word.length < 2 && /^[\x00-\x7f]*$/.test(word)) || /^\d$/.test(word);
}

function wordTerm(word: string, weight: number): Term {
  const base = irregularBase(word);
  const forms = [...formsOfWord(base, 1)];
  for (const other of equivalentsOf(word)) forms.push(...formsOfWord(other, 0.8));
  for (const other of neighboursOf(word)) forms.push(...formsOfWord(other, 0.35));
  return { word, weight, forms };
}

function addIdentifier(identifier: string, add: (term: Term) => void): void {
  add({ word: identifier, weight: 2, forms: formsOfIdentifier(identifier) });
  const parts = splitIdentifier(identifier).filter((part) => !isNoise(part) && part.length > 2);
  if (parts.length > 1)
    for (const part of parts) add({ word: part, weight: 0.3, forms: formsOfWord(part, 1) });
}

/** Neighbours in the question, and "size of the window" turned round. */
function phrasesOf(chain: readonly (string | undefined)[], text: string, terms: readonly Term[]): Phrase[] {
  const pairs: [string | undefined, string | undefined][] = chain.map((word, index) => [
    word,
    chain[index + 1],
  ]);
  for (const match of text.matchAll(/([\p{L}\p{N}]+) of (?:the |an? )?([\p{L}\p{N}]+)/giu)) {
    pairs.push([match[2]?.toLowerCase(), match[1]?.toLowerCase()]);
  }
  const phrases: Phrase[] = [];
  for (const pair of pairs) {
    const [first, second] = pair.map((word) => terms.find((term) => term.word === word));
    if (first && second && stem(first.word) !== stem(second.word)) phrases.push({ first, second });
  }
  return phrases.slice(0, MAX_PHRASES);
}
