import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AnalyticsCoordinator } from '../../src/coordinators/analytics.js';
import type { AnalyticsEvent, AnalyticsExporter, ExportResult } from '../../src/core/extension.js';
import { scriptedOrchestrator, toolCall } from '../helpers/scripted-orchestrator.js';

interface Recording extends AnalyticsExporter {
  readonly seen: AnalyticsEvent[];
}

function recording(name: string, result: () => ExportResult | Promise<ExportResult> = ok): Recording {
  const seen: AnalyticsEvent[] = [];
  return {
    name,
    seen,
    export: async (events) => {
      const answer = await result();
      if (answer.success) seen.push(...events);
      return answer;
    },
  };
}
const ok = () => ({ success: true, exportedCount: 0 });

describe('analytics (example 5 of the seed)', () => {
  it('K09: records no prompt, answer, code, path or name that a model made up, and uses names that are valid metrics', async () => {
    const exporter = recording('one');
    const analytics = new AnalyticsCoordinator({ exporters: [exporter] });
    const { orchestrator, cwd } = await scriptedOrchestrator(
      [
        toolCall('Read', { path: 'secret-plan.txt' }),
        toolCall('tell-secret-plan', {}),
        { text: 'the answer is 42-CANARY' },
      ],
      { files: { 'secret-plan.txt': 'FILE-CANARY' }, coordinators: { analytics } },
    );
    await orchestrator.chat('PROMPT-CANARY');
    const result = await analytics.exportAnalytics({ sessionId: orchestrator.sessionId });
    expect(result).toMatchObject({ success: true, exportedCount: exporter.seen.length });
    expect(exporter.seen.length).toBeGreaterThan(4);
    const text = JSON.stringify(exporter.seen);
    for (const canary of ['CANARY', 'secret-plan', cwd]) expect(text).not.toContain(canary);
    for (const { type } of exporter.seen) expect(type).toMatch(/^[a-z_]+$/);
  });

  it('exports in the background after a turn, without being asked', async () => {
    let isOver = false;
    const wereOver: boolean[] = [];
    const exporter = recording('background', () => {
      wereOver.push(isOver);
      return ok();
    });
    const analytics = new AnalyticsCoordinator({ exporters: [exporter] });
    const { orchestrator } = await scriptedOrchestrator([{ text: 'hi' }], { coordinators: { analytics } });
    orchestrator.subscribe(({ type }) => {
      if (type === 'turn-end') isOver = true;
    });
    await orchestrator.chat('hello');
    await expect.poll(() => exporter.seen.map(({ type }) => type)).toContain('turn_end');
    expect(wereOver).toEqual([true]);
  });

  it('gives every exporter every event once, though one is slow and one fails at first', async () => {
    let tries = 0;
    const flaky = recording('flaky', () =>
      ++tries === 1 ? { success: false, exportedCount: 0, error: 'down' } : ok(),
    );
    const slow = recording('slow', () => sleep(50, ok()));
    const fast = recording('fast');
    const analytics = new AnalyticsCoordinator({ exporters: [flaky, slow, fast] });
    const { orchestrator } = await scriptedOrchestrator(() => ({ text: 'hi' }), {
      coordinators: { analytics },
    });
    await orchestrator.chat('one');
    const first = await analytics.exportAnalytics();
    expect(first).toMatchObject({ success: false, exportedCount: 0, error: 'flaky: down' });
    await orchestrator.chat('two');
    const second = await analytics.exportAnalytics();
    expect(second.success).toBe(true);
    const ids = (one: Recording) => one.seen.map(({ id }) => id);
    expect(second.exportedCount).toBe(ids(flaky).length);
    expect(new Set(ids(flaky)).size).toBe(ids(flaky).length);
    expect(ids(slow)).toEqual(ids(flaky));
    expect(ids(fast)).toEqual(ids(flaky));
  });

  it('two exports at once count each event once', async () => {
    const analytics = new AnalyticsCoordinator({ exporters: [recording('slow', () => sleep(30, ok()))] });
    const { orchestrator } = await scriptedOrchestrator([{ text: 'hi' }], { coordinators: { analytics } });
    await orchestrator.chat('hello');
    const [one, two] = await Promise.all([analytics.exportAnalytics(), analytics.exportAnalytics()]);
    const { events } = await analytics.getSessionAnalytics(orchestrator.sessionId);
    expect([one.exportedCount, two.exportedCount]).toEqual([events.length, 0]);
  });

  it('runs exporters at the same time', async () => {
    const running = { now: 0, most: 0 };
    const slow = (name: string) =>
      recording(name, async () => {
        running.most = Math.max(running.most, ++running.now);
        await sleep(30);
        running.now -= 1;
        return ok();
      });
    const analytics = new AnalyticsCoordinator({ exporters: [slow('a'), slow('b'), slow('c')] });
    const { orchestrator } = await scriptedOrchestrator([{ text: 'hi' }], { coordinators: { analytics } });
    await orchestrator.chat('hello');
    await analytics.exportAnalytics();
    expect(running.most).toBe(3);
  });

  it('an exporter that throws or never answers is reported and ends no turn', async () => {
    const throws: AnalyticsExporter = {
      name: 'throws',
      export: () => {
        throw new Error('boom');
      },
    };
    const hangs: AnalyticsExporter = { name: 'hangs', export: () => new Promise(() => {}) };
    const analytics = new AnalyticsCoordinator({ exporters: [throws, hangs], timeoutMs: 20 });
    const { orchestrator } = await scriptedOrchestrator([{ text: 'hi' }, { text: 'hi' }], {
      coordinators: { analytics },
    });
    const failed: string[] = [];
    orchestrator.subscribe((event) => event.type === 'extension-failure' && failed.push(event.failure.name));
    await orchestrator.chat('hello');
    expect((await analytics.exportAnalytics()).success).toBe(false);
    expect(failed.sort()).toEqual(['hangs', 'throws']);
    expect((await orchestrator.chat('again')).content).toBe('hi');
  });

  it('close() delivers what is pending', async () => {
    const exporter = recording('last');
    const analytics = new AnalyticsCoordinator({ exporters: [exporter] });
    const { orchestrator } = await scriptedOrchestrator([{ text: 'hi' }], { coordinators: { analytics } });
    await orchestrator.chat('hello');
    await orchestrator.close();
    expect(exporter.seen.map(({ type }) => type)).toContain('turn_end');
  });

  it('records nothing when it is switched off', async () => {
    const { orchestrator } = await scriptedOrchestrator([{ text: 'hi' }], {
      settings: { analytics: { enabled: false } },
    });
    await orchestrator.chat('hello');
    const { events } = await orchestrator.coordinators.analytics.getSessionAnalytics(orchestrator.sessionId);
    expect(events).toEqual([]);
  });
});
