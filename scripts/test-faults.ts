/**
 * Runs the tests of provider faults, which `npm test` runs a share of, and prints one table: what went wrong, in which
 * dialect, how many requests it cost, how long it took and how it ended. Fails when a test failed and when a row did not
 * run or does not hold.
 *
 *     npm run test:faults              every row at full length
 *     npm run test:faults -- --short   every row but the long ones, with fewer cuts and changes of streams
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { dialects } from '../test/faults/dialects.js';
import { faultRows } from '../test/faults/rows.js';
import type { FaultRecord } from '../test/helpers/record-fault.js';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'victor-faults-'));
const file = join(folder, 'records.jsonl');
writeFileSync(file, '');
const started = Date.now();
const vitest = join(root, 'node_modules', '.bin', 'vitest');
const short = process.argv.includes('--short');
const env = { ...process.env, VICTOR_TEST_LONG: short ? 'ci' : '1', VICTOR_FAULT_RECORDS: file };
const { status, signal } = spawnSync(vitest, ['run', 'test/faults'], { cwd: root, env, stdio: 'inherit' });
const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
rmSync(folder, { recursive: true });
const records = lines.map((line) => JSON.parse(line) as FaultRecord);

const expected = faultRows({ short }).flatMap((row) => dialects.map(({ name }) => ({ row, name })));
const results = expected.map(({ row, name }) => {
  const own = records.filter((record) => record.row === row && record.dialect === name);
  return { row, name, record: own[0], holds: own.length === 1 && own[0]!.holds };
});
const head = ['fault', 'dialect', 'requests', 'ms', 'outcome', 'tools run', 'holds'];
const cells = results.map(({ row, name, record, holds }) => [
  row.replaceAll('|', '\\|'),
  name,
  record ? String(record.requests) : '',
  record ? String(Math.round(record.ms)) : '',
  record ? record.outcome : 'did not run',
  record ? String(record.tools) : '',
  holds ? 'yes' : '**no**',
]);
console.log(`\n| ${head.join(' | ')} |\n|---|---|--:|--:|---|--:|---|`);
for (const row of cells) console.log(`| ${row.join(' | ')} |`);

const failed = results.filter(({ holds }) => !holds);
const unknown = records.filter(({ row }) => !expected.some((one) => one.row === row));
const seconds = Math.round((Date.now() - started) / 1_000);
console.log(`\n${results.length} rows, ${results.length - failed.length} hold; ${seconds} s`);
if (signal) console.error(`The tests were ended by ${signal}.`);
for (const { row, name, record } of failed)
  console.error(`${record ? 'Does not hold' : 'Did not run'}: ${row} (${name}).`);
for (const { row } of unknown) console.error(`Ran, but is no row of the table: ${row}.`);
process.exitCode = status === 0 && failed.length === 0 && unknown.length === 0 ? 0 : 1;
