import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../helpers/run-victor.js';

const root = resolve(import.meta.dirname, '../..');

interface Cost {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly tiers?: readonly object[];
}

function model(id: string, cost: Cost, more: object = {}) {
  return {
    id,
    reasoning: true,
    input: ['text', 'image'],
    contextWindow: 1_000,
    maxTokens: 100,
    cost,
    ...more,
  };
}

/** A package of the form that the script reads, with a few models that are told apart. */
function makePackage(): string {
  const folder = temporaryDirectory();
  const data = join(folder, 'dist/providers/data');
  mkdirSync(data, { recursive: true });
  const about = { name: '@example/prices', version: '1.2.3', license: 'MIT', author: { name: 'Ann' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
  const free = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const gpt = {
    input: 2,
    output: 8,
    cacheRead: 0,
    cacheWrite: 0,
    tiers: [
      { inputTokensAbove: 2_000, input: 6, output: 9, cacheRead: 1, cacheWrite: 7 },
      { inputTokensAbove: 1_000, input: 4, output: 9, cacheRead: 1, cacheWrite: 5 },
    ],
  };
  const files: Record<string, Record<string, object>> = {
    anthropic: {
      'chat:claude-b': model('claude-b', { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 }),
      'chat:claude-a': model('claude-a', free),
    },
    openai: {
      'chat:gpt': model('gpt', gpt),
      'classifier:no-chat': model('no-chat', gpt),
      'chat:odd name': model('odd name', gpt),
    },
    openrouter: {
      'chat:openai/gpt': model('openai/gpt', gpt, { contextWindow: 5_000 }),
      'chat:a/x:free': model('a/x:free', free, { input: ['text'], reasoning: false }),
      'chat:a/x:batch': model('a/x:batch', gpt),
    },
  };
  for (const file of ['anthropic', 'openai', 'google', 'deepseek', 'mistral', 'groq', 'openrouter']) {
    writeFileSync(join(data, `${file}.json`), JSON.stringify({ 'some-api': files[file] ?? {} }));
  }
  writeFileSync(join(data, '.manifest.json'), JSON.stringify({ generatedAt: '2026-01-02T03:04:05Z' }));
  return folder;
}

it('the price list is made from a package: sorted, zero is unknown, tiers in order, real windows, its source named', async () => {
  const output = join(temporaryDirectory(), 'model-data.ts');
  const argv = ['scripts/update-prices.mjs', '--package', makePackage(), '--output', output];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: root });
  expect(stdout).toContain('5 models');
  const text = readFileSync(output, 'utf8');
  expect(text).toContain('anthropic: `\nclaude-a 1000 100 irt -\nclaude-b 1000 100 irt 3 15 0.3 3.75 6\n`,');
  expect(text).toContain('openai: `\ngpt 5000 100 irt 2 8 2 2 2 1000 4 9 1 5 5 2000 6 9 1 7 7\n`,');
  expect(text).toContain('a/x:free 1000 100 t 0 0 0 0 0\n');
  expect(text).not.toMatch(/batch|no-chat|odd name/);
  for (const word of ["'@example/prices'", "'1.2.3'", "'2026-01-02'", "'MIT'", "'Ann'"])
    expect(text).toContain(word);
});

it('the committed list has the form that the script writes: its words, its tables, its order', async () => {
  const output = join(temporaryDirectory(), 'model-data.ts');
  const argv = ['scripts/update-prices.mjs', '--package', makePackage(), '--output', output];
  await promisify(execFile)(process.execPath, argv, { cwd: root });
  const committed = readFileSync(join(root, 'src/providers/model-data.ts'), 'utf8');
  const withoutLines = (text: string) => text.replaceAll(/`[^`]*`/g, '``').replaceAll(/'[^']*',$/gm, "'',");
  expect(withoutLines(committed)).toBe(withoutLines(readFileSync(output, 'utf8')));
  for (const [, lines = ''] of committed.matchAll(/`\n([^`]*)\n`/g)) {
    const all = lines.split('\n');
    expect(all).toEqual([...all].sort());
  }
});
