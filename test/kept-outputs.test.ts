import { expect, it } from 'vitest';
import { type KeptOutputs, keepOutput, noOutputs } from '../src/kept-outputs.js';

const tool = (text: string) => ({ kind: 'tool', title: 'Bash', text }) as const;
const keep = (texts: readonly string[]): KeptOutputs =>
  texts.reduce((kept, text) => keepOutput(kept, tool(text)), noOutputs);
const size = ({ all }: KeptOutputs) => all.reduce((sum, { text }) => sum + text.length, 0);

it('numbers what is folded over the whole chat, and keeps the last of it', () => {
  const kept = keep(Array.from({ length: 200 }, (_, index) => `output ${index + 1}`));
  expect(kept.next).toBe(201);
  expect(kept.all).toHaveLength(50);
  expect(kept.all[0]).toMatchObject({ number: 151, text: 'output 151' });
});

it('keeps a bounded number of characters, and what came last in any case', () => {
  const kept = keep(Array.from({ length: 20 }, () => 'x'.repeat(200_000)));
  expect(size(kept)).toBeLessThanOrEqual(1_000_000);
  expect(kept.all.at(-1)?.number).toBe(20);
  expect(keep(['x'.repeat(3_000_000)]).all).toHaveLength(1);
});

it('keeps the answer to an edit without a change that is too large', () => {
  const change = { path: 'a.ts', before: 'x'.repeat(900_000), after: 'y'.repeat(900_000) };
  const [kept] = keepOutput(noOutputs, { ...tool('Edited a.ts'), change }).all;
  expect(kept).toEqual({ number: 1, ...tool('Edited a.ts') });
  const small = { ...change, before: 'x', after: 'y' };
  expect(keepOutput(noOutputs, { ...tool('Edited a.ts'), change: small }).all[0]).toHaveProperty('change');
});
