import type { Mode } from '../core/coordinator.js';
import type { Approval } from '../core/decision.js';
import { widest } from './displayable.js';
import type { Key } from './keys.js';

/**
 * What is asked: whether a call may run, whether a plan is carried out, that again because the user leaves mode plan, or what
 * the model wants to know.
 */
export type QuestionKind = 'call' | 'plan' | 'leaving' | 'question';

/** What a key answers. `write`: the user says what instead. A number: the option of that place, from 1. */
export type Answer =
  | number
  | 'once'
  | 'together'
  | 'session'
  | 'project'
  | 'no'
  | 'write'
  | Extract<Mode, 'accept-edits' | 'ask'>;

/** A key, what it answers, and its words for a wide and for a narrow terminal. */
type AnswerKey = readonly [key: string, answer: Answer, wide: string, narrow: string];

const planKeys: readonly AnswerKey[] = [
  ['e', 'accept-edits', 'yes, accept edits', 'edits'],
  ['a', 'ask', 'yes, ask before edits', 'ask'],
  ['r', 'write', 'revise', 'revise'],
];
const keysOf: Readonly<Record<QuestionKind, readonly AnswerKey[]>> = {
  call: [
    ['y', 'once', 'once', 'once'],
    ['t', 'together', 'all', 'all'],
    ['a', 'session', 'session', 'session'],
    ['p', 'project', 'project', 'project'],
    ['n', 'no', 'no', 'no'],
    ['r', 'write', 'say what instead', 'instead'],
  ],
  plan: planKeys,
  leaving: [...planKeys, ['n', 'no', 'no', 'no']],
  question: [
    ['w', 'write', 'say it in your own words', 'write'],
    ['n', 'no', 'no answer', 'none'],
  ],
};
const escapeOf: Readonly<Record<QuestionKind, string>> = {
  call: 'Esc stops the turn',
  plan: 'Esc stops the turn',
  leaving: 'Esc back',
  question: 'Esc stops the turn',
};

const planWriting = 'Say what to change in the plan';
const writing: Readonly<Record<QuestionKind, string>> = {
  call: 'Say what to do instead',
  plan: planWriting,
  leaving: planWriting,
  question: 'Say it in your own words',
};

export type Scope = Approval['scope'];
const allScopes: readonly Scope[] = ['once', 'session', 'project'];

/** What a question is about, as far as its keys depend on that. */
export interface AnswerChoice {
  /** How long a yes may hold; any time when absent. */
  readonly scopes?: readonly Scope[] | undefined;
  /** Calls that a yes may be for, with those behind the first; 1 when absent. */
  readonly calls?: number | undefined;
  /** Answers to choose from by their number; none when absent. */
  readonly options?: number | undefined;
}

function keysFor(kind: QuestionKind, { scopes = allScopes, calls = 1 }: AnswerChoice): readonly AnswerKey[] {
  const refused = allScopes.filter((one) => !scopes.includes(one));
  const keys = keysOf[kind].filter(([, answer]) => !refused.some((one) => one === answer));
  if (calls < 2) return keys.filter(([, answer]) => answer !== 'together');
  return keys.map((key): AnswerKey => {
    const [letter, answer] = key;
    if (answer === 'once') return [letter, answer, 'the first once', 'first'];
    return answer === 'together' ? [letter, answer, `all ${calls} once`, `all ${calls}`] : key;
  });
}

/** What a key answers to a question; only these keys do anything. */
export function answerOf(
  key: Key,
  kind: QuestionKind,
  choice: AnswerChoice = {},
): Answer | 'stop' | undefined {
  if (key.type === 'text') {
    const typed = key.text.toLowerCase();
    if (/^[1-9]$/.test(typed) && Number(typed) <= (choice.options ?? 0)) return Number(typed);
    return keysFor(kind, choice).find(([one]) => one === typed)?.[1];
  }
  if (key.type !== 'key') return undefined;
  return key.name === 'escape' || (key.ctrl && key.name === 'c') ? 'stop' : undefined;
}

/** The keys of a question, with as many words as there is room for. */
export function answerRow(kind: QuestionKind, columns: number, choice: AnswerChoice = {}): string {
  const keys = [...numbersOf(choice), ...keysFor(kind, choice)];
  return widest(columns, [
    [...keys.map(([key, , wide]) => `${key} ${wide}`), escapeOf[kind]].join(' · '),
    [...keys.map(([key, , , narrow]) => `${key} ${narrow}`), 'Esc'].join(' · '),
    [...keys.map(([key]) => key), 'Esc'].join(' '),
  ]);
}

function numbersOf({ options = 0 }: AnswerChoice): readonly AnswerKey[] {
  return options === 0 ? [] : [[options === 1 ? '1' : `1-${options}`, 1, 'choose', 'choose']];
}

/** The keys while the user writes what instead. */
export function writingRow(kind: QuestionKind, columns: number): string {
  const what = writing[kind];
  return widest(columns, [
    `${what} · Enter sends it · Esc goes back`,
    'Enter sends it · Esc goes back',
    'Enter · Esc',
  ]);
}
