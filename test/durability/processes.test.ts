import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordCount } from '../helpers/record-count.js';
import { temporaryDirectory } from '../helpers/run-victor.js';
import { startChild, startTogether } from '../storage/child.js';
import { storedNumbers, withDatabase } from '../storage/database.js';
import { pointsOf } from './must-hold.js';

const writes = 40;

describe('many processes on one database', () => {
  it('D09: each appends 40 messages, half of them to one session, and none is lost, refused or counted wrong', async () => {
    const total = pointsOf('writes at once');
    const processes = total / writes;
    const file = join(temporaryDirectory('victor-processes-'), 'victor', 'victor.db');
    const sessions = Array.from({ length: processes }, (_, index) =>
      index < processes / 2 ? 'shared' : `own-${String(index).padStart(2, '0')}`,
    );
    const children = sessions.map((session) =>
      startChild('append.ts', [file, session, String(writes)], { preload: 'time-calls.mjs' }),
    );
    await startTogether(children);
    const expected = [...Array.from({ length: writes }, (_, index) => String(index + 1)), 'closed'];
    const wrong: string[] = [];
    const longest = { wallMs: 0, ownMs: 0, calls: 0, over: 0, openingMs: 0 };
    for (const child of children) {
      const lines = await child.ended;
      for (const line of lines.filter((one) => one.startsWith('longest '))) {
        const [, wall = 0, own = 0, calls = 0, over = 0, opening = 0] = line.split(' ').map(Number);
        longest.wallMs = Math.max(longest.wallMs, wall);
        longest.ownMs = Math.max(longest.ownMs, own);
        longest.calls += calls;
        longest.over += over;
        longest.openingMs = Math.max(longest.openingMs, opening);
      }
      // Who waits long for its turn is told so, and gets it.
      const others = lines.filter((line) => !/^(longest |made the schema|notice .* waits for it)/.test(line));
      wrong.push(...others.filter((line) => !expected.includes(line)));
      const { exitCode, signalCode } = child.process;
      if (others.join() !== expected.join())
        wrong.push(`${others.length} of ${expected.length} lines, ended with ${signalCode ?? exitCode}`);
    }
    const counts = withDatabase(file, (database) =>
      database.prepare('SELECT id, message_count FROM sessions ORDER BY id').raw().all(),
    );
    const shared = processes / 2;
    const own = sessions.slice(shared).map((session) => [session, writes]);
    if (JSON.stringify(counts) !== JSON.stringify([...own, ['shared', shared * writes]]))
      wrong.push(`${counts}`);
    const numbers = storedNumbers(file, 'shared');
    for (let number = 1; number <= writes; number += 1) {
      const times = numbers.filter((stored) => stored === number).length;
      if (times !== shared) wrong.push(`message ${number} is there ${times} times, not ${shared}`);
    }
    recordCount({ row: 'writes at once', tried: total, found: wrong.length });
    recordCount({ row: 'longest call', tried: longest.calls, found: longest.over });
    console.log(
      `${processes} processes, ${total} writes, ${wrong.length} wrong; the longest call on a main thread took ${longest.wallMs.toFixed(1)} ms, ${longest.ownMs.toFixed(1)} without waiting for a processor; ${longest.over} of ${longest.calls} over 50 ms; ${longest.openingMs.toFixed(1)} while it was opened`,
    );
    expect(wrong).toEqual([]);
    expect(longest.wallMs).toBeGreaterThan(0);
  }, 300_000);

  it('D10: 20 start on an absent database, and one of them makes it', async () => {
    const processes = pointsOf('starts at once');
    const file = join(temporaryDirectory('victor-processes-'), 'victor', 'victor.db');
    const children = Array.from({ length: processes }, (_, index) =>
      startChild('append.ts', [file, `s${index}`, '1'], { preload: 'time-calls.mjs' }),
    );
    await startTogether(children);
    const lines = (await Promise.all(children.map((child) => child.ended))).flat();
    const migrations = lines.filter((line) => line === 'made the schema').length;
    const refused = processes - lines.filter((line) => line === 'closed').length;
    recordCount({ row: 'starts at once', tried: processes, found: Math.abs(migrations - 1) + refused });
    console.log(`${processes} processes, ${migrations} migration, ${refused} refused`);
    // On a busy machine the others wait so long for the first that they say so.
    expect(lines.filter((line) => /^notice (?!.* waits for it)/.test(line))).toEqual([]);
    expect({ migrations, refused }).toEqual({ migrations: 1, refused: 0 });
  });
});
