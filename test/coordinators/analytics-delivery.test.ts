import { describe, expect, it } from 'vitest';
import { AnalyticsCoordinator } from '../../src/coordinators/analytics.js';
import type { AnalyticsEvent, AnalyticsExporter } from '../../src/core/extension.js';
import { createWebhookExporter } from '../../src/exporters/webhook.js';
import { type SinkReply, startSink } from '../exporters/sink.js';
import { collect, ofType, scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

interface Receiver {
  readonly url: string;
  /** How many requests came. */
  count(): number;
  /** Events of all requests that were answered with 200, in order. */
  received(): AnalyticsEvent[];
}

/** A real web service on loopback that takes events; `answer` says how, given the number of the request. */
async function startReceiver(
  answer: (request: number) => SinkReply | Promise<SinkReply> = () => ({}),
): Promise<Receiver> {
  const taken: string[] = [];
  let count = 0;
  const { url } = await startSink(async ({ body }) => {
    const reply = await answer(++count);
    if ((reply.status ?? 200) === 200) taken.push(body);
    return reply;
  });
  return {
    url,
    count: () => count,
    received: () => taken.flatMap((body) => JSON.parse(body) as AnalyticsEvent[]),
  };
}

/** Nobody runs the service that this port belongs to. One that was free a moment ago may be a server of another test. */
const deadAddress = 'http://127.0.0.1:1/';

/** A webhook under a name of its own. */
function webhook(name: string, url: string): AnalyticsExporter {
  return Object.assign(createWebhookExporter({ url }), { name });
}

function orchestratorWith(exporters: readonly AnalyticsExporter[], timeoutMs = 30_000) {
  const analytics = new AnalyticsCoordinator({ exporters, timeoutMs });
  return scriptedOrchestrator(() => ({ text: 'ok' }), { coordinators: { analytics } });
}

const ids = (events: readonly AnalyticsEvent[]) => events.map(({ id }) => id);

describe('exporters run in parallel', () => {
  it('three, of which none answers before all have been asked, are done', async () => {
    let asked = 0;
    let allAsked = () => {};
    const all = new Promise<void>((resolve) => {
      allAsked = resolve;
    });
    const answer = async () => {
      asked += 1;
      if (asked === 3) allAsked();
      await all;
      return {};
    };
    const receivers = await Promise.all([1, 2, 3].map(() => startReceiver(answer)));
    const { orchestrator } = await orchestratorWith(
      receivers.map(({ url }, at) => webhook(`slow-${at}`, url)),
    );
    await orchestrator.chat('hello');
    const result = await orchestrator.coordinators.analytics.exportAnalytics();
    expect(result).toMatchObject({ success: true, exporters: [{}, {}, {}] });
    expect(result.exportedCount).toBeGreaterThan(3);
  });
});

describe('an exporter that is down', () => {
  it('keeps no turn waiting, though an export of its events never ends', async () => {
    let asked = 0;
    const hanging: AnalyticsExporter = {
      name: 'hanging',
      export: () => {
        asked += 1;
        return new Promise(() => {});
      },
    };
    // It is given up long after this test.
    const { orchestrator } = await orchestratorWith([webhook('dead', deadAddress), hanging], 600_000);
    await orchestrator.chat('hello');
    void orchestrator.coordinators.analytics.exportAnalytics();
    await expect.poll(() => asked).toBe(1);
    for (let turn = 0; turn < 40; turn += 1) expect((await orchestrator.chat('hello')).content).toBe('ok');
  });

  it('is given up in its time, and named with the others that failed', async () => {
    const hanging: AnalyticsExporter = { name: 'hanging', export: () => new Promise(() => {}) };
    const { orchestrator } = await orchestratorWith([webhook('dead', deadAddress), hanging], 20);
    await orchestrator.chat('hello');
    const { error, exporters } = await orchestrator.coordinators.analytics.exportAnalytics();
    expect(exporters.map(({ success }) => success)).toEqual([false, false]);
    expect(error).toMatch(/^dead: .*; hanging: /);
  });

  it('keeps no event from the others, and gets all of them once it is up again', async () => {
    let up = false;
    const healthy = await startReceiver();
    const flaky = await startReceiver(() => ({ status: up ? 200 : 503 }));
    const { orchestrator } = await orchestratorWith([
      webhook('flaky', flaky.url),
      webhook('healthy', healthy.url),
      webhook('dead', deadAddress),
    ]);
    const { analytics } = orchestrator.coordinators;
    const failures = new Set<string>();
    orchestrator.subscribe((event) => {
      if (event.type === 'extension-failure') failures.add(event.failure.name);
    });
    for (const text of ['one', 'two', 'three']) {
      await orchestrator.chat(text);
      expect(await analytics.exportAnalytics()).toMatchObject({ success: false, exportedCount: 0 });
    }
    expect([...failures].sort()).toEqual(['dead', 'flaky']);
    up = true;
    await analytics.exportAnalytics();
    const { events } = await analytics.getSessionAnalytics(orchestrator.sessionId);
    const turns = (list: readonly AnalyticsEvent[]) => list.filter(({ type }) => type === 'turn_end').length;
    expect(turns(healthy.received())).toBe(3);
    expect(ids(flaky.received())).toEqual(ids(healthy.received()));
    expect(ids(events)).toEqual(expect.arrayContaining(ids(healthy.received())));
  });
});

describe('every event reaches every healthy exporter once, with a stable id', () => {
  it('over turns with tools, in several sessions at once, exported on demand and by itself', async () => {
    const receivers = await Promise.all([
      startReceiver(() => ({ afterMs: 20 })),
      startReceiver(),
      // Refuses every second request.
      startReceiver((request) => ({ status: request % 2 === 0 ? 503 : 200 })),
    ]);
    const analytics = new AnalyticsCoordinator({
      exporters: receivers.map(({ url }, at) => webhook(`receiver-${at}`, url)),
    });
    const { orchestrator } = await scriptedOrchestrator(
      ({ messages }) =>
        messages.at(-1)?.role === 'tool' ? { text: 'ok' } : toolCall('Glob', { pattern: '*' }),
      { coordinators: { analytics } },
    );
    const sessions = ['a', 'b', 'c', 'd'];
    await Promise.all(
      sessions.map(async (sessionId) => {
        for (let turn = 0; turn < 5; turn++) {
          const events = await collect(orchestrator.stream(`turn ${turn}`, { sessionId }));
          expect(ofType(events, 'tool-result')).toHaveLength(1);
          void analytics.exportAnalytics({ sessionId });
          void analytics.exportAnalytics();
        }
      }),
    );
    while (!(await analytics.exportAnalytics()).success);
    const lists = await Promise.all(
      sessions.map(async (id) => (await analytics.getSessionAnalytics(id)).events),
    );
    const stored = ids(lists.flat());
    expect(new Set(stored).size).toBe(stored.length);
    expect(lists.every((list) => list.filter(({ type }) => type === 'turn_end').length === 5)).toBe(true);
    for (const { received } of receivers) {
      const about = received().filter(({ sessionId }) => sessions.includes(sessionId));
      expect(ids(about).sort()).toEqual(stored.toSorted());
      expect(about.find(({ id }) => id === stored[0])).toEqual(lists[0]![0]);
    }
    expect(receivers[2]!.count()).toBeGreaterThan(2);
  });

  it('an event that was refused comes again with the same id', async () => {
    const seen: AnalyticsEvent[][] = [];
    const refusing: AnalyticsExporter = {
      name: 'refusing',
      export: (events) => {
        seen.push([...events]);
        return { success: seen.length > 1, exportedCount: 0, error: 'not yet' };
      },
    };
    const { orchestrator } = await orchestratorWith([refusing]);
    await orchestrator.chat('hello');
    const { analytics } = orchestrator.coordinators;
    expect(await analytics.exportAnalytics()).toMatchObject({ success: false });
    expect(await analytics.exportAnalytics()).toMatchObject({ success: true });
    expect(seen[1]!.slice(0, seen[0]!.length)).toEqual(seen[0]);
    await analytics.exportAnalytics();
    expect(ids(seen.slice(2).flat()).filter((id) => ids(seen[1]!).includes(id))).toEqual([]);
  });
});
