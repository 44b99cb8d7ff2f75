import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ASK_AT, LONGEST_CYCLE, LoopGuard, NUDGE_AT, type Repetition } from '../../src/chat/loop-guard.js';
import type { ToolResult } from '../../src/core/tool.js';

let id = 0;
const call = (input: unknown, name = 'Bash') =>
  ({ id: `call-${id++}`, name, input: input as object }) as never;
const text = (content: string): ToolResult => ({ content });

interface Seen {
  readonly nudges: readonly { readonly at: number; readonly repetition: Repetition }[];
  /** The step before which it would ask first; later steps are not taken. */
  readonly asked: { readonly at: number; readonly repetition: Repetition } | undefined;
}

/** Plays steps, each a call and what it comes to, as the turn loop does; counted from 1. */
function play(steps: readonly (readonly [input: unknown, result: string])[], guard = new LoopGuard()): Seen {
  const nudges: { at: number; repetition: Repetition }[] = [];
  for (const [index, [input, result]] of steps.entries()) {
    const before = guard.before(call(input));
    if (before) return { nudges, asked: { at: index + 1, repetition: before } };
    const repetition = guard.record(call(input), text(result));
    if (repetition) nudges.push({ at: index + 1, repetition });
  }
  return { nudges, asked: undefined };
}

const times = <T>(count: number, of: readonly T[]): T[] => Array.from({ length: count }, () => of).flat();
const same = ['npm test', 'failed'] as const;

