import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/storage/open-store.js';
import { recordCount } from '../helpers/record-count.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { runChild } from '../storage/child.js';
import { withDatabase } from '../storage/database.js';
import { numbers } from './damage.js';
import { afterPowerCut, type DiskOperation, readDiskRecord } from './disk-record.js';
import { pointsOf } from './must-hold.js';

const recorder = join(import.meta.dirname, '..', 'fixtures', 'storage', 'record-disk.c');
const canRecord = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0;

/** Everything that a process did to its disk while it appended so many messages. */
async function recorded(messages: number, preload?: string): Promise<DiskOperation[]> {
  const folder = temporaryDirectory('victor-power-');
  const library = join(folder, 'record-disk.so');
  const built = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, recorder, '-ldl', '-lpthread']);
  expect(built.stderr.toString()).toBe('');
  const record = join(folder, 'record');
  const environment = { LD_PRELOAD: library, DISK_RECORD: record };
  const file = join(folder, 'victor', 'victor.db');
  const lines = await runChild('append.ts', [file, 'one', String(messages)], {
    environment,
    ...(preload ? { preload } : {}),
  });
  expect(lines).toHaveLength(messages + 1);
  const operations = readDiskRecord(readFileSync(record));
  // The end, at which the log is deleted, is not part of it.
  return operations.slice(
    0,
    operations.findLastIndex((one) => one.kind === 'told' && one.text === `${messages}\n`) + 1,
  );
}

/** Numbers of the messages that were acknowledged. */
const toldIn = (operations: readonly DiskOperation[]) =>
  operations.flatMap((one) => (one.kind === 'told' && /^\d+\n$/.test(one.text) ? [Number(one.text)] : []));

describe.skipIf(!canRecord)('D03: a power cut', () => {
  /** What is wrong after cuts at so many moments. */
  async function cuts(operations: readonly DiskOperation[], points: number) {
    const wrong: string[] = [];
    let lost = 0;
    for (let point = 0; point < points; point += 1) {
      const below = numbers(point + 1);
      const moment = 1 + below(operations.length);
      const before = operations.slice(0, moment);
      const folder = join(temporaryDirectory('victor-power-'), 'victor');
      mkdirSync(folder, { mode: 0o700 });
      const file = join(folder, 'victor.db');
      for (const [name, bytes] of afterPowerCut(before, below)) {
        if (bytes.length > 0 || name === 'victor.db')
          writeFileSync(join(folder, name), bytes, { mode: 0o600 });
      }
      const told = toldIn(before);
      try {
        const store = await openStore({ file });
        // A log that ends with half of something is no damage.
        wrong.push(...store.notices.map((notice) => `${moment}: ${notice}`));
        const log = await store.sessions.readLog('one');
        await store.close();
        const stored = log.map(({ entry }) =>
          entry.type === 'message' ? Number.parseInt(entry.message.content, 10) : Number.NaN,
        );
        const missing = told.filter((number) => !stored.includes(number)).length;
        lost += missing;
        if (missing > 0) wrong.push(`${moment}: ${missing} of ${told.length} acknowledged messages lost`);
        if (stored.some((number, place) => number !== place + 1)) wrong.push(`${moment}: ${stored}`);
        const integrity = withDatabase(file, (database) =>
          database.pragma('integrity_check', { simple: true }),
        );
        if (integrity !== 'ok') wrong.push(`${moment}: ${integrity}`);
      } catch (error) {
        wrong.push(`${moment}: ${error}`);
      }
    }
    return { wrong, lost };
  }

  it('D03: at any moment: what was acknowledged is on the disk, whatever part of the rest is', async () => {
    const points = pointsOf('power cuts');
    const operations = await recorded(150);
    expect(toldIn(operations)).toHaveLength(150);
    expect(operations.filter(({ kind }) => kind === 'sync').length).toBeGreaterThanOrEqual(150);
    const { wrong } = await cuts(operations, points);
    recordCount({ row: 'power cuts', tried: points, found: wrong.length });
    console.log(
      `${points} power cuts among ${operations.length} operations of the disk, ${wrong.length} wrong`,
    );
    expect(wrong).toEqual([]);
  }, 600_000);

  it('D03: the test notices when nothing is synced', async () => {
    const { lost } = await cuts(await recorded(40, 'no-sync.mjs'), 10);
    expect(lost).toBeGreaterThan(0);
  });
});
