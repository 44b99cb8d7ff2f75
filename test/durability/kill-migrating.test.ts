import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { migrations } from '../../src/storage/migrations.js';
import { recordCount } from '../helpers/record-count.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { runChild, startChild } from '../storage/child.js';
import { withDatabase } from '../storage/database.js';
import { pointsOf } from './must-hold.js';

const version1 = readFileSync(new URL('../fixtures/storage/version-1.sql', import.meta.url), 'utf8');
/** Three steps more than the product has, as `migrate.ts` adds them. */
const newest = migrations.length + 3;

it('D02: killed before any statement of a migration the schema is the old or the new one, and the next start completes it', async () => {
  const points = pointsOf('kills migrating');
  const wrong: string[] = [];
  let kills = 0;
  let statements = 0;
  const folder = temporaryDirectory('victor-kill-');
  for (let point = 0; point < points; ) {
    // One after the last has nothing left to be killed at: then it begins with the first again.
    for (let statement = 1; point < points; statement += 1) {
      const file = join(folder, `${point}.db`);
      writeFileSync(file, '', { mode: 0o600 });
      withDatabase(file, (database) => database.exec(version1));
      const child = startChild('migrate.ts', [file, String(statement)]);
      await child.ready;
      child.go();
      const lines = await child.ended;
      if (lines.length > 0) {
        statements = statement - 1;
        if (!lines[0]!.startsWith('migrated')) wrong.push(`${statement}: ${lines[0]}`);
        break;
      }
      kills += 1;
      point += 1;
      wrong.push(...lookAt(file, 1).map((one) => `killed at ${statement}: ${one}`));
      const [line = ''] = await runChild('migrate.ts', [file, '0']);
      if (!line.startsWith('migrated')) wrong.push(`after ${statement}: ${line}`);
      wrong.push(...lookAt(file, newest).map((one) => `after ${statement}: ${one}`));
      const copies = readdirSync(dirname(file)).filter((name) => /^\d+\.db\.backup-1-\w+$/.test(name));
      const own = copies.filter((name) => name.startsWith(`${point - 1}.db.`));
      if (own.length === 0) wrong.push(`${statement}: no copy of what was before`);
      for (const name of own)
        wrong.push(...lookAt(join(dirname(file), name), 1).map((one) => `copy: ${one}`));
      if (existsSync(`${file}.partial`)) wrong.push(`${statement}: half a copy`);
    }
  }
  recordCount({ row: 'kills migrating', tried: kills, found: wrong.length });
  console.log(`${kills} kills at ${statements || 'some'} statements, ${wrong.length} wrong`);
  expect(wrong).toEqual([]);
  expect(kills).toBe(points);
}, 900_000);

/** What is wrong with a database that should have this schema and every row of version 1. */
function lookAt(file: string, version: number): string[] {
  return withDatabase(file, (database) => {
    const wrong: string[] = [];
    const pragma = (name: string) => database.pragma(name, { simple: true });
    if (pragma('integrity_check') !== 'ok') wrong.push('not intact');
    if (pragma('user_version') !== version) wrong.push(`schema ${pragma('user_version')}, not ${version}`);
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")
      .pluck()
      .all();
    const hasNew = ['copies', 'leases'].filter((name) => tables.includes(name)).length;
    if (hasNew !== (version === 1 ? 0 : 2)) wrong.push(`tables ${tables}`);
    const rows = ['sessions', 'log', 'analytics_events', 'checkpoints'].map((table) =>
      database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
    );
    if (rows.join() !== '1,2,1,1') wrong.push(`rows ${rows}`);
    return wrong;
  });
}
