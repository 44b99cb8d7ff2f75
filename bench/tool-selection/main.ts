/**
 * How often the tool that a request needs is among the first that each strategy ranks.
 *
 *   npm run bench:tool-selection -- [FOLDER] [--json] [--alpha N] [--write]
 *
 * FOLDER holds `tools.json`, an object of descriptions by name, and `queries.jsonl`, one object with `query` and `tool` a
 * line (the shape of MetaTool, Huang et al. 2023), or is a folder of such; a small set of our own when it is left out,
 * whose table `--write` puts into docs/context.md. Without
 * --json it fails where a bound on time, memory or size is passed.
 */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ToolDescriptor } from '../../src/core/extension.js';
import { wordVectors } from '../../src/embedding/static.js';
import { readWordVectors } from '../../src/embedding/word-vectors.js';
import { createHybridStrategy } from '../../src/selection/hybrid.js';
import { createKeywordStrategy } from '../../src/selection/keyword.js';
import { createSemanticStrategy } from '../../src/selection/semantic.js';
import { dataFolder } from '../data-folder.js';
import { measure, type Query, type Row } from './measure.js';

const OWN = fileURLToPath(new URL('../data/tool-selection', import.meta.url));
const PAGE = fileURLToPath(new URL('../../docs/context.md', import.meta.url));
const TABLE = fileURLToPath(new URL('../../src/embedding/word-vectors.bin', import.meta.url));
const LOADS = 5;
const [BEGIN, END] = ['<!-- bench:tool-selection -->', '<!-- /bench:tool-selection -->'];

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, alpha: { type: 'string' }, write: { type: 'boolean' } },
});
if (flags.write && positionals.length > 0)
  throw new Error('--write is for our own set: leave the folder out.');
const folder = dataFolder(positionals[0] ?? OWN, (path) => existsSync(join(path, 'tools.json')));
const descriptions: Record<string, string> = JSON.parse(readFileSync(join(folder, 'tools.json'), 'utf8'));
const tools = Object.entries(descriptions).map(
  ([name, description]): ToolDescriptor => ({ name, description, keywords: [], parameters: [] }),
);
const queries = readFileSync(join(folder, 'queries.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line): Query => JSON.parse(line));

const before = process.memoryUsage();
const { words } = wordVectors();
const after = process.memoryUsage();
const memory = (after.arrayBuffers + after.heapUsed - before.arrayBuffers - before.heapUsed) / 1e6;
const loads = Array.from({ length: LOADS }, () => {
  const startedAt = process.cpuUsage();
  readWordVectors(TABLE);
  const { user, system } = process.cpuUsage(startedAt);
  return (user + system) / 1_000;
}).sort((a, b) => a - b);
const size = statSync(TABLE).size / 1e6;

const alpha = flags.alpha === undefined ? {} : { alpha: Number(flags.alpha) };
const rows: Record<string, Row> = {};
for (const strategy of [createKeywordStrategy(), createSemanticStrategy(), createHybridStrategy(alpha)]) {
  rows[strategy.name!] = await measure(strategy, tools, queries);
}
const bounds = [
  bound('the table read, processor time, median', loads[Math.floor(LOADS / 2)]!, 30, 'ms'),
  bound('a request, hybrid, median', rows.hybrid!.medianMs, 1, 'ms'),
  bound('memory of the table', memory, 15, 'MB'),
  bound('file of the table', size, 8, 'MB'),
];

if (flags.json) console.log(JSON.stringify(rows));
else {
  console.log(table(), '\n');
  for (const { text } of bounds) console.log(text);
  console.log(`\nThe table has ${words} words.`);
  console.log('What this does not show: whether the model would have called the tool, or needed it at all.');
}
if (flags.write) write();
if (!flags.json && bounds.some(({ holds }) => !holds)) process.exitCode = 1;

function bound(what: string, value: number, most: number, unit: string): { text: string; holds: boolean } {
  const holds = value <= most;
  return { holds, text: `${what}: ${value.toFixed(2)} ${unit}, at most ${most}${holds ? '' : '  OVER'}` };
}

function table(): string {
  return [
    `Of ${queries.length} requests to ${tools.length} tools, the percentage with the right tool among the first:`,
    '',
    '| strategy | first | first 5 | first 10 |',
    '|---|--:|--:|--:|',
    ...Object.entries(rows).map(
      ([name, { top1, top5, top10 }]) => `| \`${name}\` | ${top1} | ${top5} | ${top10} |`,
    ),
  ].join('\n');
}

function write(): void {
  const page = readFileSync(PAGE, 'utf8');
  const [head, rest] = page.split(BEGIN!);
  const tail = rest?.split(END!)[1];
  if (tail === undefined) throw new Error(`docs/context.md has no ${BEGIN} … ${END}.`);
  writeFileSync(PAGE, `${head}${BEGIN}\n${table()}\n${END}${tail}`);
  console.log('Written to docs/context.md.');
}
