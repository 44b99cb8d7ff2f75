import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/storage/open-store.js';
import { type Child, startChild } from './child.js';
import { storedNumbers, withDatabase } from './database.js';
import { temporaryFolders } from './temporary-folder.js';

describe('several processes on one database', () => {
  const temporaryFolder = temporaryFolders();

  it('D09: 10 processes append 40 messages each, half of them to one session, and none is lost or refused', async () => {
    const file = join(await temporaryFolder(), 'victor.db');
    const sessions = Array.from({ length: 10 }, (_, index) => (index < 5 ? 'shared' : `own-${index}`));
    const children = sessions.map((session) => startChild('append.ts', [file, session, '40']));
    await startTogether(children);
    const expected = [...Array.from({ length: 40 }, (_, index) => String(index + 1)), 'closed'];
    for (const child of children) expect(await child.ended).toEqual(expected);

    const counts = withDatabase(file, (database) =>
      database.prepare('SELECT id, message_count FROM sessions ORDER BY id').raw().all(),
    );
    const own = sessions.slice(5).map((session) => [session, 40]);
    expect(counts).toEqual([...own, ['shared', 200]]);
    const shared = storedNumbers(file, 'shared');
    expect(shared).toHaveLength(200);
    for (let number = 1; number <= 40; number += 1) {
      expect(shared.filter((stored) => stored === number)).toHaveLength(5);
    }
  });

  it('D10: 8 processes open 40 absent databases at once, and each is made once', async () => {
    const folder = join(await temporaryFolder(), 'new', 'victor');
    const children = Array.from({ length: 8 }, () => startChild('open-many.ts', [folder, '40']));
    await startTogether(children);
    for (const child of children) expect(await child.ended).toEqual(Array(40).fill('ok'));
    const names = await readdir(folder);
    expect(names).toHaveLength(40);
    for (const name of names) {
      const sessions = withDatabase(join(folder, name), (database) =>
        database.prepare('SELECT count(*) FROM sessions').pluck().get(),
      );
      expect(sessions).toBe(8);
    }
  });

  it('D01: after 30 kills at random moments every acknowledged message is there, in order and without a gap', async () => {
    const file = join(await temporaryFolder(), 'victor.db');
    const counts = new Map<string, number>();
    let acknowledged = 0;
    for (let round = 0; round < 10; round += 1) {
      const sessions = [0, 1, 2].map((lane) => `round-${round}-lane-${lane}`);
      const children = sessions.map((session) => startChild('append.ts', [file, session, '100000']));
      await startTogether(children);
      // Two are killed at work; the third may still be opening the database.
      await Promise.all(children.map((child, lane) => killAtRandom(child, lane === 2 ? 0 : 1)));
      for (const [index, child] of children.entries()) {
        const numbers = (await child.ended).map(Number);
        acknowledged += numbers.length;
        const stored = storedNumbers(file, sessions[index]!);
        // The last message may be on disk although the kill came before its acknowledgement; nothing else may differ.
        expect(stored.slice(0, numbers.length)).toEqual(numbers);
        expect(stored.length - numbers.length).toBeLessThanOrEqual(1);
        expect(stored).toEqual(stored.map((_, place) => place + 1));
        counts.set(sessions[index]!, stored.length);
      }
    }
    expect(acknowledged).toBeGreaterThanOrEqual(20);

    const store = await openStore({ file });
    expect(store.notices).toEqual([]);
    for (const [session, count] of counts) expect(await store.sessions.readLog(session)).toHaveLength(count);
    await store.close();
  }, 60_000);
});

async function startTogether(children: readonly Child[]): Promise<void> {
  await Promise.all(children.map((child) => child.ready));
  for (const child of children) child.go();
}

async function killAtRandom(child: Child, afterLines: number): Promise<void> {
  while (child.lines.length < afterLines) await sleep(2);
  await sleep(Math.random() * 150);
  child.process.kill('SIGKILL');
  await child.ended;
}
