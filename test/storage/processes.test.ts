import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runChild, startChild, startTogether } from './child.js';
import { storedNumbers, withDatabase } from './database.js';
import { temporaryFolders } from './temporary-folder.js';

describe('several processes on one database', () => {
  const temporaryFolder = temporaryFolders();

  it('D10: 8 processes open 40 absent databases at once, and each is made once', async () => {
    const folder = join(await temporaryFolder(), 'new', 'victor');
    const children = Array.from({ length: 8 }, () => startChild('open-many.ts', [folder, '40']));
    await startTogether(children);
    for (const child of children) expect(await child.ended).toEqual(Array(40).fill('ok'));
    // Two that close at the same moment leave the log to the next one, and nothing else is left of them.
    const left = (await readdir(folder)).filter((name) => !/\.db-(wal|shm)$/.test(name));
    const names = left.sort();
    expect(names).toHaveLength(40);
    for (const name of names) {
      const sessions = withDatabase(join(folder, name), (database) =>
        database.prepare('SELECT count(*) FROM sessions').pluck().get(),
      );
      expect(sessions).toBe(8);
    }
  });

  it('D09: one that comes later does not cut the shared memory off under one that works', async () => {
    const file = join(await temporaryFolder(), 'victor.db');
    const works = startChild('append.ts', [file, 'works', '1000000']);
    await works.ready;
    works.go();
    // Far enough to have looked at its log several times.
    await until(() => works.lines.length > 50);
    for (const name of ['one', 'two', 'three']) {
      expect(await runChild('append.ts', [file, name, '1'])).toEqual(['1', 'closed']);
      const { length } = works.lines;
      await until(() => works.lines.length > length + 50 || works.process.signalCode !== null);
      expect(works.process.signalCode).toBeNull();
    }
    works.process.kill('SIGKILL');
    const acknowledged = (await works.ended).map(Number);
    expect(storedNumbers(file, 'works').slice(0, acknowledged.length)).toEqual(acknowledged);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo() && tries < 4_000; tries += 1) await sleep(5);
}
