import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { AnalyticsEvent, AnalyticsExporter } from '../../src/core/extension.js';
import { restMs } from '../../src/delivery/backoff.js';
import { createOtlpExporter } from '../../src/exporters/otlp.js';
import { createWebhookExporter } from '../../src/exporters/webhook.js';
import { startCollector } from '../exporters/collector.js';
import { type SinkReply, startSink } from '../exporters/sink.js';
import { databaseFile, deadPort, dripServer, storedSession } from './stored.js';

/** A web service that answers as the test says, and the events of the requests it took. */
async function receiver(answer: (events: readonly AnalyticsEvent[], request: number) => SinkReply) {
  const batches: AnalyticsEvent[][] = [];
  const taken: string[] = [];
  const sink = await startSink(({ body }) => {
    const events = JSON.parse(body) as AnalyticsEvent[];
    batches.push(events);
    const reply = answer(events, batches.length);
    if ((reply.status ?? 200) < 300) taken.push(...events.map(({ id }) => id));
    return reply;
  });
  return { url: sink.url, batches, taken };
}

const idsOf = (events: readonly AnalyticsEvent[]) => events.map(({ id }) => id);

describe('X01: a receiver that cannot be reached', () => {
  it.each([
    ['is down', async () => `http://127.0.0.1:${deadPort}/`],
    ['has a name that nobody knows', async () => 'http://no-such-host.invalid/'],
    ['does not speak TLS', async () => (await startSink()).url.replace('http:', 'https:')],
  ])('and %s costs no event as long as there is room', async (_case, address) => {
    const exporter = createWebhookExporter({ url: await address() });
    const { turn, analytics, state, events } = await storedSession([exporter]);
    for (let count = 0; count < 3; count += 1) {
      await turn();
      expect(await analytics.exportAnalytics()).toMatchObject({ success: false, exportedCount: 0 });
    }
    const { length } = await events();
    expect(await state('webhook')).toMatchObject({ waiting: length, dropped: 0, sent: 0, failures: 3 });
  });

  it.each<[string, { maxWaitingEvents?: number; maxWaitingBytes?: number }, number | undefined]>([
    ['rows', { maxWaitingEvents: 7 }, 7],
    ['bytes', { maxWaitingBytes: 1_500 }, undefined],
  ])(
    'loses the oldest when more waits than %s allow: counted exactly, and told once',
    async (_case, bound, waiting) => {
      let up = false;
      const { url, taken } = await receiver(() => ({ status: up ? 200 : 503 }));
      const exporter = createWebhookExporter({ url });
      const { turn, analytics, state, events, failures } = await storedSession([exporter], bound);
      for (let count = 0; count < 6; count += 1) {
        await turn();
        await analytics.exportAnalytics();
      }
      const all = idsOf(await events());
      const down = await state('webhook');
      expect(down.waiting).toBe(waiting ?? down.waiting);
      expect(down.waiting).toBeGreaterThan(2);
      expect(down.waitingBytes).toBeLessThanOrEqual(bound.maxWaitingBytes ?? 10_000);
      expect(down.dropped).toBe(all.length - down.waiting);
      expect(failures.filter(({ message }) => message.includes('were dropped: more than'))).toHaveLength(1);
      up = true;
      await analytics.exportAnalytics();
      expect(taken).toEqual(all.slice(-down.waiting));
      expect(await state('webhook')).toMatchObject({ waiting: 0, sent: down.waiting, dropped: down.dropped });
    },
  );
});

describe('X02: a receiver that takes its time', () => {
  it.each([
    ['never answers', async () => (await startSink(() => ({ afterMs: Number.POSITIVE_INFINITY }))).url],
    ['answers a byte at a time', dripServer],
  ])('and %s fails by its own timeout', async (_case, address) => {
    const exporter = createWebhookExporter({ url: await address(), timeoutMs: 150 });
    const { turn, analytics, state } = await storedSession([exporter]);
    await turn();
    const { error } = await analytics.exportAnalytics();
    expect(error).toContain('no complete answer within 150 ms');
    expect((await state('webhook')).waiting).toBeGreaterThan(3);
  });

  it('does not hold up the end: what is left is kept, is no failure, and goes with the next process', async () => {
    const file = databaseFile();
    let answers = false;
    const { url, taken } = await receiver(() => ({ afterMs: answers ? 0 : Number.POSITIVE_INFINITY }));
    const first = await storedSession([createWebhookExporter({ url, timeoutMs: 60_000 })], { file });
    await first.turn();
    const all = idsOf(await first.events());
    const startedAt = performance.now();
    await first.close();
    // Far from the minute that the exporter would wait; the two seconds are measured by the bench.
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(first.failures).toEqual([]);
    taken.length = 0;
    answers = true;
    const second = await storedSession([createWebhookExporter({ url })], { file });
    expect(await second.state('webhook')).toMatchObject({ waiting: all.length, failures: 0, sent: 0 });
    await second.turn();
    await second.close();
    expect(taken.slice(0, all.length)).toEqual(all);
    expect(taken.length).toBeGreaterThan(all.length);
  });
});

