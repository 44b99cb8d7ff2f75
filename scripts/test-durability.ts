/**
 * Runs the durability campaigns and prints one table of their counts. Fails when a test failed, and when a row did not
 * run, tried too little or does not hold.
 *
 *     npm run test:durability              the share that a CI run has time for
 *     npm run test:durability -- --full    every campaign at full length
 *     npm run test:durability -- 'full disk' damaged    these rows alone, by id, without the cases
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { durabilityCases, durabilityIdsOf } from '../test/durability/cases.js';
import { durabilityRows } from '../test/durability/must-hold.js';
import { canMount } from '../test/helpers/can-mount.js';
import type { CaseRecord } from '../test/helpers/case-reporter.js';
import type { Count } from '../test/helpers/record-count.js';
import { caseTotals } from '../test/safety/case-totals.js';
import { resultsOf, tableOf } from '../test/safety/table.js';
import { titlesWithIds } from '../test/safety/titles.js';

const root = resolve(import.meta.dirname, '..');
const full = process.argv.includes('--full');
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const unknown = named.filter((id) => !durabilityRows.some((row) => row.id === id));
if (unknown.length > 0) {
  console.error(
    `No such row: ${unknown.join(', ')}. There are ${durabilityRows.map(({ id }) => id).join(', ')}.`,
  );
  process.exit(2);
}
const chosen = durabilityRows.filter(({ id }) => named.length === 0 || named.includes(id));
const folder = mkdtempSync(join(tmpdir(), 'victor-durability-'));
const counts = join(folder, 'counts.jsonl');
writeFileSync(counts, '');
const started = Date.now();

const campaigns = [...new Set(chosen.flatMap(({ tests }) => tests))];
// The tests of single cases lie beside what they test.
const elsewhere = titlesWithIds(durabilityIdsOf)
  .map(({ file }) => `test/${file}`)
  .filter((file) => /\.test\.tsx?$/.test(file) && !campaigns.some((one) => one === file));
const passed = [
  run(campaigns),
  named.length > 0 || run([...new Set(elsewhere), '-t', '\\b[DX]\\d\\d[:, ]']),
].every(Boolean);

const lines = readFileSync(counts, 'utf8').split('\n').filter(Boolean);
rmSync(folder, { recursive: true });
const records = lines.map((line) => JSON.parse(line) as Count | CaseRecord);
const cases = caseTotals(
  records.filter((record) => 'case' in record),
  durabilityCases,
);
const caseRow = {
  id: cases.count.row,
  what: 'cases of durability and delivery: without a test that passed',
  least: cases.count.tried,
  bound: { most: 0 },
};
const all = named.length === 0;
const problems = all ? cases.problems : [];
const rows = chosen.map((row) => ({ ...row, least: full ? row.full : row.ci }));
const isPossible = (row: { readonly id: string }) => canMount || row.id !== 'full disk';
const isJudged = (row: { readonly id: string }) =>
  full || !chosen.some((one) => one.id === row.id && 'isTime' in one);
const counted = [...records.filter((record) => 'row' in record), cases.count];
const results = resultsOf(counted, all ? [...rows, caseRow] : rows);
const seconds = Math.round((Date.now() - started) / 1_000);
console.log(`\n${tableOf(results)}\n\n${all ? `${cases.summary}\n` : ''}${seconds} s`);
for (const { row, holds } of results) {
  if (holds) continue;
  if (!isPossible(row)) console.log(`Not tried, because nothing can be mounted here: ${row.what}.`);
  else if (isJudged(row)) problems.push(`Does not hold: ${row.what}.`);
  else
    console.log(`Does not hold here; judged with --full, on a machine that does nothing else: ${row.what}.`);
}
if (!passed) problems.push('A test failed.');
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Whether all of these tests passed. */
function run(args: readonly string[]): boolean {
  const vitest = join(root, 'node_modules', '.bin', 'vitest');
  const env = { ...process.env, VICTOR_TEST_LONG: full ? '1' : 'ci', VICTOR_TEST_COUNTS: counts };
  return spawnSync(vitest, ['run', ...args], { cwd: root, env, stdio: 'inherit' }).status === 0;
}
