import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { userMessage } from '../../src/core/message.js';
import { openStore } from '../../src/storage/open-store.js';
import { canMount } from '../helpers/can-mount.js';
import { startModelServer } from '../helpers/model-server.js';
import { startPty } from '../helpers/pty.js';
import { recordCount } from '../helpers/record-count.js';
import { cleanEnvironment, launcher, runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { smallDisk } from '../helpers/small-disk.js';
import { withDatabase } from '../storage/database.js';
import { pointsOf } from './must-hold.js';

const megabyte = 1024 * 1024;
const banner = /^Sessions are kept in memory only and end with this process\. /;

/** Takes all but so many bytes of the disk that the folder is on. */
function fillUp(folder: string, left: number): string {
  const { bavail, bsize } = statfsSync(folder);
  const file = join(folder, '..', 'filler');
  try {
    writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - left)));
  } catch (error) {
    // Somebody who writes at the same time has filled it up.
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
  return file;
}

describe.skipIf(!canMount)('D04: a disk that is full', () => {
  it('D04: at any point: nothing acknowledged is lost, it is said once, and what waited is written when there is room', async () => {
    const points = pointsOf('full disk');
    const disk = smallDisk(6 * megabyte);
    const wrong: string[] = [];
    let stores = 0;
    for (let point = 0; point < points; point += 1) {
      const folder = join(disk, String(point));
      mkdirSync(folder, { mode: 0o700 });
      const file = join(folder, 'victor.db');
      // Spread evenly, from before the database is made to a few hundred messages later.
      const filler = fillUp(disk, Math.floor((point * 3 * megabyte) / points));
      const store = await openStore({ file });
      const told = [...store.notices];
      store.onNotice?.((text) => told.push(text));
      const texts: string[] = [];
      await store.sessions.openSession('one', '/work');
      for (let number = 1; texts.length < 400 && (told.length === 0 || number % 8 !== 0); number += 1) {
        const text = `${number} ${'x'.repeat((number * 7_919 + point * 31) % 30_000)}`;
        await store.sessions.appendLog('one', { type: 'message', message: userMessage(text) });
        texts.push(text);
      }
      const read = async (from: typeof store) =>
        (await from.sessions.readLog('one')).map(({ entry }) =>
          entry.type === 'message' ? entry.message.content : entry.type,
        );
      if (!banner.test(told[0] ?? '') || told.length !== 1) wrong.push(`point ${point}: told ${told}`);
      if ((await read(store)).join() !== texts.join())
        wrong.push(`point ${point}: reads other than was said`);
      const fromTheStart = store.notices.length > 0;
      rmSync(filler);
      await store.close();
      const next = await openStore({ file });
      const stored = await read(next);
      if (next.notices.length > 0) wrong.push(`point ${point}: afterwards ${next.notices}`);
      if (stored.join() !== (fromTheStart ? [] : texts).join())
        wrong.push(`point ${point}: ${stored.length} of ${texts.length} messages afterwards`);
      await next.close();
      const integrity = withDatabase(file, (database) =>
        database.pragma('integrity_check', { simple: true }),
      );
      if (integrity !== 'ok') wrong.push(`point ${point}: ${integrity}`);
      if (!fromTheStart) stores += 1;
      rmSync(folder, { recursive: true });
    }
    recordCount({ row: 'full disk', tried: points, found: wrong.length });
    console.log(`${points} points of a full disk, ${stores} in mid-session, ${wrong.length} wrong`);
    expect(wrong).toEqual([]);
    expect(stores).toBeGreaterThan(points / 2);
  }, 900_000);

  const settings = async (home: string) => {
    const server = await startModelServer(() => ({
      text: 'An answer.',
      usage: { inputTokens: 7, outputTokens: 5 },
    }));
    onTestFinished(() => server.close());
    return { ANTHROPIC_BASE_URL: server.url, ANTHROPIC_API_KEY: 'test-key', VICTOR_HOME: home };
  };

  it('D04: ask answers all the same, and says on stderr that the session is in memory', async () => {
    const home = smallDisk(3 * megabyte);
    const env = await settings(home);
    const cwd = temporaryDirectory();
    expect(await runVictor(['ask', 'one', '--session-id', 's'], { env, cwd })).toMatchObject({
      code: 0,
      stderr: '',
    });
    const filler = fillUp(home, 0);
    const full = await runVictor(['ask', 'two', '--session-id', 's'], { env, cwd });
    expect(full).toMatchObject({ code: 0, stdout: 'An answer.\n' });
    expect(
      full.stderr.match(/victor: Sessions are kept in memory only[^\n]*full[^\n]*VICTOR_HOME[^\n]*\n/g),
    ).toHaveLength(1);
    const json = await runVictor(['sessions', 'list', '--json'], { env, cwd });
    expect(JSON.parse(json.stdout)).toMatchObject([{ id: 's', messages: 2 }]);
    rmSync(filler);
    expect(await runVictor(['ask', 'three', '--session-id', 's'], { env, cwd })).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it('D04: a chat shows the banner when it begins in mid-session, goes on, and saves all of it once there is room', async () => {
    const home = smallDisk(3 * megabyte);
    const env = await settings(home);
    const args = [launcher, 'chat', '--session-id', 'chat'];
    const cwd = temporaryDirectory();
    const pty = startPty({
      command: process.execPath,
      args,
      cwd,
      columns: 120,
      rows: 30,
      env: cleanEnvironment(env),
    });
    onTestFinished(async () => {
      pty.kill();
      await pty.exit;
    });
    await pty.waitFor('❯');
    pty.write('first\r');
    await pty.waitFor(/An answer\.[\s\S]*❯ *\n/);
    const filler = fillUp(home, 0);
    pty.write(`${'second '.repeat(60)}\r`);
    await pty.waitFor('Sessions are kept in memory only');
    await pty.waitFor(/in memory only[\s\S]*An answer\.[\s\S]*❯ *\n/);
    rmSync(filler);
    // The next write that is due tries the disk again.
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    pty.write('third\r');
    await pty.waitFor('can be written again');
    pty.write('\u0004');
    await pty.exit;
    const list = await runVictor(['sessions', 'list', '--json'], { env, cwd });
    expect(JSON.parse(list.stdout)).toMatchObject([{ id: 'chat', messages: 6 }]);
  });
});