describe('X03: a receiver that says no', () => {
  it('413: the batch comes again in smaller parts, and nothing is lost', async () => {
    const { url, batches, taken } = await receiver((events) => ({ status: events.length > 3 ? 413 : 200 }));
    const { turn, analytics, state, events } = await storedSession([createWebhookExporter({ url })]);
    await turn();
    await turn();
    await turn();
    expect(await analytics.exportAnalytics()).toMatchObject({ success: true });
    const all = idsOf(await events());
    expect(taken).toEqual(all);
    expect(await state('webhook')).toMatchObject({
      waiting: 0,
      sent: all.length,
      quarantined: 0,
      failures: 0,
    });
    // What was learnt holds for the next batch.
    const before = batches.length;
    await turn();
    await analytics.exportAnalytics();
    expect(batches.slice(before).every(({ length }) => length <= 3)).toBe(true);
  });

  it('413 for an event alone: that one is put aside with the reason, the others arrive', async () => {
    const { url, taken } = await receiver((events) => ({
      status: events.some(({ type }) => type === 'turn_end') ? 413 : 200,
    }));
    const { turn, analytics, state, events } = await storedSession([createWebhookExporter({ url })]);
    await turn();
    await analytics.exportAnalytics();
    const others = (await events()).filter(({ type }) => type !== 'turn_end');
    expect(taken).toEqual(idsOf(others));
    expect(await state('webhook')).toMatchObject({
      ...{ waiting: 0, sent: others.length, quarantined: 1 },
      quarantineReason: expect.stringContaining('answered 413'),
    });
  });

  it.each([400, 422])(
    '%i: the batch is put aside once, with its reason, told, and never sent again',
    async (status) => {
      const { url, batches, taken } = await receiver((_, request) => ({
        status: request === 1 ? status : 200,
      }));
      const { turn, analytics, state, events, failures } = await storedSession([
        createWebhookExporter({ url }),
      ]);
      await turn();
      const poison = idsOf(await events());
      expect(await analytics.exportAnalytics()).toMatchObject({
        success: true,
        exporters: [{ exportedCount: 0, quarantinedCount: poison.length }],
      });
      await turn();
      await analytics.exportAnalytics();
      await analytics.exportAnalytics();
      expect(batches.map(idsOf).slice(1).flat()).not.toEqual(expect.arrayContaining(poison));
      expect(taken).toEqual(idsOf(await events()).slice(poison.length));
      expect(await state('webhook')).toMatchObject({
        ...{ waiting: 0, sent: taken.length, quarantined: poison.length, failures: 0 },
        quarantineReason: expect.stringContaining(`answered ${status}`),
      });
      expect(failures.map(({ message }) => message)).toEqual([
        expect.stringContaining(`${poison.length} events will never be taken`),
      ]);
    },
  );

  it('500: it is left alone for a while, longer each time, and turns do not ask it meanwhile', async () => {
    const askedAt: number[] = [];
    const { url } = await receiver(() => {
      askedAt.push(Date.now());
      return { status: 500 };
    });
    const { turn, state } = await storedSession([createWebhookExporter({ url })], { exportDelayMs: 0 });
    await turn();
    await expect.poll(async () => (await state('webhook')).failures).toBeGreaterThan(0);
    const before = await state('webhook');
    for (let count = 0; count < 5; count += 1) await turn();
    // It is tried again by itself, and whenever that is: not before its time.
    await expect.poll(async () => (await state('webhook')).failures).toBeGreaterThan(before.failures);
    expect(before.retryAt! - askedAt[before.failures - 1]!).toBeGreaterThanOrEqual(800);
    expect(askedAt[before.failures]).toBeGreaterThanOrEqual(before.retryAt!);
    const after = await state('webhook');
    expect(after.retryAt! - askedAt[after.failures - 1]!).toBeGreaterThanOrEqual(1_600);
  });

  it.each([
    ['seconds', () => '120'],
    ['a date', () => new Date(Date.now() + 120_000).toUTCString()],
  ])('429: as long as it asks for, in %s', async (_case, value) => {
    const { url } = await receiver(() => ({ status: 429, headers: { 'retry-after': value() } }));
    const { turn, analytics, state } = await storedSession([createWebhookExporter({ url })]);
    await turn();
    await analytics.exportAnalytics();
    const waitMs = (await state('webhook')).retryAt! - Date.now();
    expect(waitMs).toBeGreaterThan(110_000);
    expect(waitMs).toBeLessThan(125_000);
  });

  it('the time doubles from a second to five minutes, and no receiver asks for more than an hour', () => {
    for (let failures = 1; failures <= 2_000; failures += 1) {
      const expected = Math.min(300_000, 1_000 * 2 ** (failures - 1));
      const ms = restMs(failures);
      expect(ms).toBeGreaterThanOrEqual(expected * 0.8);
      expect(ms).toBeLessThanOrEqual(expected * 1.2);
    }
    expect(restMs(1, 9e12)).toBe(3_600_000);
  });
});

