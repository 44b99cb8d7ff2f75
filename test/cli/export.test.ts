import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { AnalyticsEvent } from '../../src/core/extension.js';
import { type SinkReply, startSink } from '../exporters/sink.js';
import { scriptedModel } from '../helpers/ask-model.js';
import { runVictor, temporaryDirectory } from '../helpers/run-victor.js';
import { it } from '../helpers/sampled.js';

/** A user whose settings name these exporters, and a model that answers `Fine.` */
async function user(exporters: readonly unknown[], more: object = {}) {
  const home = temporaryDirectory();
  const cwd = temporaryDirectory();
  await configure(home, exporters, more);
  const model = await scriptedModel({ text: 'Fine.' });
  const env = { ...model.env, VICTOR_HOME: home };
  const run = (...args: string[]) => runVictor(args, { cwd, env });
  return {
    home,
    cwd,
    run,
    configure: (now: readonly unknown[], others: object = {}) => configure(home, now, others),
    ask: (...args: string[]) => run('ask', 'hello', '-q', ...args),
    rows: async (...args: string[]) => JSON.parse((await run('export', '--json', ...args)).stdout) as Row[],
  };
}

const configure = (home: string, exporters: readonly unknown[], more: object) =>
  writeFile(join(home, '.victorrc'), JSON.stringify({ exporters, ...more }));

interface Row {
  readonly exporter: string;
  readonly id: string;
  readonly sent: number;
  readonly waiting: number;
  readonly dropped: number;
  readonly quarantined: number;
}

/** A receiver that is down until it is told otherwise. */
async function receiver() {
  const got: AnalyticsEvent[] = [];
  const now: { reply: SinkReply } = { reply: { status: 503 } };
  const sink = await startSink(({ body }) => {
    if ((now.reply.status ?? 200) === 200) got.push(...(JSON.parse(body) as AnalyticsEvent[]));
    return now.reply;
  });
  return { url: sink.url, got, now, requests: sink.requests };
}

