import { describe, expect, it } from 'vitest';
import type { DecisionBatch, DecisionRecord } from '../../src/core/decision-record.js';
import { holdSecrets } from '../../src/core/held-secrets.js';
import { readDecisions } from '../../src/decisions/read-decisions.js';
import { SessionDecisions } from '../../src/decisions/session-decisions.js';

const record = (change: Partial<DecisionRecord> = {}): DecisionRecord => ({
  coordinator: 'toolSelection',
  decision: 'select',
  outcome: 'Offered all',
  reason: 'All 12 tools fit.',
  inputs: { strategy: 'hybrid', tools: 12, offered: ['Read', 'Bash'] },
  cost: { ms: 1.04 },
  ...change,
});

const bytesOf = (batches: readonly DecisionBatch[]) => JSON.stringify(batches).length;

describe('the decisions of a session', () => {
  it('are counted where the same is decided again, and read back with every word and input', () => {
    const decisions = new SessionDecisions();
    decisions.turnBegins('t1');
    for (let time = 0; time < 3; time += 1) decisions.note(record());
    decisions.note(record({ inputs: { strategy: 'hybrid', tools: 13, offered: ['Read', 'Bash'] } }));
    const first = decisions.take();
    decisions.note(record());
    const second = decisions.take();
    expect(bytesOf(second)).toBeLessThan(bytesOf(first) / 2);
    const read = readDecisions([...first, ...second]);
    expect(read.map(({ times, inputs, turn }) => [times, inputs.tools, turn])).toEqual([
      [3, 12, 1],
      [1, 13, 1],
      [1, 12, 1],
    ]);
    expect(read[0]).toMatchObject({ ...record(), cost: { ms: 3.1 }, turnId: 't1' });
    expect(read[2]).toMatchObject(record({ cost: { ms: 1 } }));
    expect(decisions.take()).toEqual([]);
  });

  it('belong to the turn that begins, where they were decided for it before', () => {
    const decisions = new SessionDecisions();
    decisions.note(record({ reason: 'Asked before the loop began.' }));
    decisions.turnBegins('t1');
    decisions.note(record());
    const first = decisions.take();
    expect(first.map(({ turnId }) => turnId)).toEqual(['t1']);
    decisions.turnEnds();
    decisions.note(record());
    const between = decisions.take();
    decisions.turnBegins('t2');
    decisions.note(record());
    const all = readDecisions([...first, ...between, ...decisions.take()]);
    expect(all.map(({ turn, turnId }) => [turn, turnId])).toEqual([
      [1, 't1'],
      [1, 't1'],
      [2, undefined],
      [2, 't2'],
    ]);
  });

  it('are short, whatever a coordinator says, and hold no key, also where one would be cut', () => {
    const key = 'K'.repeat(10) + 'e'.repeat(30);
    holdSecrets([key]);
    const decisions = new SessionDecisions();
    decisions.note(
      record({
        outcome: 'x'.repeat(10_000_000),
        reason: `${'y'.repeat(185)}${key}`,
        inputs: {
          list: Array.from({ length: 1_000 }, (_, index) => `tool ${index}`),
          text: `${'z'.repeat(100)}${key}`,
          shaped: `curl -H "Authorization: Bearer ${'a'.repeat(40)}"`,
        },
      }),
    );
    const batches = decisions.take();
    expect(bytesOf(batches)).toBeLessThan(2_500);
    expect(JSON.stringify(batches)).not.toMatch(/KKK|aaaaa/);
    const [one] = readDecisions(batches);
    expect(one!.outcome).toHaveLength(200);
    expect((one!.inputs.list as string[]).at(-1)).toBe('and 936 more');
  });

  it('say all their words again after a thousand others, and those that point to nothing are left out', () => {
    const decisions = new SessionDecisions();
    decisions.note(record());
    const first = decisions.take();
    for (let one = 0; one < 1_000; one += 1) decisions.note(record({ reason: `reason ${one}` }));
    decisions.take();
    decisions.note(record());
    const later = decisions.take();
    expect(readDecisions(later)).toHaveLength(1);
    const forgetful = new SessionDecisions();
    forgetful.note(record());
    forgetful.take();
    forgetful.note(record());
    expect(readDecisions(forgetful.take())).toEqual([]);
    expect(readDecisions(first)).toHaveLength(1);
  });
});