describe('X04: some take it and some do not', () => {
  it('each exporter goes on from where it is, every event reaches every one, and the counts are exact', async () => {
    const healthy = await receiver(() => ({}));
    const flaky = await receiver((_, request) => ({ status: request % 2 === 1 ? 503 : 200 }));
    const named = (name: string, url: string): AnalyticsExporter => ({
      ...createWebhookExporter({ url }),
      name,
    });
    const { turn, analytics, state, events } = await storedSession([
      named('healthy', healthy.url),
      named('flaky', flaky.url),
    ]);
    for (let count = 0; count < 4; count += 1) {
      await turn();
      const all = idsOf(await events());
      const result = await analytics.exportAnalytics();
      const flakySent = (await state('flaky')).sent;
      expect(result.success).toBe(count % 2 === 1);
      expect(await state('healthy')).toMatchObject({ waiting: 0, sent: all.length });
      expect((await state('flaky')).waiting).toBe(all.length - flakySent);
    }
    expect(flaky.taken).toEqual(healthy.taken);
    expect(new Set(flaky.taken).size).toBe(flaky.taken.length);
  });

  it('what a collector takes and throws away is dropped with its reason, and does not come again', async () => {
    const body = JSON.stringify({ partialSuccess: { rejectedSpans: 1, errorMessage: 'too old' } });
    const collector = await startCollector(({ path }) => (path === '/v1/traces' ? { body } : { body: '{}' }));
    const { turn, analytics, state, events } = await storedSession([
      createOtlpExporter({ endpoint: collector.url }),
    ]);
    await turn();
    expect(await analytics.exportAnalytics()).toMatchObject({
      success: true,
      exporters: [{ rejectedCount: 1 }],
    });
    const { length } = await events();
    expect(await state('otlp')).toMatchObject({ waiting: 0, sent: length - 1, dropped: 1 });
    const before = collector.requests.length;
    await analytics.exportAnalytics();
    expect(collector.requests).toHaveLength(before);
  });

  it('every event carries its id to every sink that can hold one, also when it comes again', async () => {
    const seen: string[][] = [];
    const twice = await receiver((events, request) => {
      seen.push(idsOf(events));
      return { status: request === 1 ? 500 : 200 };
    });
    const { turn, analytics } = await storedSession([createWebhookExporter({ url: twice.url })]);
    await turn();
    await analytics.exportAnalytics();
    await analytics.exportAnalytics();
    expect(seen[1]).toEqual(seen[0]);
  });
});

describe('X10: an exporter of the user that misbehaves', () => {
  it('is isolated, left alone for a while, and never asked while it has not answered', async () => {
    const calls = { throws: 0, rejects: 0, hangs: 0, lies: 0 };
    const exporters: AnalyticsExporter[] = [
      {
        name: 'throws',
        export() {
          calls.throws += 1;
          throw new Error('sync');
        },
      },
      {
        name: 'rejects',
        async export() {
          calls.rejects += 1;
          throw new Error('async');
        },
      },
      {
        name: 'hangs',
        export() {
          calls.hangs += 1;
          return new Promise(() => {});
        },
      },
      {
        name: 'lies',
        export() {
          calls.lies += 1;
          return undefined as never;
        },
      },
    ];
    const healthy = await receiver(() => ({}));
    const { turn, analytics, state, events, failures } = await storedSession(
      [...exporters, createWebhookExporter({ url: healthy.url })],
      { timeoutMs: 1_000, exportDelayMs: 0 },
    );
    for (let count = 0; count < 25; count += 1) {
      await turn();
      await sleep(2);
    }
    await expect.poll(async () => (await state('hangs')).failures).toBeGreaterThan(0);
    await expect.poll(() => new Set(healthy.taken).size).toBe((await events()).length);
    expect([...new Set(healthy.taken)]).toEqual(idsOf(await events()));
    // Whoever asks for it tries at once, however long the rest would be, so that the next rest begins just now.
    await analytics.exportAnalytics();
    for (const name of ['throws', 'rejects', 'lies'] as const) {
      const { failures: count, waiting, lastError, retryAt } = await state(name);
      // As often as it was let, which is far less than once a turn.
      expect(count).toBe(calls[name]);
      expect(count).toBeLessThan(8);
      expect([waiting, retryAt! > Date.now()]).toEqual([(await events()).length, true]);
      expect(lastError).toMatch({ throws: /sync/, rejects: /async/, lies: /no \{ success/ }[name]);
    }
    expect(new Set(failures.map(({ name }) => name))).toEqual(new Set(Object.keys(calls)));
    for (let count = 0; count < 3; count += 1) await analytics.exportAnalytics();
    expect(calls.hangs).toBe(1);
    expect((await state('hangs')).lastError).toContain('has not answered the last export');
  });
});
