import { isDeepStrictEqual } from 'node:util';
import type { ToolCall } from '../core/message.js';
import type { ToolResult } from '../core/tool.js';

/** How often the same has to happen before the model is told, and before the user is asked. */
export const NUDGE_AT = 3;
export const ASK_AT = 5;

/** Calls after which a circle is no longer seen as one. */
export const LONGEST_CYCLE = 8;
/** What was done this long ago plays no part any more. */
const WINDOW = LONGEST_CYCLE * (ASK_AT - 1);

/** The same calls, one after the other, that had the same results each time. */
export interface Repetition {
  /** How many calls it takes until everything begins again; 1 for one call that is repeated. */
  readonly calls: number;
  readonly times: number;
}

interface Step {
  readonly call: ToolCall;
  readonly result: ToolResult;
}

/**
 * Notices when a model goes round in a circle: the same call with the same result over and over, or a few of them in
 * turn. A result that changes, such as that of a build that is waited for, makes it another step. One guard serves one
 * turn, because what a user asks for again is no loop.
 *
 * Steps are compared, not hashed: they are in memory as long as the turn is, most pairs differ in the name or in a
 * length, and no long text is read that does not have to be.
 */
export class LoopGuard {
  /** The latest steps, and for each a number that equal ones share. */
  #steps: Step[] = [];
  #numbers: number[] = [];
  #next = 0;

  /** Takes what a call came to. Answers the repetition that is to be pointed out now, once for each. */
  record(call: ToolCall, result: ToolResult): Repetition | undefined {
    const step = { call, result };
    const same = this.#steps.findLastIndex((one) => isSame(one, step));
    this.#steps.push(step);
    this.#numbers.push(same === -1 ? this.#next++ : this.#numbers[same]!);
    if (this.#steps.length > WINDOW) {
      this.#steps.shift();
      this.#numbers.shift();
    }
    for (let calls = 1; calls <= LONGEST_CYCLE; calls += 1) {
      if (this.#repeated(calls) === calls * NUDGE_AT) return { calls, times: NUDGE_AT };
    }
    return undefined;
  }

  /** Whether something has been repeated often enough that each call should wait for the result of the one before. */
  get watchful(): boolean {
    for (let calls = 1; calls <= LONGEST_CYCLE; calls += 1) {
      if (this.#repeated(calls) >= calls * NUDGE_AT) return true;
    }
    return false;
  }

  /** The repetition that this call would go on with, when it is time to ask about it. */
  before(call: ToolCall): Repetition | undefined {
    const times = ASK_AT - 1;
    for (let calls = 1; calls <= LONGEST_CYCLE; calls += 1) {
      if (this.#repeated(calls) < calls * times) continue;
      if (isSameCall(this.#steps.at(-calls)!.call, call)) return { calls, times };
    }
    return undefined;
  }

  /** What was done so far counts no more: somebody wants it to go on, or said something new. */
  reset(): void {
    this.#steps = [];
    this.#numbers = [];
  }

  /** How many of the last steps are a circle of this many calls. */
  #repeated(calls: number): number {
    const numbers = this.#numbers;
    let first = numbers.length - calls;
    if (first < 0) return 0;
    while (first > 0 && numbers[first - 1] === numbers[first - 1 + calls]) first -= 1;
    return numbers.length - first;
  }
}

/** The same tool with the same arguments, in whatever order they were written. */
export function isSameCall(a: ToolCall, b: ToolCall): boolean {
  return a.name === b.name && a.invalidInput === b.invalidInput && isDeepStrictEqual(a.input, b.input);
}

function isSame(a: Step, b: Step): boolean {
  return isSameCall(a.call, b.call) && isSameResult(a.result, b.result);
}

function isSameResult(a: ToolResult, b: ToolResult): boolean {
  if ((a.outcome ?? a.content) !== (b.outcome ?? b.content)) return false;
  return a.isError === b.isError && isDeepStrictEqual(a.images, b.images);
}
