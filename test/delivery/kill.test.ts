import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/extension.js';
import { pointsOf } from '../durability/must-hold.js';
import { startSink } from '../exporters/sink.js';
import { startModelServer } from '../helpers/model-server.js';
import { recordCount } from '../helpers/record-count.js';
import { cleanEnvironment, launcher, runVictor, temporaryDirectory } from '../helpers/run-victor.js';

/** Kills after the receiver had the events and before the sender wrote that down. */
const wanted = pointsOf('kills delivering');

it('X05: kill -9 between sending events and writing that down loses none, and what comes twice has the same id', async () => {
  const home = temporaryDirectory('victor-delivery-');
  const cwd = temporaryDirectory();
  const model = await startModelServer(() => ({ text: 'Fine.' }));
  const env = { VICTOR_HOME: home, ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: 'test-key' };
  let child: ChildProcess | undefined;
  let requests = 0;
  const received: AnalyticsEvent[] = [];
  const sink = await startSink(({ body }) => {
    received.push(...(JSON.parse(body) as AnalyticsEvent[]));
    requests += 1;
    const victim = child;
    if (!victim) return {};
    // Two of three die before the answer, the third with it under way, whatever it has made of it by then.
    if (requests % 3 !== 0) victim.kill('SIGKILL');
    else setTimeout(() => victim.kill('SIGKILL'), (requests * 7) % 5);
    return {};
  });
  await writeFile(join(home, '.victorrc'), JSON.stringify({ exporters: [['webhook', { url: sink.url }]] }));

  let kills = 0;
  let between = 0;
  for (let round = 0; between < wanted; round += 1) {
    expect(round).toBeLessThan(wanted * 3);
    const sentBefore = received.length;
    // Events come from turns; every fourth process only sends what others left.
    const argv = round % 4 === 3 ? ['export'] : ['ask', 'hello', '-q', '--session-id', `s${round % 5}`];
    child = spawn(process.execPath, [launcher, ...argv], {
      cwd,
      env: cleanEnvironment(env),
      stdio: 'ignore',
    });
    const [, signal] = await once(child, 'exit');
    child = undefined;
    if (signal !== 'SIGKILL') continue;
    kills += 1;
    const sent = received.slice(sentBefore).map(({ id }) => id);
    if (sent.length > 0 && waitingOf(home, sent) > 0) between += 1;
  }
  const last = await runVictor(['export', '--json'], { cwd, env });
  await model.close();

  expect(last.code).toBe(0);
  const stored = storedIds(home);
  const byId = new Map<string, string>();
  let different = 0;
  for (const event of received) {
    const text = JSON.stringify(event);
    if ((byId.get(event.id) ?? text) !== text) different += 1;
    byId.set(event.id, text);
  }
  const lost = stored.filter((id) => !byId.has(id));
  const duplicates = received.length - byId.size;
  console.log(
    `X05: ${kills} kills, ${between} between sending and writing it down; ${stored.length} events stored, ${lost.length} lost, ${duplicates} sent again with the same id, ${different} with other content`,
  );
  recordCount({ row: 'kills delivering', tried: between, found: lost.length + different });
  expect(between).toBeGreaterThanOrEqual(wanted);
  expect(stored.length).toBeGreaterThan(wanted);
  expect(lost).toEqual([]);
  expect(different).toBe(0);
  expect(duplicates).toBeGreaterThan(0);
  expect([...byId.keys()].sort()).toEqual(stored.toSorted());
  // The counts are those of events, however often each was sent.
  const [row] = JSON.parse(last.stdout) as Record<string, unknown>[];
  expect(row).toMatchObject({ waiting: 0, dropped: 0, quarantined: 0, sent_ever: stored.length });
}, 600_000);

function storedIds(home: string): string[] {
  const database = new Sqlite(join(home, 'victor.db'), { readonly: true });
  const ids = database.prepare('SELECT id FROM analytics_events').pluck().all() as string[];
  database.close();
  return ids;
}

/** How many of these events wait for the exporter, as far as the database knows. */
function waitingOf(home: string, ids: readonly string[]): number {
  const database = new Sqlite(join(home, 'victor.db'), { readonly: true });
  const count = database
    .prepare(
      `SELECT count(*) FROM waiting_events JOIN analytics_events USING (position)
       WHERE id IN (SELECT value FROM json_each(?))`,
    )
    .pluck()
    .get(JSON.stringify(ids));
  database.close();
  return Number(count);
}