describe('V16: the loop guard', () => {
  it('points out the identical call with the identical result at the 3rd time, once, and asks before the 5th', () => {
    expect(play(times(9, [same]))).toEqual({
      nudges: [{ at: 3, repetition: { calls: 1, times: 3 } }],
      asked: { at: 5, repetition: { calls: 1, times: 4 } },
    });
  });

  it('points out A/B alternation at its 3rd round, and asks before the 5th', () => {
    const round = [same, ['git status', 'clean']] as const;
    expect(play(times(9, round))).toEqual({
      nudges: [{ at: 6, repetition: { calls: 2, times: 3 } }],
      asked: { at: 9, repetition: { calls: 2, times: 4 } },
    });
  });

  it.each([
    ['another result each time: a build log that grows', (n: number) => ['tail log', `${n} lines`]],
    ['another call each time with the same result', (n: number) => [`grep ${n}`, 'no match']],
    ['the same call between others that differ', (n: number) => (n % 2 ? same : [`edit ${n}`, 'done'])],
    ['a poll that changes beside one that does not', (n: number) => (n % 2 ? same : ['tail log', `${n}`])],
  ] as const)('takes it for no loop: %s', (_, step) => {
    const steps = Array.from({ length: 200 }, (_, n) => step(n) as [string, string]);
    expect(play(steps)).toEqual({ nudges: [], asked: undefined });
  });

  it('a result that changes in between begins the count anew', () => {
    const steps = [...times(2, [same]), ['npm test', 'passed'], ...times(2, [same])] as const;
    expect(play(steps)).toEqual({ nudges: [], asked: undefined });
    expect(play([...times(4, [same]), ['other', ''], ...times(4, [same])]).asked).toBeUndefined();
  });

  it('the order of arguments makes no difference, their values, the tool and their type do', () => {
    const guard = new LoopGuard();
    for (let n = 0; n < 4; n += 1) {
      const input = n % 2 ? { path: 'a', deep: { x: 1, y: [2] } } : { deep: { y: [2], x: 1 }, path: 'a' };
      guard.record(call(input), text('x'));
    }
    expect(guard.before(call({ path: 'a', deep: { x: 1, y: [2] } }))).toEqual({ calls: 1, times: 4 });
    expect(guard.before(call({ path: 'a', deep: { x: '1', y: [2] } }))).toBeUndefined();
    expect(guard.before(call({ path: 'a', deep: { x: 1, y: [2] } }, 'Read'))).toBeUndefined();
    expect(guard.before(call({ path: 'a' }))).toBeUndefined();
  });

  it('arguments that were no JSON are compared as the text they were', () => {
    const guard = new LoopGuard();
    const broken = (invalidInput: string) => ({ id: '1', name: 'Read', input: {}, invalidInput });
    for (let n = 0; n < 4; n += 1) guard.record(broken('{"a'), text('no JSON'));
    expect(guard.before(broken('{"a'))).toBeDefined();
    expect(guard.before(broken('{"b'))).toBeUndefined();
  });

  it('an error is another result than a success with the same words, and so is another picture', () => {
    const results: ToolResult[] = times(9, [
      { content: 'x' },
      { content: 'x', isError: true },
      { content: 'x', images: [{ mediaType: 'image/png', data: 'AA' }] },
      { content: 'x', images: [{ mediaType: 'image/png', data: 'AB' }] },
    ]);
    const guard = new LoopGuard();
    // In turn they are a circle of four, never one call that came to the same.
    const seen = results.slice(0, 12).map((result) => guard.record(call('look'), result));
    expect(seen.filter(Boolean)).toEqual([{ calls: 4, times: 3 }]);
  });

  it('where a tool says what it came to, only that counts', () => {
    const guard = new LoopGuard();
    for (let n = 0; n < 4; n += 1)
      guard.record(call('x'), { content: `Exit code 1, after ${n} s.`, outcome: 'Exit code 1' });
    expect(guard.before(call('x'))).toEqual({ calls: 1, times: 4 });
  });

  it('counts anew after a reset', () => {
    const guard = new LoopGuard();
    expect(play(times(4, [same]), guard).asked).toBeUndefined();
    expect(guard.watchful).toBe(true);
    guard.reset();
    expect(guard.watchful).toBe(false);
    expect(play(times(5, [same]), guard)).toMatchObject({ nudges: [{ at: 3 }], asked: { at: 5 } });
  });

  it('does not read long texts that differ in length, nor forget what is in a long one', () => {
    const long = 'x'.repeat(5_000_000);
    const guard = new LoopGuard();
    for (let n = 0; n < 4; n += 1) guard.record(call({ content: `${long}${n}` }), text(`${long}${n}`));
    expect(guard.watchful).toBe(false);
    for (let n = 0; n < 4; n += 1) guard.record(call({ content: `${long}y` }), text(`${long}y`));
    expect(guard.before(call({ content: `${long}y` }))).toBeDefined();
  });

  // The definition itself, the slow way: the last `count` rounds of some length are equal.
  const endsWithRounds = (steps: readonly number[], count: number): boolean =>
    Array.from({ length: LONGEST_CYCLE }, (_, index) => index + 1).some((length) => {
      const last = steps.slice(-length * count);
      return last.length === length * count && last.every((step, n) => step === last[n % length]);
    });
  const asSteps = (numbers: readonly number[]) =>
    numbers.map((n) => [`call ${n >> 1}`, `result ${n & 1}`] as const);
  const runs = 2_000;

  it('no sequence without three equal rounds triggers anything', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.array(fc.nat(5), { minLength: 20, maxLength: 60 }), (numbers) => {
        // Steps that would complete a third round are left out, so that what is left has none.
        const kept: number[] = [];
        for (const n of numbers) if (!endsWithRounds([...kept, n], NUDGE_AT)) kept.push(n);
        taken += kept.length;
        expect(play(asSteps(kept))).toEqual({ nudges: [], asked: undefined });
      }),
      { numRuns: runs, seed: 16 },
    );
    expect(taken).toBeGreaterThan(runs * 5);
  });

  it('every circle of up to eight calls is pointed out by its 3rd round and asked about by its 5th, whatever came before', () => {
    const circle = fc.array(fc.nat(9), { minLength: 1, maxLength: LONGEST_CYCLE });
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 40 }), circle, (before, round) => {
        const guard = new LoopGuard();
        // What came before may be a loop itself; then somebody let it go on.
        for (const [input, result] of asSteps(before)) {
          if (guard.before(call(input))) guard.reset();
          guard.record(call(input), text(result));
        }
        const { nudges, asked } = play(asSteps(times(ASK_AT, [...round])), guard);
        expect(asked).toBeDefined();
        expect(asked!.at).toBeLessThanOrEqual(round.length * (ASK_AT - 1) + 1);
        // Where the start belongs to a loop of before, that one was pointed out already.
        if (before.length === 0) expect(nudges[0]!.at).toBeLessThanOrEqual(round.length * NUDGE_AT);
      }),
      { numRuns: runs, seed: 16 },
    );
  });
});
