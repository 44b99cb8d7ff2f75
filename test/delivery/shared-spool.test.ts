import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/extension.js';
import { createWebhookExporter } from '../../src/exporters/webhook.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { pointsOf } from '../durability/must-hold.js';
import { startSink } from '../exporters/sink.js';
import { recordCount } from '../helpers/record-count.js';
import { cleanEnvironment, launcher, runVictor, temporaryDirectory } from '../helpers/run-victor.js';

const count = pointsOf('events shared');

/** A home whose user has a webhook, with `count` events that wait for it, and what comes there. */
async function waitingUser(onRequest: (request: number) => void = () => {}) {
  const home = temporaryDirectory('victor-shared-');
  const received: string[] = [];
  let requests = 0;
  let running = 0;
  const most = { atOnce: 0 };
  const sink = await startSink(({ body }) => {
    received.push(...(JSON.parse(body) as AnalyticsEvent[]).map(({ id }) => id));
    running += 1;
    most.atOnce = Math.max(most.atOnce, running);
    setTimeout(() => {
      running -= 1;
    }, 10);
    onRequest(++requests);
    return { afterMs: 10 };
  });
  await writeFile(join(home, '.victorrc'), JSON.stringify({ exporters: [['webhook', { url: sink.url }]] }));
  const ids = Array.from({ length: count }, (_, index) => `event-${index}`);
  const store = await openSqliteStore({ file: join(home, 'victor.db') });
  const { id = '', name = '' } = createWebhookExporter({ url: sink.url });
  await store.analytics.appendEvents(
    ids.map((one) => ({ id: one, sessionId: 's', type: 'turn_end', data: { durationMs: 5 }, timestamp: 1 })),
    { exporters: [{ id, name }], maxEvents: 100_000, maxBytes: 32_000_000 },
  );
  await store.close();
  return { home, received, ids, most, env: { VICTOR_HOME: home } };
}

interface Row {
  readonly sent: number;
  readonly waiting: number;
  readonly sent_ever: number;
}

describe('X08: several processes share what waits', () => {
  it('four send at once, and no event is claimed twice', async () => {
    const { received, ids, most, env } = await waitingUser();
    const results = await Promise.all(
      [1, 2, 3, 4].map(() => runVictor(['export', '--json'], { env, timeoutMs: 60_000 })),
    );
    const rows = results.map(({ stdout }) => (JSON.parse(stdout) as Row[])[0]!);
    const sent = rows.map((row) => row.sent);
    const twice = received.length - new Set(received).size;
    console.log(`X08: ${count} events, 4 processes, sent ${sent.join(' + ')}, ${twice} claimed twice`);
    recordCount({ row: 'events shared', tried: count, found: twice });
    expect(results.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(received).toEqual(ids);
    expect(sent.reduce((sum, one) => sum + one, 0)).toBe(count);
    expect(rows.map(({ waiting }) => waiting)).toEqual([0, 0, 0, 0]);
    expect(most.atOnce).toBe(1);
  });

  it('one is killed while it sends: who waits for it goes on at once, and only what was on its way comes twice', async () => {
    let victim: ChildProcess | undefined;
    const { received, ids, env } = await waitingUser((request) => {
      if (request === 2) victim?.kill('SIGKILL');
    });
    victim = spawn(process.execPath, [launcher, 'export'], { env: cleanEnvironment(env), stdio: 'ignore' });
    const gone = once(victim, 'exit');
    // The lease of the dead one lasts 35 seconds; whoever comes next does not wait for its end.
    const others = [1, 2].map(() => runVictor(['export', '--json'], { env, timeoutMs: 60_000 }));
    await gone;
    const results = await Promise.all(others);
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect([...new Set(received)]).toEqual(ids);
    expect(received.length - ids.length).toBeLessThanOrEqual(500);
    const [{ waiting, sent_ever }] = JSON.parse(results[0]!.stdout) as [Row];
    expect([waiting, sent_ever]).toEqual([0, count]);
  });
});
