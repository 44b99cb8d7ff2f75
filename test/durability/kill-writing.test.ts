import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openStore } from '../../src/storage/open-store.js';
import { recordCount } from '../helpers/record-count.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { type Child, startChild, startTogether } from '../storage/child.js';
import { storedNumbers } from '../storage/database.js';
import { pointsOf } from './must-hold.js';

const lanes = [0, 1, 2];

it('D01: after kills at random moments every acknowledged message is there, in order and without a gap', async () => {
  const kills = pointsOf('kills writing');
  const file = join(temporaryDirectory('victor-kill-'), 'victor', 'victor.db');
  const counts = new Map<string, number>();
  const wrong: string[] = [];
  let acknowledged = 0;
  for (let round = 0; round < kills / lanes.length; round += 1) {
    const sessions = lanes.map((lane) => `round-${round}-lane-${lane}`);
    const children = sessions.map((session) => startChild('append.ts', [file, session, '100000']));
    await startTogether(children);
    // Two are killed at work; the third may still be opening the database.
    await Promise.all(children.map((child, lane) => killAtRandom(child, lane === 2 ? 0 : 1)));
    for (const [lane, child] of children.entries()) {
      const session = sessions[lane]!;
      const lines = await child.ended;
      wrong.push(...lines.filter((line) => !/^\d+$/.test(line)).map((line) => `${session}: ${line}`));
      const numbers = lines.map(Number).filter(Number.isInteger);
      acknowledged += numbers.length;
      try {
        const stored = storedNumbers(file, session);
        counts.set(session, stored.length);
        // The last message may be on disk although the kill came before its acknowledgement; nothing else may differ.
        const more = stored.length - numbers.length;
        if (more < 0 || more > 1)
          wrong.push(`${session}: ${numbers.length} acknowledged, ${stored.length} stored`);
        if (stored.some((number, place) => number !== place + 1)) wrong.push(`${session}: ${stored}`);
      } catch (error) {
        wrong.push(`${session}: ${error}`);
      }
    }
  }
  recordCount({ row: 'kills writing', tried: kills, found: wrong.length });
  console.log(`${kills} kills, ${acknowledged} messages acknowledged, ${wrong.length} wrong`);
  expect(wrong).toEqual([]);
  expect(acknowledged).toBeGreaterThanOrEqual((kills / lanes.length) * 2);

  const store = await openStore({ file });
  expect(store.notices).toEqual([]);
  for (const [session, count] of counts) expect(await store.sessions.readLog(session)).toHaveLength(count);
  await store.close();
}, 1_800_000);

async function killAtRandom(child: Child, afterLines: number): Promise<void> {
  while (child.lines.length < afterLines) await sleep(2);
  await sleep(Math.random() * 150);
  child.process.kill('SIGKILL');
  await child.ended;
}
