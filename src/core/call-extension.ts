import { answerWithin } from './answer-within.js';
import { messageOf } from './describe-failure.js';
import type { Awaitable, ExtensionFailure, ExtensionKind } from './extension.js';

export interface ExtensionCall<T> {
  readonly kind: ExtensionKind;
  readonly name: string;
  /** What serves instead when it fails, in a few words for the user. */
  readonly fallback: string;
  /** Milliseconds until a promise that does not settle counts as failed. */
  readonly timeoutMs: number;
  /** Why a value is not what the contract asks for, or `undefined` when it is. */
  readonly problem: (value: T) => string | undefined;
  readonly report: (failure: ExtensionFailure) => void;
}

/**
 * Calls user code that may throw, hang or return nonsense. Answers its value, or `undefined` after reporting
 * the failure; it never throws, so that one broken extension cannot end a turn.
 */
export async function callExtension<T>(
  options: ExtensionCall<T>,
  call: () => Awaitable<T>,
): Promise<T | undefined> {
  const { kind, name, fallback, timeoutMs, problem, report } = options;
  try {
    const value = await answerWithin(Promise.resolve().then(call), timeoutMs);
    const wrong = problem(value);
    if (wrong === undefined) return value;
    report({ kind, name, message: `returned ${wrong}`, fallback });
  } catch (error) {
    report({ kind, name, message: messageOf(error), fallback });
  }
  return undefined;
}
