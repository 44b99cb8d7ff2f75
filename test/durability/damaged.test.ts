import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SessionCoordinator } from '../../src/coordinators/session.js';
import { assistantMessage, userMessage } from '../../src/core/message.js';
import type { Store } from '../../src/core/store.js';
import { openStore } from '../../src/storage/open-store.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { recordCount } from '../helpers/record-count.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { damages, numbers } from './damage.js';
import { pointsOf } from './must-hold.js';

const ids = ['a', 'b', 'c'];
const messages = 20;

/** Files as a process that was killed leaves them: a part of what was said is in the log alone, and its mark is there. */
async function killedDatabase(): Promise<string> {
  const folder = temporaryDirectory('victor-damaged-');
  const file = join(folder, 'live', 'victor.db');
  const store = await openSqliteStore({ file });
  for (const id of ids) await store.sessions.openSession(id, '/work');
  const say = async (from: number, to: number) => {
    for (let number = from; number <= to; number += 1) {
      const text = `message ${number} ${'é😀x'.repeat((number * 131) % 1_200)}`;
      const message = number % 2 === 1 ? userMessage(text) : assistantMessage(text);
      for (const id of ids) await store.sessions.appendLog(id, { type: 'message', message });
    }
  };
  await say(1, messages / 2);
  store.connection.pragma('wal_checkpoint(TRUNCATE)');
  await say(messages / 2 + 1, messages);
  const killed = join(folder, 'killed');
  mkdirSync(killed);
  for (const name of readdirSync(join(folder, 'live'))) {
    const mark = name.includes('-open-');
    // The process of the mark is one that no longer runs.
    copyFileSync(join(folder, 'live', name), join(killed, mark ? 'victor.db-open-2147483646-1' : name));
  }
  await store.close();
  return join(killed, 'victor.db');
}

/** Everything that must not be, of one state after it was opened. */
async function wrongIn(store: Store, told: readonly string[]): Promise<string[]> {
  const wrong: string[] = [];
  const listed = new Map((await store.sessions.listSessions()).map((session) => [session.id, session]));
  const coordinator = new SessionCoordinator({ store: store.sessions, cwd: '/work', resetContext: () => {} });
  let missing = 0;
  for (const id of new Set([...ids, ...listed.keys()])) {
    const known = listed.has(id);
    const log = await store.sessions.readLog(id);
    const found = log.filter(({ entry }) => entry.type === 'message').length;
    const lost = log.reduce((sum, { entry }) => sum + (entry.type === 'lost' ? entry.entries : 0), 0);
    if (known && found + lost === 0) wrong.push(`${id} is shown as empty`);
    const resumed = await coordinator.open(id);
    if (known && resumed.messages.length === 0) wrong.push(`${id} resumes as empty`);
    if (ids.includes(id)) missing += Math.max(0, messages - found - lost);
    const order = log.map(({ sequence }) => sequence);
    if (order.some((sequence, index) => index > 0 && sequence <= order[index - 1]!))
      wrong.push(`${id} is out of order`);
  }
  if (missing > 0 && told.length === 0) wrong.push(`${missing} messages are gone and nobody said so`);
  return wrong;
}

describe('damaged states', () => {
  it('D06, D16: no resume throws, no unreadable session is shown as empty, and what is lost is told', async () => {
    const points = pointsOf('damaged');
    const source = await killedDatabase();
    const folder = temporaryDirectory('victor-damaged-');
    const kinds = Object.entries(damages);
    const wrong: string[] = [];
    let salvaged = 0;
    for (let point = 0; point < points; point += 1) {
      const [what, damage] = kinds[point % kinds.length]!;
      const home = join(folder, String(point));
      mkdirSync(home, { mode: 0o700 });
      const file = join(home, 'victor.db');
      const marked = point % 3 !== 2;
      for (const name of readdirSync(join(source, '..'))) {
        // A third of them lost their mark too, as after a copy by hand.
        if (marked || !name.includes('-open-')) copyFileSync(join(source, '..', name), join(home, name));
      }
      damage(file, numbers(point + 1));
      const told: string[] = [];
      // Without its mark a log that is gone, with what went with it, is gone without a trace.
      const traceless = !marked && !existsSync(`${file}-wal`) && !existsSync(`${file}-shm`);
      try {
        const store = await openStore({ file, onNotice: (text) => told.push(text) });
        store.onNotice?.((text) => told.push(text));
        told.push(...store.notices);
        const found = await wrongIn(store, traceless ? ['nobody can know'] : told);
        wrong.push(...found.map((one) => `${point}, ${what}: ${one}`));
        await store.close();
      } catch (error) {
        wrong.push(`${point}, ${what}: ${error}`);
      }
      if (told.some((text) => text.includes('.corrupt-'))) salvaged += 1;
    }
    recordCount({ row: 'damaged', tried: points, found: wrong.length });
    console.log(`${points} damaged states, ${salvaged} moved aside and salvaged, ${wrong.length} wrong`);
    expect(wrong).toEqual([]);
    expect(salvaged).toBeGreaterThan(points / 10);
  }, 900_000);

  it('D06: victor itself shows, resumes and exports what is left, and says what it did', async () => {
    const source = await killedDatabase();
    for (const what of ['rows that are not there', 'rows that are written by half', 'pages of ones']) {
      const home = temporaryDirectory('victor-damaged-');
      for (const name of readdirSync(join(source, '..')))
        copyFileSync(join(source, '..', name), join(home, name));
      damages[what]!(join(home, 'victor.db'), numbers(3));
      const env = { VICTOR_HOME: home };
      const list = await runVictor(['sessions', 'list', '--json'], { env });
      expect({ what, code: list.code }).toEqual({ what, code: 0 });
      expect(
        JSON.parse(list.stdout)
          .map(({ id }: { id: string }) => id)
          .sort(),
      ).toEqual(ids);
      const shown = await runVictor(['sessions', 'show', 'a'], { env });
      expect(shown.code).toBe(0);
      expect(shown.stdout).toContain('message 1 ');
      writeFileSync(join(home, 'note.txt'), '');
      const resumed = await runVictor(['ask', 'go on', '--resume', 'a'], { env, cwd: home });
      expect(resumed.code).toBe(0);
      expect(resumed.stderr).toMatch(
        /victor: Entries of this session that cannot be read any more: \d+\. A line stands where/,
      );
    }
  });
});
