import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProviderError, type ProviderErrorKind } from '../../src/core/errors.js';
import { AttemptPlan, type NextAttempt } from '../../src/providers/attempt-plan.js';

const steady = () => 1;

function fault(
  kind: ProviderErrorKind,
  more: { retryAfterMs?: number; code?: string; status?: number } = {},
) {
  const { code, ...rest } = more;
  const cause = code === undefined ? undefined : Object.assign(new Error(code), { code });
  return new ProviderError(kind, kind, { provider: 'p', cause, ...rest });
}

/** Every attempt until none is left, when each fails like this. */
function all(plan: AttemptPlan, error: (candidate: number) => unknown, most = 100): NextAttempt[] {
  const attempts: NextAttempt[] = [];
  while (attempts.length < most) {
    const next = plan.failed(error(plan.candidate));
    if (!next) break;
    attempts.push(next);
  }
  return attempts;
}

describe('the attempts of one answer', () => {
  it('V03: wait twice as long each time, at most six requests in all', () => {
    const plan = new AttemptPlan({ candidates: 1, attempts: 6 }, steady);
    const waits = all(plan, () => fault('overloaded')).map(({ waitMs }) => waitMs);
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
    expect(plan.failures).toBe(6);
  });

  it('V03: the jitter takes up to half of a wait away', () => {
    const plan = new AttemptPlan({ candidates: 1, attempts: 6 }, () => 0);
    expect(all(plan, () => fault('overloaded'))[0]?.waitMs).toBe(250);
  });

  it('V01: wait as long as the server asks, up to a minute, and not at all for longer', () => {
    const asked = (retryAfterMs: number) =>
      new AttemptPlan({ candidates: 1, attempts: 6 }, () => 0).failed(fault('rate-limit', { retryAfterMs }));
    expect(asked(0)).toEqual({ candidate: 0, waitMs: 0 });
    expect(asked(2_500)).toEqual({ candidate: 0, waitMs: 2_500 });
    expect(asked(60_000)).toEqual({ candidate: 0, waitMs: 60_000 });
    expect(asked(60_001)).toBeUndefined();
  });

  it('V02: what stays wrong is not tried again, and another is asked where the fault is not in the request', () => {
    const alone = (error: unknown) => all(new AttemptPlan({ candidates: 1, attempts: 6 }), () => error);
    for (const kind of ['authentication', 'invalid-request', 'context-length', 'protocol'] as const)
      expect(alone(fault(kind))).toEqual([]);
    expect(alone(new Error('a bug'))).toEqual([]);
    const pair = (error: unknown) => all(new AttemptPlan({ candidates: 2, attempts: 6 }), () => error);
    for (const kind of ['authentication', 'protocol'] as const)
      expect(pair(fault(kind))).toEqual([{ candidate: 1, waitMs: 0 }]);
    expect(pair(fault('invalid-request', { status: 404 }))).toHaveLength(1);
    for (const kind of ['invalid-request', 'context-length'] as const) expect(pair(fault(kind))).toEqual([]);
  });

  it('V04, V05: who cannot be reached, or stalls for a minute each time, is asked three times', () => {
    for (const error of [fault('network', { code: 'ECONNREFUSED' }), fault('stalled')])
      expect(all(new AttemptPlan({ candidates: 1, attempts: 6 }), () => error)).toHaveLength(2);
    const reset = fault('network', { code: 'ECONNRESET' });
    expect(all(new AttemptPlan({ candidates: 1, attempts: 6 }), () => reset)).toHaveLength(5);
  });

  it('are shared by the candidates, the first ones a little more', () => {
    const asked = (candidates: number) => {
      const plan = new AttemptPlan({ candidates, attempts: 6 });
      return [0, ...all(plan, () => fault('overloaded')).map(({ candidate }) => candidate)];
    };
    expect(asked(2)).toEqual([0, 0, 0, 1, 1, 1]);
    expect(asked(4)).toEqual([0, 0, 1, 1, 2, 3]);
    expect(asked(9)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('are one for a candidate that failed for good a moment ago', () => {
    const plan = new AttemptPlan({ candidates: 2, attempts: 6, doubtful: new Set([0]) });
    expect(all(plan, () => fault('overloaded')).map(({ candidate }) => candidate)).toEqual([1, 1, 1]);
  });

  it('with patience go on past six and round all candidates but those that never will, and end in time', () => {
    const patient = { patientUntil: performance.now() + 3_600_000 };
    expect(
      all(new AttemptPlan({ candidates: 1, attempts: 6, ...patient }), () => fault('overloaded')),
    ).toHaveLength(100);
    const pair = new AttemptPlan({ candidates: 2, attempts: 2, ...patient });
    const asked = all(pair, (one) => fault(one === 0 ? 'authentication' : 'overloaded'), 6);
    expect(asked.map(({ candidate }) => candidate)).toEqual([1, 1, 1, 1, 1, 1]);
    const soon = new AttemptPlan({ candidates: 1, attempts: 1, patientUntil: performance.now() + 5_000 });
    expect(soon.failed(fault('rate-limit', { retryAfterMs: 60_000 }))).toBeUndefined();
  });

  it('whatever fails and however many candidates there are, are never more than six and never go back', () => {
    const kinds: ProviderErrorKind[] = [
      'rate-limit',
      'overloaded',
      'network',
      'stalled',
      'authentication',
      'protocol',
    ];
    const failures = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.integer({ min: 0, max: 90_000 })), {
      minLength: 20,
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), failures, (candidates, list) => {
        const plan = new AttemptPlan({ candidates, attempts: 6 });
        let at = 0;
        const attempts = all(plan, () => fault(list[at]![0], { retryAfterMs: list[at++]![1] }));
        expect(attempts.length + 1).toBeLessThanOrEqual(6);
        const order = attempts.map(({ candidate }) => candidate);
        expect(order).toEqual([...order].sort((one, other) => one - other));
        for (const { waitMs, candidate } of attempts) {
          expect(waitMs).toBeLessThanOrEqual(60_500);
          expect(candidate).toBeLessThan(candidates);
        }
      }),
      { numRuns: 500, seed: 5 },
    );
  });
});
