import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
type Shares = Readonly<Record<'0.1' | '0.25' | '0.5', number>>;

it('the compaction bench says of its own conversations what each strategy keeps, and the task counts for more than recency', async () => {
  const { stdout, stderr } = await execa('npx', ['tsx', 'bench/compaction/main.ts', '--json'], {
    cwd: root,
    reject: false,
  });
  expect(stderr).toBe('');
  const rows: Readonly<Record<string, Shares>> = JSON.parse(stdout);
  expect(Object.keys(rows)).toEqual(['recent', 'greedy coverage', 'semantic', 'task-aware', 'hybrid']);
  for (const row of Object.values(rows)) {
    const shares = [row['0.1'], row['0.25'], row['0.5']];
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(Math.max(...shares)).toBeLessThanOrEqual(100);
  }
  for (const share of ['0.1', '0.25', '0.5'] as const) {
    for (const name of ['task-aware', 'hybrid'])
      expect(rows[name]![share]).toBeGreaterThan(rows.semantic![share]);
    expect(rows.semantic![share]).toBeGreaterThan(rows.recent![share]);
  }
});