describe('victor export', () => {
  it('sends what waits, and shows exporter, sent, waiting, dropped and quarantined', async () => {
    const { url, got, now } = await receiver();
    const { ask, run } = await user([
      ['webhook', { url }],
      ['file', { path: 'events.jsonl' }],
    ]);
    const answer = await ask();
    expect(answer).toMatchObject({ code: 0, stdout: 'Fine.\n' });
    const down = await run('export');
    expect(down.code).toBe(1);
    expect(down.stdout).toMatch(
      /^exporter +sent +waiting +dropped +quarantined\nwebhook +0 +[5-9] +0 +0\nfile +0 +0 +0 +0\n$/,
    );
    expect(down.stderr).toMatch(/^victor: webhook failed: .* answered 503\. What waits is sent again\.\n$/);
    now.reply = {};
    const up = await run('export');
    expect(up).toMatchObject({ code: 0, stderr: '' });
    expect(up.stdout).toMatch(new RegExp(`\\nwebhook +${got.length} +0 +0 +0\\n`));
    expect(got.length).toBeGreaterThan(4);
    expect((await run('export')).stdout).toMatch(/\nwebhook +0 +0 +0 +0\n/);
  });

  it('with --exporter sends to that one only, by its name, and refuses one that is not set up', async () => {
    const [one, two] = [await receiver(), await receiver()];
    const exporters = [
      ['webhook', { url: one.url }],
      ['otlp', { endpoint: two.url, signals: ['logs'] }],
    ];
    const { ask, rows, run } = await user(exporters);
    await ask();
    const before = [one.requests.length, two.requests.length];
    one.now.reply = {};
    expect(await rows('--exporter', 'webhook')).toMatchObject([{ exporter: 'webhook', waiting: 0 }]);
    expect([one.requests.length, two.requests.length]).toEqual([before[0]! + 1, before[1]]);
    const unknown = await run('export', '--exporter', 'webhok');
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain('no exporter named "webhok". Set up here: webhook, otlp.');
  });

  it('with --session sends all its events again with the same ids, those that were put aside too', async () => {
    const { url, got, now } = await receiver();
    const { ask, rows, run } = await user([['webhook', { url }]]);
    now.reply = { status: 400 };
    await ask('--session-id', 'first-one');
    now.reply = {};
    await ask('--session-id', 'other');
    const others = got.splice(0).map(({ sessionId }) => sessionId);
    expect(new Set(others)).toEqual(new Set(['other']));
    const [row] = await rows('--session', 'first');
    expect(row).toMatchObject({ sent: got.length, waiting: 0, dropped: 0, quarantined: got.length });
    const ids = got.splice(0).map(({ id, sessionId }) => `${sessionId} ${id}`);
    expect(ids.length).toBeGreaterThan(4);
    await run('export', '--session', 'first-one');
    expect(got.map(({ id, sessionId }) => `${sessionId} ${id}`)).toEqual(ids);
    const unknown = await run('export', '--session', 'nobody');
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain('no session has an id that starts with "nobody"');
  });

  it('finds what waits after a restart, when other settings of the exporter changed and when the order did', async () => {
    const { url, got, now } = await receiver();
    const file = ['file', { path: 'events.jsonl' }];
    const { ask, configure, rows } = await user([['webhook', { url, timeoutMs: 3_000 }], file]);
    await ask();
    await configure([file, ['webhook', { timeoutMs: 4_000, headers: { 'x-team': 'one' }, url }]]);
    now.reply = {};
    const found = await rows();
    expect(found.map(({ exporter }) => exporter)).toEqual(['file', 'webhook']);
    expect(found[1]).toMatchObject({ sent: got.length, waiting: 0 });
    expect(got.length).toBeGreaterThan(4);
  });

  it('an exporter that is set up for the first time starts with what happens from then on', async () => {
    const { url, got, now } = await receiver();
    now.reply = {};
    const { ask, configure, rows } = await user([]);
    await ask('--session-id', 'before');
    await configure([['webhook', { url }]]);
    expect(await rows()).toMatchObject([{ sent: 0, waiting: 0 }]);
    await ask('--session-id', 'after');
    expect(new Set(got.map(({ sessionId }) => sessionId))).toEqual(new Set(['after']));
  });

  it('says what waits for exporters of other settings, and that there is none here', async () => {
    const { url } = await receiver();
    const { ask, configure, run } = await user([['webhook', { url }]]);
    await ask();
    await configure([]);
    const result = await run('export');
    expect(result).toMatchObject({ code: 0, stdout: '' });
    expect(result.stderr).toMatch(/no exporter is set up here/);
    expect(result.stderr).toMatch(
      /events wait for exporters that are not set up here: webhook-[0-9a-f]{16} \(\d+\)/,
    );
  });

  it('analytics.maxWaitingEvents and maxWaitingMegabytes bound what waits, and say so once', async () => {
    const { url } = await receiver();
    for (const limits of [{ maxWaitingEvents: 3 }, { maxWaitingMegabytes: 0.000_9 }]) {
      const { ask, rows } = await user([['webhook', { url }]], { analytics: limits });
      const { stderr } = await ask();
      expect(stderr.match(/events were dropped: more than/g)).toHaveLength(1);
      const [row] = await rows();
      expect(row!.waiting).toBeLessThanOrEqual(3);
      expect(row!.dropped).toBeGreaterThan(0);
    }
  });

  it('a session that keeps nothing on disk exports all the same', async () => {
    const { url, got, now } = await receiver();
    now.reply = {};
    const { ask } = await user([['webhook', { url }]]);
    await ask('--no-session');
    expect(got.length).toBeGreaterThan(4);
    // And says what becomes of its events when it cannot.
    now.reply = { status: 503 };
    const { stderr } = await ask('--no-session');
    expect(stderr).toMatch(
      /exporter webhook failed: .* answered 503 \(instead: .* while this process lives\)/,
    );
  });
});

describe('where users look', () => {
  it('doctor shows how far each exporter is and why it fails; stats says so in a line', async () => {
    const { url, now, requests } = await receiver();
    const { ask, run } = await user([['webhook', { url }]]);
    await ask();
    const asked = requests.length;
    const doctor = await run('doctor');
    // Which only looks.
    expect(requests).toHaveLength(asked);
    expect(doctor.stdout).toMatch(
      /failed delivery webhook-\w+: 0 sent, \d+ waiting; failed \d+ times in a row: .* answered 503; victor export sends/,
    );
    const stats = await run('stats');
    expect(stats.code).toBe(0);
    expect(stats.stderr).toMatch(/^victor: exporter webhook-\w+: 0 sent, \d+ waiting; failed/);
    now.reply = {};
    await run('export');
    expect((await run('doctor')).stdout).toMatch(/ok +delivery webhook-\w+: \d+ sent, 0 waiting\n/);
    expect((await run('stats')).stderr).toBe('');
  });
});
