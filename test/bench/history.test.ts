import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('D12, D13: the bench of a large history measures every bound, on a small history, without an error', async () => {
  // 30 sessions of 12 messages, one of 300, 40 tool calls, one round.
  const sizes = ['30', '12', '300', '40', '1'];
  const { stdout, stderr } = await execa('npx', ['tsx', 'bench/history.ts', ...sizes], {
    cwd: root,
    reject: false,
  });
  expect(stderr).toBe('');
  const [head, ...lines] = stdout.split('\n');
  expect(head).toMatch(/^30 sessions, 360 messages: written in [\d.]+ s, indexed in [\d.]+ s, \d+ MB$/);
  // What is added is a difference of two times, which is less than nothing when the machine was busy at the other.
  const measured = lines.map((line) =>
    /^(.*?) +-?[\d.]+ (?:ms|x ) \(at most ([\d.]+)\) (?:kept|NOT KEPT)$/.exec(line),
  );
  expect(measured.map((match) => match?.[2])).toEqual([
    ...['50', '50', '50'],
    ...Array(8).fill('300'),
    ...['1.2', '200', '200', '200', '1.2', '1.2', '20', '20'],
  ]);
});
