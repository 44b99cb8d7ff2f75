import { describe, expect, it } from 'vitest';
import { AnalyticsCoordinator } from '../../src/coordinators/analytics.js';
import type { AnalyticsEvent, AnalyticsExporter } from '../../src/core/extension.js';
import type { Store } from '../../src/core/store.js';
import { openSqliteStore } from '../../src/storage/sqlite-store.js';
import { databaseFile } from '../delivery/stored.js';
import { scriptedOrchestrator } from '../helpers/scripted-orchestrator.js';

/** An orchestrator on a real database whose analytics cannot be written while `now.full`. */
async function onFullDisk() {
  const opened = await openSqliteStore({ file: databaseFile() });
  const now = { full: true };
  const store: Store = {
    ...opened,
    analytics: {
      ...opened.analytics,
      appendEvents: async (...given) => {
        if (now.full) throw new Error('the disk is full');
        return opened.analytics.appendEvents(...given);
      },
    },
  };
  const got: AnalyticsEvent[] = [];
  const exporter: AnalyticsExporter = {
    name: 'one',
    export: (events) => {
      got.push(...events);
      return { success: true, exportedCount: events.length };
    },
  };
  const analytics = new AnalyticsCoordinator({ exporters: [exporter] });
  const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'ok' }), {
    store,
    coordinators: { analytics },
  });
  return { opened, now, got, analytics, orchestrator };
}

describe('while the database cannot take what is counted', () => {
  it('exporters get it all the same, once, and it is stored when there is room again', async () => {
    const { opened, now, got, analytics, orchestrator } = await onFullDisk();
    await orchestrator.chat('one');
    await analytics.exportAnalytics();
    const first = got.map(({ id }) => id);
    expect(first.length).toBeGreaterThan(3);
    expect(await opened.analytics.readEvents(orchestrator.sessionId)).toEqual([]);
    now.full = false;
    await orchestrator.chat('two');
    await analytics.exportAnalytics();
    const stored = (await opened.analytics.readEvents(orchestrator.sessionId)).map(({ id }) => id);
    expect(stored.slice(0, first.length)).toEqual(first);
    expect(stored.length).toBeGreaterThan(first.length);
    expect(got.map(({ id }) => id)).toEqual(stored);
  });
});
