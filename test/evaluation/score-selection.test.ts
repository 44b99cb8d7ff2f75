import { describe, expect, it } from 'vitest';
import type { ToolDescriptor, ToolSelectionStrategy } from '../../src/core/extension.js';
import { scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

const named = (name: string): ToolDescriptor => ({ name, description: '', keywords: [], parameters: [] });
const tools = ['a', 'b', 'c', 'd'].map(named);
/** Scores each tool by the number behind its name in the request: `a3 b2`. */
const byRequest: ToolSelectionStrategy = {
  name: 'by request',
  score: (request, all) =>
    all.map(({ name }) => {
      const score = Number(new RegExp(`${name}(\\d)`).exec(request)?.[1] ?? 0) / 9;
      return { name, score, reason: 'asked' };
    }),
};

const evaluation = async () => (await scriptedOrchestrator([])).orchestrator.coordinators.evaluation;

describe('the evaluation coordinator scores how tools are chosen', () => {
  it('by the place of the best right tool; what ties with it stands before it', async () => {
    const [score] = await (await evaluation()).evaluateSelection!(
      [
        { request: 'a9 b5', expected: ['a'] },
        { request: 'a9 b5', expected: ['c', 'b'] },
        { request: 'a9 b9', expected: ['a'] },
        { request: 'nothing', expected: ['d'] },
      ],
      { tools, strategies: [byRequest] },
    );
    expect(score).toMatchObject({ strategy: 'by request', cases: 4, top1: 25, top5: 100, top10: 100 });
    expect(score!.meanReciprocalRank).toBe(0.563);
    expect(score!.misses).toEqual([
      { request: 'nothing', expected: ['d'], rank: 4, instead: ['a', 'b', 'c'] },
      { request: 'a9 b5', expected: ['c', 'b'], rank: 2, instead: ['a'] },
      { request: 'a9 b9', expected: ['a'], rank: 2, instead: ['b'] },
    ]);
  });

  it('over the tools and strategies that there are, the one in force marked', async () => {
    const scores = await (await evaluation()).evaluateSelection!([
      { request: 'search for a text in files', expected: ['Grep'] },
    ]);
    expect(scores.map(({ strategy, configured }) => [strategy, configured])).toEqual([
      ['hybrid', true],
      ['keyword', false],
      ['semantic', false],
    ]);
    for (const { top5, problem } of scores) expect({ top5, problem }).toEqual({ top5: 100 });
  });

  it('one that throws, hangs or answers nonsense is scored with its problem and the request, the others go on', async () => {
    const cases = [
      { request: 'a9', expected: ['a'] },
      { request: 'b9', expected: ['b'] },
    ];
    const failsAtB: ToolSelectionStrategy = {
      name: 'fails',
      score: (request, all) => {
        if (request === 'b9') throw new Error('no luck');
        return byRequest.score(request, all);
      },
    };
    const lies: ToolSelectionStrategy = { name: 'lies', score: () => [] };
    const scores = await (await evaluation()).evaluateSelection!(cases, {
      tools,
      strategies: [failsAtB, lies, byRequest],
    });
    expect(scores).toMatchObject([
      { strategy: 'fails', problem: 'request 2: no luck', top1: 0, misses: [] },
      { strategy: 'lies', problem: 'request 1: returned no list of one score per tool' },
      { strategy: 'by request', top1: 100 },
    ]);
    expect(scores[2]).not.toHaveProperty('problem');
  });
});
