import { answerWithin } from '../core/answer-within.js';
import { messageOf } from '../core/describe-failure.js';
import { AbortedError, VictorError } from '../core/errors.js';
import { streamIterator } from '../core/until-aborted.js';
import type { Method } from './coordinator-contracts.js';

export type Call = (...given: readonly unknown[]) => unknown;

/** A call that is held to what the method has to answer: where it throws, hangs or answers nonsense, `instead` serves. */
export function guardMethod(method: Method, call: Call, instead: Call, fail: (why: string) => void): Call {
  const { problem, mirrored, timeoutMs } = method;
  const checked = (answer: unknown, given: readonly unknown[]): unknown => {
    const wrong = problem(answer);
    if (wrong === undefined) return answer;
    fail(`returned ${wrong}`);
    return mirrored ? undefined : instead(...given);
  };
  const failed = (error: unknown, given: readonly unknown[]): unknown => {
    if (error instanceof AbortedError) throw error;
    fail(`failed: ${messageOf(error)}`);
    return mirrored ? undefined : instead(...given);
  };
  return (...given) => {
    const shown = given.map((one) => frozenCopy(one));
    if (method.streams)
      return stream(
        method,
        () => call(...shown),
        () => instead(...given),
        fail,
      );
    if (mirrored) settle(() => instead(...given));
    try {
      const answer = call(...shown);
      if (!(answer instanceof Promise)) return checked(answer, given);
      if (method.sync) {
        answer.catch(() => {});
        fail('returned a promise');
        return mirrored ? undefined : instead(...given);
      }
      return within(answer, timeoutMs).then(
        (value) => checked(value, given),
        (error: unknown) => failed(error, given),
      );
    } catch (error) {
      const answer = failed(error, given);
      return method.sync ? answer : Promise.resolve(answer);
    }
  };
}

/** The user's stream, or the built-in one when nothing came of it. */
async function* stream(
  { timeoutMs }: Method,
  call: () => unknown,
  instead: () => unknown,
  fail: (why: string) => void,
): AsyncGenerator<unknown, void> {
  let iterator: AsyncIterator<unknown> | undefined;
  let first: IteratorResult<unknown> | undefined;
  try {
    iterator = streamIterator(call() as AsyncIterable<unknown>);
    first = await within(iterator.next(), timeoutMs);
  } catch (error) {
    // A typed error of a turn is about the turn.
    if (error instanceof VictorError) throw error;
    fail(`failed: ${messageOf(error)}`);
  }
  if (!iterator || !first) return yield* instead() as AsyncIterable<unknown>;
  try {
    for (; !first.done; first = await iterator.next()) yield first.value;
  } finally {
    if (!first.done) await iterator.return?.();
  }
}

function within<T>(answer: Promise<T>, timeoutMs: number | undefined): Promise<T> {
  return timeoutMs === undefined ? answer : answerWithin(answer, timeoutMs);
}

/** The fallback only takes notice here; what it has to say about it is nobody's business. */
function settle(call: () => unknown): void {
  try {
    const answer = call();
    if (answer instanceof Promise) answer.catch(() => {});
  } catch {}
}

/** What a user's code gets, it cannot break: lists and plain objects are copies, frozen all the way down. */
function frozenCopy(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || depth > 6) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((one) => frozenCopy(one, depth + 1)));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const copy = Object.entries(value).map(([key, inner]) => [key, frozenCopy(inner, depth + 1)]);
  return Object.freeze(Object.fromEntries(copy));
}
