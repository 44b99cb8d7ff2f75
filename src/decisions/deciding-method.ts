import type { DecisionCost, DecisionRecord } from '../core/decision-record.js';
import { messageOf } from '../core/describe-failure.js';
import { AbortedError } from '../core/errors.js';

/** What one call decided; the coordinator and the method are known. */
export type Said = Pick<DecisionRecord, 'outcome' | 'reason' | 'inputs'> & {
  /** Beside the time it took. */
  readonly cost?: Omit<DecisionCost, 'ms'>;
};

export interface Asked<Given extends readonly unknown[], Answer, Before> {
  readonly given: Given;
  readonly answer: Answer;
  /** What `before` saw. */
  readonly before: Before;
}

/** A method whose calls are decisions, and how to tell of one from outside: by what was asked and what was answered. */
export interface DecidingMethod<
  Owner = never,
  Given extends readonly unknown[] = never,
  Answer = never,
  Before = never,
> {
  sessionOf(...given: Given): string | undefined;
  /** Looks at what the call may change, before it does. */
  before?(owner: Owner, ...given: Given): Before;
  /** `undefined` where this call decided nothing. */
  describe(asked: Asked<Given, Answer, Before>): Said | undefined;
  /** Asked outside a turn it is a question of a screen, and decides nothing. */
  readonly inTurnsOnly?: true;
  /** It answers at once, and how long that takes says nothing. */
  readonly untimed?: true;
}

/** Keeps the types of one method together. */
export function deciding<Owner, Name extends keyof Owner, Before = undefined>(
  method: Owner[Name] extends ((...given: infer Given) => infer Answer) | undefined
    ? DecidingMethod<Owner, Given, Awaited<Answer>, Before>
    : never,
): DecidingMethod {
  return method as unknown as DecidingMethod;
}

/** What is said of a call that threw. */
export function failed(error: unknown): Said {
  if (error instanceof AbortedError) return { outcome: 'Broken off', reason: 'The turn was stopped.' };
  return { outcome: 'Failed', reason: messageOf(error) };
}

/** `1 tool`, `3 tools`. */
export function counted(count: number, what: string): string {
  return `${count} ${count === 1 ? what : `${what}s`}`;
}
