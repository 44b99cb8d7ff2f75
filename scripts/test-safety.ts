/**
 * Runs the safety tests at full length and prints the table of their counts, which SECURITY.md shows too. Fails when a
 * test failed, when a row did not run or does not hold, and when SECURITY.md says other rows or bounds, or more than was
 * tried now.
 *
 *     npm run test:safety              checks SECURITY.md
 *     npm run test:safety -- --write   puts the table into SECURITY.md, if all of it holds
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CaseRecord } from '../test/helpers/case-reporter.js';
import type { Count } from '../test/helpers/record-count.js';
import { safetyFolders } from '../test/safety/campaigns.js';
import { caseTotals } from '../test/safety/case-totals.js';
import { differencesFrom, resultsOf, tableIn, tableOf, withTable } from '../test/safety/table.js';
import { titlesWithIds } from '../test/safety/titles.js';

const root = resolve(import.meta.dirname, '..');

const folder = mkdtempSync(join(tmpdir(), 'victor-safety-'));
const counts = join(folder, 'counts.jsonl');
writeFileSync(counts, '');
const started = Date.now();
// The tests of single cases lie beside what they test.
const elsewhere = new Set(
  titlesWithIds()
    .map(({ file }) => `test/${file}`)
    .filter((file) => /\.test\.tsx?$/.test(file) && !safetyFolders.some((one) => file.startsWith(one))),
);
const passed = [run(safetyFolders), run([...elsewhere, '-t', '\\b[PSCEKT]\\d\\d[:, ]'])].every(Boolean);

const lines = readFileSync(counts, 'utf8').split('\n').filter(Boolean);
rmSync(folder, { recursive: true });
const records = lines.map((line) => JSON.parse(line) as Count | CaseRecord);
const ended = records.filter((record) => 'case' in record);
const { count, summary, problems } = caseTotals(ended);
const results = resultsOf([...records.filter((record) => 'row' in record), count]);
const table = tableOf(results);
console.log(`\n${table}\n\n${summary}\n${Math.round((Date.now() - started) / 1_000)} s`);

const file = join(root, 'SECURITY.md');
const document = readFileSync(file, 'utf8');
for (const { row, holds } of results) if (!holds) problems.push(`Does not hold: ${row.what}.`);
if (!passed) problems.push('A test failed.');
if (!process.argv.includes('--write')) problems.push(...differencesFrom(tableIn(document), results));
else if (problems.length === 0) writeFileSync(file, withTable(document, table));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Whether all of these tests passed. */
function run(args: readonly string[]): boolean {
  const vitest = join(root, 'node_modules', '.bin', 'vitest');
  const environment = { ...process.env, VICTOR_TEST_LONG: '1', VICTOR_TEST_COUNTS: counts };
  return spawnSync(vitest, ['run', ...args], { cwd: root, env: environment, stdio: 'inherit' }).status === 0;
}
